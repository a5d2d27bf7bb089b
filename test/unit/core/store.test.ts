import { describe, expect, it } from 'vitest';
import { Store } from '../../../main/core/store.ts';
import { patchSessions } from '../../../preload/contract/sessions-patch.ts';
import type { SessionView, StatePatch } from '../../../preload/contract/state.ts';
import { appState, ID, session } from '../../doubles/state.ts';

describe('the store', () => {
  it('tells only the slices that changed, numbered', () => {
    const store = new Store(appState());
    const heard: StatePatch[] = [];
    store.listen((patch) => heard.push(patch));
    store.update((s) => ({ ...s, asleep: true }));
    store.update((s) => ({ ...s, loaded: false, sessions: s.sessions }));
    expect(heard).toEqual([
      { rev: 1, changed: { asleep: true } },
      { rev: 2, changed: { loaded: false } },
    ]);
    expect(store.snapshot.rev).toBe(2);
  });

  it('tells of the sessions only those that changed', () => {
    const [a, b, c] = [1, 2, 3].map((n) => session({ id: ID(n) }));
    if (!a || !b || !c) throw new Error('unreachable');
    const store = new Store(appState({ sessions: [a, b] }));
    const heard: StatePatch[] = [];
    store.listen((patch) => heard.push(patch));
    const renamed = { ...b, name: 'Renamed' };
    store.update((s) => ({ ...s, sessions: [a, renamed] }));
    store.update((s) => ({ ...s, sessions: [c, a, renamed] }));
    store.update((s) => ({ ...s, loaded: false, sessions: [renamed, c] }));
    expect(heard).toEqual([
      { rev: 1, changed: {}, sessions: { changed: [renamed] } },
      { rev: 2, changed: {}, sessions: { changed: [c], order: [c.id, a.id, b.id] } },
      { rev: 3, changed: { loaded: false }, sessions: { changed: [], order: [b.id, c.id] } },
    ]);
    const states = [
      [a, renamed],
      [c, a, renamed],
      [renamed, c],
    ];
    let mirror: readonly SessionView[] = [a, b];
    for (const [n, { sessions = { changed: [] } }] of heard.entries()) {
      mirror = patchSessions(mirror, structuredClone(sessions));
      expect(mirror).toEqual(states[n]);
    }
  });

  it('is silent when nothing changed', () => {
    const store = new Store(appState());
    store.listen(() => expect.unreachable());
    store.update((s) => ({ ...s }));
  });

  it('stops telling who no longer listens', () => {
    const store = new Store(appState());
    store.listen(() => expect.unreachable())();
    store.update((s) => ({ ...s, asleep: true }));
    expect(store.state.asleep).toBe(true);
  });
});
