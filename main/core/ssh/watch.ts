import type { Clock } from '../ports.ts';
import type { Connection } from './dial.ts';
import { answered, check, type Liveness, probe, type Reading, type Verdict } from './liveness.ts';

export interface WatchOptions {
  /** Silence into which the connection is probed; undefined while it is in use. */
  readonly restingMs?: () => number | undefined;
  readonly measured?: (roundTripMs: number) => void;
}

/** Checks a connection that is up until it is stopped, or dead. */
export class Watch {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #dead: () => void;
  readonly #options: WatchOptions;
  #liveness: Liveness = {};
  #dueAt = 0;
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(connection: Connection, clock: Clock, dead: () => void, options: WatchOptions = {}) {
    this.#connection = connection;
    this.#clock = clock;
    this.#dead = dead;
    this.#options = options;
    // From here on its round trip is known.
    this.probe(0);
  }

  /** Probes at once; one that is under way is not begun anew, or it could be put off for ever. */
  probe(graceMs: number): void {
    const { probe: sent } = this.#liveness;
    const reading = this.#reading();
    const underWay = sent?.bytesIn === reading.bytesIn && graceMs === 0;
    if (!this.#stopped && !underWay) this.#follow(probe(this.#liveness, reading, graceMs));
  }

  /** It is used from now on: checks as if it had been used all the time. */
  look(): void {
    if (!this.#stopped) this.#follow(check(this.#liveness, { ...this.#reading(), lateMs: 0 }));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #reading(): Reading {
    const now = this.#clock.now();
    return {
      ...this.#connection.heard(),
      now,
      restingMs: this.#options.restingMs?.(),
      lateMs: now - this.#dueAt,
    };
  }

  #follow({ liveness, act, nextMs }: Verdict): void {
    this.#cancel();
    this.#liveness = liveness;
    if (act === 'dead') {
      this.stop();
      this.#dead();
      return;
    }
    if (act === 'probe') {
      const sentAt = this.#clock.now();
      this.#connection.probe(() => this.#answered(this.#clock.now() - sentAt));
    }
    this.#checkIn(nextMs);
  }

  #answered(ms: number): void {
    if (this.#stopped) return;
    this.#options.measured?.(ms);
    this.#follow(answered(this.#liveness, ms, this.#options.restingMs?.()));
  }

  #checkIn(ms: number): void {
    this.#dueAt = this.#clock.now() + ms;
    this.#cancel = this.#clock.after(ms, () => this.#follow(check(this.#liveness, this.#reading())));
  }
}
