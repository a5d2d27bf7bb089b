/** A stream that keeps less goes on whatever the others keep. */
const FAIR_SHARE = 64 * 1024;

/** Memory that the streams of all sessions share. */
export class Budget {
  readonly #limit: number;
  #used = 0;
  #waiting = new Set<() => void>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get used(): number {
    return this.#used;
  }

  charge(bytes: number): void {
    this.#used += bytes;
    if (this.#used >= this.#limit || this.#waiting.size === 0) return;
    const waiting = this.#waiting;
    this.#waiting = new Set();
    for (const goOn of waiting) goOn();
  }

  /** Whether one that holds `cost` may take more; if not, `goOn` is called when it may be. */
  hasRoom(cost: number, goOn: () => void): boolean {
    if (this.#used < this.#limit || cost < FAIR_SHARE) return true;
    this.#waiting.add(goOn);
    return false;
  }

  forget(goOn: () => void): void {
    this.#waiting.delete(goOn);
  }
}
