import { toProblem } from '../../../preload/contract/errors.ts';
import type { Tool } from '../../../preload/contract/state.ts';
import type { Terminal } from '../terminal.ts';
import type { Saying } from './story.ts';

export interface SpeakerParts {
  readonly terminal: Pick<Terminal, 'print' | 'complain'>;
  /** Where a tool is on this computer, in a line. */
  readonly address: (tool: Tool) => Promise<string>;
  /** It was no longer there when it was to be told. */
  readonly untold: (tool: Tool) => void;
}

/** Prints lines in their order, although some of them have to be asked for. */
export class Speaker {
  readonly #parts: SpeakerParts;
  #printing: Promise<void> = Promise.resolve();
  /** What is to be said once another program has given the terminal back. */
  #held: Saying[] | undefined;

  constructor(parts: SpeakerParts) {
    this.#parts = parts;
  }

  print(...lines: readonly string[]): void {
    this.say(lines.map((line) => ({ line })));
  }

  say(sayings: readonly Saying[]): void {
    if (this.#held) {
      this.#held.push(...sayings);
      return;
    }
    for (const saying of sayings) this.#printing = this.#printing.then(() => this.#tell(saying));
  }

  complain(error: unknown): void {
    const { message, hint } = toProblem(error);
    this.#parts.terminal.complain(hint ? `${message} ${hint}` : message);
  }

  /** Resolves when everything is printed. */
  get silence(): Promise<void> {
    return this.#printing;
  }

  /** Says nothing while `program` has the terminal, and afterwards all of it. */
  async giveWay(program: () => Promise<void>): Promise<void> {
    await this.#printing;
    this.#held = [];
    try {
      await program();
    } finally {
      const held = this.#held;
      this.#held = undefined;
      this.say(held);
    }
  }

  async #tell(saying: Saying): Promise<void> {
    const { terminal, address, untold } = this.#parts;
    if ('line' in saying) return terminal.print(saying.line);
    try {
      terminal.print(await address(saying.address));
    } catch (error) {
      if (toProblem(error).code === 'conflict') untold(saying.address);
      else this.complain(error);
    }
  }
}
