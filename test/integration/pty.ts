/** A command in a terminal of its own, which is driven as a person and a window manager do. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect } from 'vitest';

/** Reads words of JSON, one a line: text to type, `[rows, cols]` for another size, or the number of a signal. */
const DRIVER = `
import fcntl, json, os, select, struct, subprocess, sys, termios
def resize(rows, cols): fcntl.ioctl(master, termios.TIOCSWINSZ, struct.pack('HHHH', rows, cols, 0, 0))
master, slave = os.openpty()
resize(24, 80)
def own():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)
child = subprocess.Popen(sys.argv[1:], stdin=slave, stdout=slave, stderr=slave, preexec_fn=own)
lines = b''
while True:
    over = child.poll() is not None
    ready = select.select([master, 0], [], [], 0.1)[0]
    if master in ready: os.write(1, os.read(master, 65536))
    elif over: break
    if 0 in ready:
        lines += os.read(0, 65536)
        *whole, lines = lines.split(b'\\n')
        for line in whole:
            told = json.loads(line)
            if isinstance(told, str): os.write(master, told.encode())
            elif isinstance(told, list): resize(*told)
            else: child.send_signal(told)
_, output, _, local, *_ = termios.tcgetattr(slave)
cooked = bool(output & termios.OPOST) and all(local & mode for mode in (termios.ECHO, termios.ICANON, termios.ISIG))
print(json.dumps({'code': child.returncode, 'cooked': cooked}), file=sys.stderr)
`;

export interface InTerminal {
  /** What is on the screen, if all of it were still there. */
  printed(): string;
  shows(text: string | RegExp): Promise<void>;
  type(text: string): void;
  resize(rows: number, cols: number): void;
  signal(number: number): void;
  /** Its exit code, and whether the terminal edits lines and echoes keys, as before. */
  readonly ended: Promise<{ readonly code: number; readonly cooked: boolean }>;
}

export function inTerminal(
  argv: readonly string[],
  how: { readonly cwd: string; readonly env: NodeJS.ProcessEnv },
): InTerminal {
  const driver = spawn('python3', ['-c', DRIVER, ...argv], { ...how, stdio: ['pipe', 'pipe', 'pipe'] });
  let printed = '';
  driver.stdout.setEncoding('utf8').on('data', (text: string) => {
    printed += text;
  });
  let last = '';
  createInterface({ input: driver.stderr }).on('line', (line) => {
    last = line;
  });
  const tell = (word: unknown): void => void driver.stdin.write(`${JSON.stringify(word)}\n`);
  return {
    printed: () => printed,
    shows: (text) => expect.poll(() => printed, { timeout: 20_000 }).toMatch(text),
    type: tell,
    resize: (rows, cols) => tell([rows, cols]),
    signal: tell,
    ended: once(driver, 'close').then(() => JSON.parse(last)),
  };
}
