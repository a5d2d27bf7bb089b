import { Transform, type TransformCallback } from 'node:stream';

const TILDE = 0x7e;
const DOT = 0x2e;
const LINE_ENDS = [0x0a, 0x0d];

/**
 * Passes keys on, but for `~.` at the beginning of a line, which leaves, as in ssh: a command that no longer answers
 * does not hear Ctrl-C either. `~~` is one `~`.
 */
export class LeaveKeys extends Transform {
  readonly #leave: () => void;
  /** What was typed last that counts. */
  #after: 'line end' | 'tilde' | 'text' = 'line end';

  constructor(leave: () => void) {
    super();
    this.#leave = leave;
  }

  override _transform(chunk: Buffer, _: BufferEncoding, done: TransformCallback): void {
    done(null, Buffer.from([...chunk].flatMap((key) => this.#passedOn(key))));
  }

  /** What goes on when a key is pressed: nothing yet, the key, or with it the one that was held back. */
  #passedOn(key: number): readonly number[] {
    const before = this.#after;
    if (before === 'line end' && key === TILDE) {
      this.#after = 'tilde';
      return [];
    }
    if (before === 'tilde' && key === DOT) {
      this.#leave();
      return [];
    }
    this.#after = LINE_ENDS.includes(key) ? 'line end' : 'text';
    return before === 'tilde' && key !== TILDE ? [TILDE, key] : [key];
  }
}
