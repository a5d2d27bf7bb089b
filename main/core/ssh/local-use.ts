import type { Socket } from 'node:net';
import type { Clock } from '../ports.ts';

/** What polls comes back within that time, and need not be told of each time. */
const REST_MS = 15_000;

interface Parts {
  readonly clock: Clock;
  /** Told at once when the first connection comes, and a while after the last one has gone. */
  readonly changed: (inUse: boolean) => void;
}

/** Whether local connections of a session are open. */
export class LocalUse {
  readonly #parts: Parts;
  #open = 0;
  #told = false;
  #cancel = (): void => {};

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  add(socket: Pick<Socket, 'once'>): void {
    this.#open++;
    this.#cancel();
    this.#tell(true);
    socket.once('close', () => {
      this.#open--;
      if (this.#open > 0) return;
      this.#cancel();
      this.#cancel = this.#parts.clock.after(REST_MS, () => this.#tell(false));
    });
  }

  stop(): void {
    this.#cancel();
    this.#tell(false);
  }

  #tell(inUse: boolean): void {
    if (inUse === this.#told) return;
    this.#told = inUse;
    this.#parts.changed(inUse);
  }
}
