import { spawnSync } from 'node:child_process';
import type { Size } from '../../core/ssh/remote-shell.ts';

interface Keyboard {
  readonly isTTY?: boolean;
  setRawMode(on: boolean): unknown;
}

interface Output {
  readonly isTTY?: boolean;
  readonly columns?: number;
  readonly rows?: number;
  on(event: 'resize', hear: () => void): unknown;
  off(event: 'resize', hear: () => void): unknown;
}

interface Parts {
  readonly stdin: Keyboard;
  /** The first one that is a terminal tells how large it is. */
  readonly outputs: readonly Output[];
  readonly term: string | undefined;
  /** Has the system print each byte as it is, until raw mode ends. */
  readonly printAsItIs: () => void;
}

/** Where nothing tells how large it is. */
const USUAL: Size = { cols: 80, rows: 24 };

/** The terminal of this process, lent to a command that has one of its own over there. */
export class LocalTerminal {
  /** What it understands. */
  readonly term: string;
  readonly #stdin: Keyboard;
  readonly #screen: Output | undefined;
  readonly #printAsItIs: () => void;
  #takeBack = (): void => {};

  private constructor({ stdin, outputs, term, printAsItIs }: Parts) {
    this.term = term || 'xterm-256color';
    this.#stdin = stdin;
    this.#screen = outputs.find(({ isTTY }) => isTTY);
    this.#printAsItIs = printAsItIs;
  }

  /** Undefined where nobody types. */
  static of(parts: Parts): LocalTerminal | undefined {
    return parts.stdin.isTTY ? new LocalTerminal(parts) : undefined;
  }

  get size(): Size {
    const { columns, rows } = this.#screen ?? {};
    return columns && rows ? { cols: columns, rows } : USUAL;
  }

  /** From now on each key is passed on as it is, Ctrl-C too. */
  lend(resized: (size: Size) => void): void {
    const tell = (): void => resized(this.size);
    this.#screen?.on('resize', tell);
    this.#stdin.setRawMode(true);
    this.#printAsItIs();
    this.#takeBack = () => {
      this.#takeBack = () => {};
      this.#screen?.off('resize', tell);
      try {
        this.#stdin.setRawMode(false);
      } catch {
        // It was closed.
      }
    };
  }

  /** It is as it was; so it is at the end of this process in any case, but for one that is killed with SIGKILL. */
  takeBack(): void {
    this.#takeBack();
  }
}

/**
 * Raw mode as Node has it still turns each line feed into two characters, which programs use to go straight down. What
 * ends raw mode ends this, too.
 */
export function printAsItIs(): void {
  if (process.platform !== 'win32') spawnSync('stty', ['-opost'], { stdio: ['inherit', 'ignore', 'ignore'] });
}
