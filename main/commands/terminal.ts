import { spawnSync } from 'node:child_process';
import { createInterface, type Interface } from 'node:readline';

/** Where a command was typed: what it prints, asks and hears. */
export interface Terminal {
  /** Somebody reads what is printed and can answer. */
  readonly canAsk: boolean;
  /** Somebody can type commands. */
  readonly canType: boolean;
  /** Undefined where the output is not a terminal: nothing is cut there. */
  readonly columns: number | undefined;
  print(line: string): void;
  complain(line: string): void;
  /** What is answered, trimmed; undefined at the end of the input. */
  ask(question: string): Promise<string | undefined>;
  /** Hears each line that nobody asked for. */
  hear(line: (text: string) => void): void;
  /** Leaves the keyboard to another program for as long as it runs. */
  lend<T>(to: () => Promise<T>): Promise<T>;
  close(): void;
}

/** Whether the terminal of this process listens to it and not to another one. */
function isInForeground(): boolean {
  if (process.platform === 'win32') return true;
  const { stdout } = spawnSync('ps', ['-o', 'pgid=,tpgid=', '-p', String(process.pid)], { encoding: 'utf8' });
  const [group, foreground] = stdout?.trim().split(/\s+/) ?? [];
  return foreground === undefined || group === foreground;
}

/** What comes from a server must not move the cursor, colour the screen or turn the direction of writing. */
export const plain = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is removed
  text.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069]+/g, ' ');

/**
 * The terminal of this process. Only where somebody can type, its input is read at all: a shell's job in the background
 * (`&`) would be stopped for that.
 */
export function systemTerminal(
  input: NodeJS.ReadStream = process.stdin,
  output: NodeJS.WriteStream = process.stdout,
  errors: NodeJS.WriteStream = process.stderr,
  inForeground: () => boolean = isInForeground,
): Terminal {
  const canType = input.isTTY === true && inForeground();
  const waiting: ((answer: string | undefined) => void)[] = [];
  let hearing = (_: string): void => {};
  let reader: Interface | undefined;
  let ended = false;

  // Who has read enough (`| head`), or a terminal that was closed, is no reason to crash.
  for (const stream of [output, errors]) stream.on('error', () => {});

  const open = (): void => {
    if (!canType || reader || ended) return;
    // Without `terminal`, the system itself edits the line, and Ctrl-C stays a signal.
    const opened = createInterface({ input, terminal: false });
    reader = opened;
    opened.on('line', (text) => {
      const answer = waiting.shift();
      if (answer) answer(text.trim());
      else hearing(text.trim());
    });
    opened.on('close', () => {
      // Closed by itself: the person has typed Ctrl-D.
      if (reader === opened) {
        ended = true;
        reader = undefined;
      }
      for (const answer of waiting.splice(0)) answer(undefined);
    });
  };
  const close = (): void => {
    const closing = reader;
    reader = undefined;
    closing?.close();
    if (canType) input.pause();
  };

  return {
    canAsk: canType && output.isTTY === true,
    canType,
    get columns() {
      return output.isTTY ? output.columns : undefined;
    },
    print(line) {
      output.write(`${plain(line)}\n`);
    },
    complain(line) {
      errors.write(`${plain(line)}\n`);
    },
    ask(question) {
      open();
      if (!reader) return Promise.resolve(undefined);
      output.write(`${plain(question)} `);
      return new Promise((resolve) => waiting.push(resolve));
    },
    hear(line) {
      hearing = line;
      open();
    },
    async lend(to) {
      close();
      try {
        return await to();
      } finally {
        open();
      }
    },
    close,
  };
}
