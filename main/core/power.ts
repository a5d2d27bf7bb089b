import type { Clock, Log } from './ports.ts';
import type { Poller } from './session/poller.ts';
import type { Sessions } from './session/sessions.ts';
import type { Store } from './store.ts';

/** How long a simulated sleep lasts. */
export const NAP_MS = 10_000;
/** A network that has just come has no route or name server yet. */
const ROUTE_MS = 1000;

export interface PowerParts {
  readonly store: Store;
  readonly sessions: Pick<Sessions, 'sleep' | 'wake' | 'networkChanged'>;
  readonly poller: Pick<Poller, 'pause' | 'resume'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** What the app does when the computer sleeps, wakes, or comes into another network. Each may be told twice. */
export class Power {
  readonly #parts: PowerParts;
  #cancelNap: (() => void) | undefined;
  #cancelLook = (): void => {};

  constructor(parts: PowerParts) {
    this.#parts = parts;
  }

  asleep(): void {
    const { store, sessions, poller, log } = this.#parts;
    log.write('info', 'The computer goes to sleep');
    store.update((s) => ({ ...s, asleep: true }));
    poller.pause();
    sessions.sleep();
  }

  awake(): void {
    const { store, sessions, poller, log } = this.#parts;
    this.#endNap();
    log.write('info', 'The computer is awake');
    store.update((s) => ({ ...s, asleep: false }));
    sessions.wake();
    poller.resume();
  }

  /** A server that could not be reached is asked again, once there may be a route to it. */
  networkChanged(): void {
    const { store, sessions, poller, clock } = this.#parts;
    sessions.networkChanged();
    this.#cancelLook();
    this.#cancelLook = clock.after(ROUTE_MS, () => {
      const { server, asleep } = store.state;
      if (server.at === 'offline' && !asleep) poller.resume();
    });
  }

  /** For developers and in the demo: as if the lid was closed for a while. */
  simulateSuspend(): void {
    if (this.#cancelNap) return;
    this.#cancelNap = this.#parts.clock.after(NAP_MS, () => this.awake());
    this.asleep();
  }

  stop(): void {
    this.#endNap();
    this.#cancelLook();
  }

  #endNap(): void {
    this.#cancelNap?.();
    this.#cancelNap = undefined;
  }
}
