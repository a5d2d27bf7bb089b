import { describe, expect, it, vi } from 'vitest';
import type { Reply } from '../../../preload/contract/wire.ts';
import { makeClient } from '../../../renderer/client.ts';
import { makeStore } from '../../../renderer/store.ts';
import { appState, ID, session } from '../../doubles/state.ts';
import { FakeWire, LossyWire } from './fake-wire.ts';

const start = (wire: FakeWire) => makeStore(makeClient(wire), wire);

async function live(wire = new FakeWire().holds(appState({ sessions: [session()] }), 5)) {
  const store = start(wire);
  await vi.waitUntil(() => store.mirror.value.at === 'live');
  return { store, wire };
}

describe('the mirror of the state', () => {
  it('loads until the first snapshot is there', async () => {
    const { store } = await live();
    expect(store.sessions.value).toEqual([session()]);
    expect(store.loaded.value).toBe(true);
  });

  it('applies the next patch without asking again', async () => {
    const { store, wire } = await live();
    wire.tell('state.patch', { rev: 6, changed: { loaded: false } });
    expect(store.loaded.value).toBe(false);
    expect(wire.asked('state.get')).toHaveLength(1);
  });

  it('keeps the identity of sessions that a patch did not change', async () => {
    const { store, wire } = await live();
    const before = store.sessions.value[0];
    wire.tellSessions(6, [session({ id: ID(2) }), session()]);
    expect(store.sessions.value[1]).toBe(before);
    const changed = [session({ id: ID(2), name: 'Renamed' })];
    wire.tell('state.patch', { rev: 7, changed: {}, sessions: { changed } });
    expect(store.sessions.value.map((s) => s.name)).toEqual(['Renamed', session().name]);
    expect(store.sessions.value[1]).toBe(before);
  });

  it('asks for everything when a patch was missed, and ignores old ones', async () => {
    const { store, wire } = await live();
    wire.tell('state.patch', { rev: 5, changed: { loaded: false } });
    expect(store.loaded.value).toBe(true);
    wire.holds(appState({ asleep: true }), 9);
    wire.tell('state.patch', { rev: 8, changed: { loaded: false } });
    expect(store.loaded.value).toBe(true);
    await vi.waitUntil(() => store.asleep.value);
    wire.tell('state.patch', { rev: 10, changed: { asleep: false } });
    expect(store.asleep.value).toBe(false);
    expect(wire.asked('state.get')).toHaveLength(2);
  });

  it('applies patches that overtook the snapshot, and drops those it holds already', async () => {
    let answer: (reply: Reply) => void = () => {};
    const wire = new FakeWire().answerLater(
      'state.get',
      new Promise((resolve) => {
        answer = resolve;
      }),
    );
    const store = start(wire);
    wire.tell('state.patch', { rev: 3, changed: { loaded: false } });
    wire.tell('state.patch', { rev: 4, changed: { asleep: true } });
    answer({ ok: true, value: { rev: 3, state: appState() } });
    await vi.waitUntil(() => store.asleep.value);
    expect(store.loaded.value).toBe(true);
    expect(wire.asked('state.get')).toHaveLength(1);
  });

  it('says so when main refuses, and recovers on demand', async () => {
    const problem = { code: 'bug', message: 'Something went wrong.' } as const;
    const wire = new FakeWire().refuse('state.get', problem);
    const store = start(wire);
    await vi.waitUntil(() => store.mirror.value.at === 'failed');
    expect(store.mirror.value).toEqual({ at: 'failed', problem });
    wire.holds(appState());
    await store.reload();
    expect(store.mirror.value.at).toBe('live');
  });
});

describe('the mirror over a wire that can be lost', () => {
  it('asks when the wire comes up, and takes a restarted main whose revisions begin anew', async () => {
    const wire = new LossyWire();
    wire.holds(appState({ sessions: [session()] }), 40);
    const store = start(wire);
    expect(store.mirror.value).toEqual({ at: 'loading' });
    expect(wire.calls).toEqual([]);
    wire.setLink(true);
    await vi.waitUntil(() => store.mirror.value.at === 'live');

    wire.setLink(false);
    expect(store.mirror.value).toEqual({ at: 'lost', known: true });
    expect(store.sessions.value).toHaveLength(1);

    wire.holds(appState(), 1);
    wire.setLink(true);
    await vi.waitUntil(() => store.mirror.value.at === 'live');
    expect(store.sessions.value).toEqual([]);
    wire.tell('state.patch', { rev: 2, changed: { asleep: true } });
    expect(store.asleep.value).toBe(true);
  });

  it('knows nothing to show when main was never there', () => {
    const wire = new LossyWire();
    const store = start(wire);
    wire.setLink(false);
    expect(store.mirror.value).toEqual({ at: 'lost', known: false });
  });
});
