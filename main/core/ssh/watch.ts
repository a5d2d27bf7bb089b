import type { Clock } from '../ports.ts';
import type { Connection } from './dial.ts';
import { answered, check, IDLE, type Liveness, probe, type Reading, type Verdict } from './liveness.ts';

/** Checks a connection that is up until it is stopped, or dead. */
export class Watch {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #dead: () => void;
  #liveness: Liveness = IDLE;
  #dueAt = 0;
  #cancel: () => void = () => {};
  #stopped = false;

  constructor(connection: Connection, clock: Clock, dead: () => void) {
    this.#connection = connection;
    this.#clock = clock;
    this.#dead = dead;
    this.#follow(check(this.#liveness, this.#reading()));
  }

  /** Probes at once; one that is under way is not begun anew, or it could be put off for ever. */
  probe(graceMs: number): void {
    const underWay = this.#liveness.mode === 'probing' && graceMs === 0;
    if (!this.#stopped && !underWay) this.#follow(probe(this.#liveness, this.#reading(), graceMs));
  }

  stop(): void {
    this.#stopped = true;
    this.#cancel();
  }

  #reading(): Reading {
    const { bytesIn, bytesOut } = this.#connection.bytes();
    return { bytesIn, bytesOut, lateMs: this.#clock.now() - this.#dueAt };
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
      this.#connection.probe(() => {
        this.#liveness = answered(this.#liveness, this.#clock.now() - sentAt);
      });
    }
    this.#dueAt = this.#clock.now() + nextMs;
    this.#cancel = this.#clock.after(nextMs, () => this.#follow(check(this.#liveness, this.#reading())));
  }
}
