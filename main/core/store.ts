import { sessionsPatch } from '../../preload/contract/sessions-patch.ts';
import type { AppState, StatePatch } from '../../preload/contract/state.ts';

type Listener = (patch: StatePatch, after: AppState, before: AppState) => void;

/** Holds the one AppState and tells who listens what changed. */
export class Store {
  #state: AppState;
  #rev = 0;
  readonly #listeners = new Set<Listener>();

  constructor(initial: AppState) {
    this.#state = initial;
  }

  get state(): AppState {
    return this.#state;
  }

  get snapshot(): { rev: number; state: AppState } {
    return { rev: this.#rev, state: this.#state };
  }

  update(change: (state: AppState) => AppState): void {
    const before = this.#state;
    const after = change(before);
    const keys = (Object.keys(after) as (keyof AppState)[]).filter((k) => after[k] !== before[k]);
    if (keys.length === 0) return;
    this.#state = after;
    const patch = patchOf(++this.#rev, before, after, keys);
    for (const tell of this.#listeners) tell(patch, after, before);
  }

  listen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}

function patchOf(
  rev: number,
  before: AppState,
  after: AppState,
  keys: readonly (keyof AppState)[],
): StatePatch {
  const slices = keys.filter((key) => key !== 'sessions');
  const changed: StatePatch['changed'] = Object.fromEntries(slices.map((key) => [key, after[key]]));
  if (slices.length === keys.length) return { rev, changed };
  return { rev, changed, sessions: sessionsPatch(before.sessions, after.sessions) };
}
