import type { Clock } from '../ports.ts';
import type { Connection, DialFailure, DialHooks } from './dial.ts';
import { Watch } from './watch.ts';

/** After the link is up: its own beginnings come first. */
const BEGIN_MS = 2000;
/** After one that failed or broke. */
const AGAIN_MS = 30_000;

export interface StandbyOptions {
  readonly dial: (hooks: DialHooks) => Connection;
  readonly hangUp: (connection: Connection) => void;
  /** One is there. */
  readonly ready: (connection: Connection) => void;
  /** It failed or broke, or answered no more. */
  readonly lost: () => void;
  readonly clock: Clock;
}

/** One that is up, and whom it tells from now on that it is lost. */
export interface Spare {
  readonly connection: Connection;
  lost: (failure: DialFailure) => void;
}

/** A second connection, kept for the moment when the first one breaks. */
export class Standby {
  readonly #options: StandbyOptions;
  #spare: Spare | undefined;
  #isUp = false;
  #watch: Watch | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: StandbyOptions) {
    this.#options = options;
  }

  /** Has one dialled soon, unless there is one. */
  begin(): void {
    if (!this.#spare) this.#cancel ??= this.#options.clock.after(BEGIN_MS, () => this.#dial());
  }

  /** The one that is up, for good. */
  take(): Spare | undefined {
    const spare = this.#isUp ? this.#spare : undefined;
    if (spare) this.#forget();
    return spare;
  }

  drop(): void {
    const spare = this.#spare;
    this.#forget();
    if (spare) this.#options.hangUp(spare.connection);
  }

  #dial(): void {
    const lost = (): void => {
      this.#options.lost();
      this.drop();
      this.#cancel = this.#options.clock.after(AGAIN_MS, () => this.#dial());
    };
    const connection = this.#options.dial({
      up: () => {
        this.#isUp = true;
        this.#watch = new Watch(connection, this.#options.clock, lost);
        this.#options.ready(connection);
      },
      lost: (failure) => spare.lost(failure),
      // The first connection has made the key known.
      firstUse: () => {},
    });
    const spare: Spare = { connection, lost };
    this.#spare = spare;
  }

  #forget(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#watch?.stop();
    this.#watch = undefined;
    this.#spare = undefined;
    this.#isUp = false;
  }
}
