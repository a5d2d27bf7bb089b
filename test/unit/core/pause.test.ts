import { expect, it } from 'vitest';
import { Pause } from '../../../main/core/pause.ts';
import { Store } from '../../../main/core/store.ts';
import type { SessionView } from '../../../preload/contract/state.ts';
import { appState, ID, session } from '../../doubles/state.ts';

it('pauses what is connected, and resumes just that, unless it has ended meanwhile', async () => {
  const mine = session();
  const other = session({ id: ID(2) });
  const off = session({ id: ID(3), link: { at: 'off' } });
  const store = new Store(appState({ sessions: [mine, other, off] }));
  const change = (id: string, different: Partial<SessionView>): void =>
    store.update((s) => ({
      ...s,
      sessions: s.sessions.map((x) => (x.id === id ? { ...x, ...different } : x)),
    }));
  const connected: string[] = [];
  const pause = new Pause({
    store,
    sessions: {
      connect: (id) => connected.push(id),
      disconnect: async (id) => change(id, { link: { at: 'off' } }),
    },
  });
  await pause.pauseAll();
  expect(store.state.paused).toEqual([ID(1), ID(2)]);
  // Twice is once.
  await pause.pauseAll();
  expect(store.state.paused).toEqual([ID(1), ID(2)]);
  change(ID(2), { status: 'finished' });
  pause.resumeAll();
  expect(connected).toEqual([ID(1)]);
  expect(store.state.paused).toEqual([]);
});
