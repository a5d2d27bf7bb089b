import type { SessionId } from '../../preload/contract/state.ts';
import type { Host } from './ports.ts';

interface Parts {
  readonly host: Pick<Host, 'show'>;
  /** A page that is open already should ask for them. */
  readonly tell: () => void;
}

/**
 * Shells that are wanted in the built-in terminal from outside of a page. They wait until one asks, since it may have
 * to be opened first.
 */
export class WantedShells {
  readonly #parts: Parts;
  #wanted: readonly SessionId[] = [];

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  want(id: SessionId): void {
    this.#wanted = [...this.#wanted, id];
    this.#parts.host.show('terminal');
    this.#parts.tell();
  }

  /** Hands them out once. */
  take(): readonly SessionId[] {
    const wanted = this.#wanted;
    this.#wanted = [];
    return wanted;
  }
}
