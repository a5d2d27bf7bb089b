import { OPENED_WINDOW, windowFor } from '../ssh/channel-window.ts';

/** A rate is that of so long at least; a stream that rested for longer than that begins anew. */
const LAP_MS = 50;
const REST_MS = 1000;
/** The relay takes so long to confirm a little. */
const CONFIRM_MS = 20;

/**
 * How much of a stream may be under way to the relay. The server's window alone lets so much wait before a slow link
 * that a keystroke comes a second late.
 */
export class SendPace {
  readonly #roundTripMs: () => number;
  #window = OPENED_WINDOW;
  #lap: { readonly at: number; readonly acked: number } | undefined;
  #laps = 0;
  #lastAt = 0;

  constructor(roundTripMs: () => number) {
    this.#roundTripMs = roundTripMs;
  }

  /** In bytes. */
  get window(): number {
    return this.#window;
  }

  /** The relay has confirmed all before `offset`. */
  acked(offset: number): void {
    const now = performance.now();
    if (!this.#lap || now - this.#lastAt > REST_MS) {
      this.#window = OPENED_WINDOW;
      this.#lap = { at: now, acked: offset };
    }
    this.#lastAt = now;
    const ms = now - this.#lap.at;
    const trip = this.#roundTripMs() + CONFIRM_MS;
    if (ms < Math.max(trip, LAP_MS)) return;
    this.#window = windowFor((offset - this.#lap.acked) / ms, trip, this.#laps++);
    this.#lap = { at: now, acked: offset };
  }
}
