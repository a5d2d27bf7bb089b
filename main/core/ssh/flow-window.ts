/** What may be under way on a channel that was just opened; ssh2 has it as a constant. */
export const OPENED_WINDOW = 2 * 1024 * 1024;
/** The most of it: 100 ms at 160 MiB/s. */
export const MAX_WINDOW = 16 * 1024 * 1024;
/** The least of it: a few packets of SSH. */
export const MIN_WINDOW = 64 * 1024;
/** So many round trips' worth of a stream may be under way: one is, and with the others it gets faster. */
const ROUND_TRIPS = 2;
/** And so long on top where that is more, but no more than it was opened with: for the turns of both ends. */
const QUEUE_MS = 30;
/** Each so many-th time it is twice of that: where it is the turns that are slow, the stream then shows what it can. */
const TRY_MORE_EVERY = 8;
/** A lap is no shorter than that, however near the other end is. */
const LAP_MS = 50;
/** Where nothing moved for so long, a lap would tell of the rest. */
const REST_MS = 1000;

/**
 * How much of one direction of a stream may be under way, by what moves in a lap, which is a round trip or a little
 * more: enough that the link is never idle, and no more, since a keystroke has to wait behind it.
 */
export class FlowWindow {
  readonly #roundTripMs: () => number;
  readonly #afterRest: 'as it was' | 'as opened';
  #bytes = OPENED_WINDOW;
  #lap = { at: 0, bytes: 0 };
  #laps = 0;
  #movedAt = Number.NEGATIVE_INFINITY;

  constructor(roundTripMs: () => number, afterRest: 'as it was' | 'as opened') {
    this.#roundTripMs = roundTripMs;
    this.#afterRest = afterRest;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** So many bytes more have arrived. The first ones after a rest tell nothing of how fast it is. */
  moved(bytes: number): void {
    const now = performance.now();
    const hasRested = now - this.#movedAt > REST_MS;
    this.#movedAt = now;
    if (hasRested) {
      this.#lap = { at: now, bytes: 0 };
      if (this.#afterRest === 'as opened') this.#bytes = OPENED_WINDOW;
      return;
    }
    this.#lap.bytes += bytes;
    const ms = now - this.#lap.at;
    const tripMs = this.#roundTripMs();
    if (ms < Math.max(tripMs, LAP_MS)) return;
    this.#bytes = windowFor(this.#lap.bytes / ms, tripMs, this.#laps++);
    this.#lap = { at: now, bytes: 0 };
  }
}

/** For so many bytes in a ms, after so many laps. */
function windowFor(rate: number, roundTripMs: number, laps: number): number {
  const tries = laps % TRY_MORE_EVERY === TRY_MORE_EVERY - 1 ? 2 : 1;
  const queued = Math.min(tries * rate * (roundTripMs + QUEUE_MS), OPENED_WINDOW);
  const wanted = Math.max(ROUND_TRIPS * rate * roundTripMs, queued);
  return Math.floor(Math.max(MIN_WINDOW, Math.min(wanted, MAX_WINDOW)));
}
