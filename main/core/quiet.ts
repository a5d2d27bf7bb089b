import type { Clock, Settings } from './ports.ts';
import type { Store } from './store.ts';

const HOUR_MS = 3_600_000;
const MORNING = 8;
/** Who is up in the night means the morning after the next sleep. */
const NIGHT_MS = 4 * HOUR_MS;

export type QuietFor = 'hour' | 'tomorrow';

/** When a quiet that begins now is over. Epoch ms. */
export function quietUntil(how: QuietFor, now: number): number {
  if (how === 'hour') return now + HOUR_MS;
  const morning = new Date(now);
  morning.setHours(MORNING, 0, 0, 0);
  if (morning.getTime() - now < NIGHT_MS) morning.setDate(morning.getDate() + 1);
  return morning.getTime();
}

interface Parts {
  readonly store: Store;
  readonly settings: Settings;
  readonly clock: Clock;
}

/** A time without notifications that the person has asked for; it outlives a restart. */
export class Quiet {
  readonly #parts: Parts;
  #cancel = (): void => {};

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Goes on with what an earlier run has begun. */
  start(): void {
    this.#wait();
  }

  stop(): void {
    this.#cancel();
  }

  begin(how: QuietFor): void {
    this.#set(quietUntil(how, this.#parts.clock.now()));
    this.#wait();
  }

  end(): void {
    this.#cancel();
    this.#set(null);
  }

  #wait(): void {
    const { store, clock } = this.#parts;
    this.#cancel();
    const until = store.state.quietUntil;
    if (until === null) return;
    // Over time zones and sleep the clock decides, not the timer.
    const left = until - clock.now();
    if (left <= 0) this.end();
    else this.#cancel = clock.after(Math.min(left, HOUR_MS), () => this.#wait());
  }

  #set(until: number | null): void {
    const { store, settings } = this.#parts;
    settings.set('quietUntil', until);
    store.update((s) => ({ ...s, quietUntil: until }));
  }
}
