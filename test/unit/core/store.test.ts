import { describe, expect, it } from 'vitest';
import { Store } from '../../../main/core/store.ts';
import type { StatePatch } from '../../../preload/contract/state.ts';
import { appState } from '../../doubles/state.ts';

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
