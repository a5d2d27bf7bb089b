import { canDisconnect, resumable, type SessionId } from '../../preload/contract/state.ts';
import type { Sessions } from './session/sessions.ts';
import type { Store } from './store.ts';

interface Parts {
  readonly store: Store;
  readonly sessions: Pick<Sessions, 'connect' | 'disconnect'>;
}

/** Disconnects every session at once, and later connects just those again, on the same local ports. */
export class Pause {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  async pauseAll(): Promise<void> {
    const { store, sessions } = this.#parts;
    const ids = store.state.sessions.filter(canDisconnect).map((s) => s.id);
    await Promise.all(ids.map((id) => sessions.disconnect(id)));
    this.#set([...new Set([...store.state.paused, ...ids])]);
  }

  resumeAll(): void {
    const { store, sessions } = this.#parts;
    const waiting = resumable(store.state.sessions, store.state.paused);
    this.#set([]);
    for (const { id } of waiting) sessions.connect(id);
  }

  #set(paused: readonly SessionId[]): void {
    this.#parts.store.update((s) => ({ ...s, paused }));
  }
}
