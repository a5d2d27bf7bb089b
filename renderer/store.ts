import { batch, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import { BLANK_STATE } from '../preload/contract/blank-state.ts';
import { type Problem, toProblem } from '../preload/contract/errors.ts';
import { patchSessions } from '../preload/contract/sessions-patch.ts';
import type { AppState, StatePatch } from '../preload/contract/state.ts';
import type { Wire } from '../preload/contract/wire.ts';
import type { Client } from './client.ts';
import { share } from './share.ts';

/** How well the mirror reflects main. */
export type Mirror =
  /** Nothing was heard yet; the slices hold blanks. */
  | { readonly at: 'loading' }
  | { readonly at: 'live' }
  /** Main is gone; the slices hold what was last heard. */
  | { readonly at: 'lost'; readonly known: boolean }
  | { readonly at: 'failed'; readonly problem: Problem };

type Slices = { readonly [K in keyof AppState]: ReadonlySignal<AppState[K]> };

/** Main's AppState as a signal for each slice. The page changes nothing in it; it calls main. */
export interface Store extends Slices {
  readonly mirror: ReadonlySignal<Mirror>;
  /** Asks main for everything again. */
  reload(): Promise<void>;
}

export function makeStore(client: Client, wire: Wire): Store {
  const slices = Object.fromEntries(Object.entries(BLANK_STATE).map(([k, v]) => [k, signal<unknown>(v)])) as {
    [K in keyof AppState]: Signal<AppState[K]>;
  };
  const mirror = signal<Mirror>({ at: 'loading' });
  let known = false;
  let rev = 0;
  /** Patches that came while a snapshot was on its way; null when none is. */
  let early: StatePatch[] | null = null;

  function take(changed: Partial<AppState>): void {
    batch(() => {
      for (const [key, value] of Object.entries(changed)) {
        const slice = slices[key as keyof AppState] as Signal<unknown> | undefined;
        if (slice) slice.value = share(slice.peek(), value);
      }
    });
  }

  function hear(patch: StatePatch): void {
    if (early) {
      early.push(patch);
    } else if (patch.rev === rev + 1) {
      rev = patch.rev;
      const sessions = patch.sessions && patchSessions(slices.sessions.peek(), patch.sessions);
      take({ ...patch.changed, ...(sessions ? { sessions } : {}) });
    } else if (patch.rev > rev) {
      void reload();
    }
  }

  async function reload(): Promise<void> {
    if (early) return;
    early = [];
    try {
      const snapshot = await client.call('state.get');
      rev = snapshot.rev;
      batch(() => {
        take(snapshot.state);
        known = true;
        mirror.value = { at: 'live' };
      });
    } catch (error) {
      // A lost wire says so itself, through onLink.
      if (mirror.peek().at !== 'lost') mirror.value = { at: 'failed', problem: toProblem(error) };
    }
    const waiting: StatePatch[] = early;
    early = null;
    for (const patch of waiting) hear(patch);
  }

  client.on('state.patch', (patch) => {
    // Patches before the first snapshot belong to nothing.
    if (known || early) hear(patch);
  });
  if (wire.onLink) {
    let first = true;
    wire.onLink((up) => {
      if (up) void reload();
      else if (!first) mirror.value = { at: 'lost', known };
      first = false;
    });
  } else {
    void reload();
  }
  return { ...slices, mirror, reload };
}
