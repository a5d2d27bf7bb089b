import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecrets } from '../../../../main/core/memory-secrets.ts';
import { Poller } from '../../../../main/core/session/poller.ts';
import { Sessions } from '../../../../main/core/session/sessions.ts';
import type { Tunnels } from '../../../../main/core/ssh/tunnels.ts';
import { Store } from '../../../../main/core/store.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { memorySettings } from '../../../doubles/host.ts';
import { makeLauncher } from '../../../doubles/launcher.ts';
import { silentLog } from '../../../doubles/log.ts';
import { appState, ID } from '../../../doubles/state.ts';
import { FakeClearml } from '../../clearml/fake-clearml.ts';
import { task } from '../../clearml/tasks.ts';

describe('the poll', () => {
  let api: FakeClearml;
  let clock: HandClock;
  let said: string[];
  let sessions: Sessions;
  let poller: Poller;
  let looked: (readonly [string, boolean | undefined])[];
  const idleGuard = {
    toLookAt: [] as string[],
    looked: (busy: ReadonlyMap<string, boolean | undefined>) => void looked.push(...busy),
  };
  beforeEach(async () => {
    api = await new FakeClearml().start();
    api.answers['users.get_current_user'] = () => ({ user: { id: 'me', name: 'Grace' } });
    clock = new HandClock();
    said = [];
    looked = [];
    idleGuard.toLookAt = [];
    const store = new Store(appState());
    sessions = new Sessions({
      store,
      settings: memorySettings(),
      launcher: makeLauncher(store, clock),
      secrets: new MemorySecrets('memory'),
      clock,
      log: silentLog,
      makeTunnels: () => ({}) as Tunnels,
      pollNow: () => poller.now(),
      finishedRead: () => {},
      useChanged: () => {},
    });
    const server = { online: () => said.push('online'), offline: () => said.push('offline') };
    poller = new Poller({ sessions, server, idleGuard, clock, log: silentLog });
  });
  afterEach(async () => {
    poller.stop();
    await api.close();
  });

  const lists = (): number => api.endpoints.filter((e) => e === 'tasks.get_all_ex').length;
  const answered = (count: number): Promise<void> => expect.poll(lists).toBe(count);
  const start = async (): Promise<void> => {
    poller.start(api.client());
    // The living and the finished.
    await answered(2);
    await expect.poll(() => clock.pending).toBe(1);
  };

  it('stops while the computer sleeps, and catches up at once', async () => {
    await start();
    poller.pause();
    clock.advance(3_600_000);
    expect(lists()).toBe(2);
    poller.resume();
    await answered(4);
  });

  it('does not wait for an answer that the sleep has cut off', async () => {
    await start();
    api.fault = () => 'hang';
    poller.now();
    await answered(3);
    poller.pause();
    api.fault = () => undefined;
    poller.resume();
    await answered(5);
    expect(said).not.toContain('offline');
  });

  it('goes on at once when the clock was set back by a day', async () => {
    await start();
    clock.set(-86_400_000);
    poller.resume();
    await answered(4);
    await expect.poll(() => clock.pending).toBe(1);
    clock.advance(20_000);
    await answered(5);
  });

  it('does not ask for a session that was launched while the list was read', async () => {
    await start();
    api.asked = () => sessions.apply([task({ id: ID(1), user: 'me', status: 'queued' })]);
    poller.now();
    await answered(3);
    await expect.poll(() => clock.pending).toBe(1);
    clock.advance(0);
    expect(api.calls.at(-1)?.body).not.toHaveProperty('id');
    // Not in the next list either: that one was read after it.
    api.asked = () => {};
    poller.now();
    await answered(4);
    await expect.poll(() => clock.pending).toBe(1);
    clock.advance(0);
    await answered(5);
    expect(api.calls.at(-1)?.body).toMatchObject({ id: [ID(1)] });
  });

  it('asks what the machines of idle sessions do', async () => {
    const gpu = { m: { v: { metric: ':monitor:gpu', variant: 'gpu_0_utilization', value: 97 } } };
    const own = { status: 'in_progress', user: 'me', system_tags: ['interactive'] };
    api.tasks.set(ID(1), { ...own, id: ID(1), last_metrics: gpu });
    api.tasks.set(ID(2), { ...own, id: ID(2) });
    await start();
    idleGuard.toLookAt = [ID(1), ID(2)];
    clock.advance(20_000);
    await answered(3);
    await expect.poll(() => clock.pending).toBe(1);
    clock.advance(40_000);
    await expect
      .poll(() => looked)
      .toEqual([
        [ID(1), true],
        [ID(2), undefined],
      ]);
    const body = api.calls.map((call) => call.body).find((b) => 'id' in b);
    expect(body).toMatchObject({ id: [ID(1), ID(2)], only_fields: ['last_metrics'] });
  });

  it('does not call the server away because it refuses a part', async () => {
    api.tasks.set(ID(1), {
      id: ID(1),
      status: 'queued',
      user: 'me',
      system_tags: ['interactive'],
      execution: { queue: ID(9) },
    });
    await start();
    clock.advance(20_000);
    await expect.poll(() => api.endpoints.includes('queues.get_all_ex')).toBe(true);
    await expect.poll(() => clock.pending).toBe(1);
    expect(said).not.toContain('offline');
  });
});
