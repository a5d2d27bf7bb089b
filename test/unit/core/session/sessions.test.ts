import { beforeEach, describe, expect, it } from 'vitest';
import { ApiClient } from '../../../../main/core/clearml/client.ts';
import type { ServerConfig } from '../../../../main/core/clearml/config.ts';
import { MemorySecrets } from '../../../../main/core/memory-secrets.ts';
import { type Memory, memoryOf } from '../../../../main/core/session/memory.ts';
import { Sessions } from '../../../../main/core/session/sessions.ts';
import type { Tunnels } from '../../../../main/core/ssh/tunnels.ts';
import { Store } from '../../../../main/core/store.ts';
import { DEFAULTS } from '../../../../preload/contract/options.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { memorySettings } from '../../../doubles/host.ts';
import { makeLauncher } from '../../../doubles/launcher.ts';
import { silentLog } from '../../../doubles/log.ts';
import { appState, ID } from '../../../doubles/state.ts';
import { FakeClearml } from '../../clearml/fake-clearml.ts';
import { task } from '../../clearml/tasks.ts';

const CONFIG: ServerConfig = {
  api: 'http://127.0.0.1:1',
  web: '',
  files: '',
  accessKey: 'a',
  secretKey: 'b',
  verify: true,
  source: 'file',
};
const LAUNCH = 'a1b2c3d4e5f60718';
const MINUTE = 60_000;

describe('the sessions of a server', () => {
  let clock: HandClock;
  let store: Store;
  let memory: Memory;
  let sessions: Sessions;
  beforeEach(() => {
    clock = new HandClock();
    store = new Store(appState({ loaded: false }));
    const settings = memorySettings();
    memory = memoryOf(settings, CONFIG);
    sessions = new Sessions({
      store,
      settings,
      launcher: makeLauncher(store, clock, {}, settings),
      secrets: new MemorySecrets('memory'),
      clock,
      log: silentLog,
      makeTunnels: () => ({}) as Tunnels,
      pollNow: () => {},
      finishedRead: () => {},
      useChanged: () => {},
    });
    sessions.useAccount({ client: new ApiClient(CONFIG, { log: silentLog, version: '0' }), me: 'me' });
  });

  const shown = (): string[] => store.state.sessions.map((s) => s.id);
  const ours = { comment: `Auto-generated at 2026-01-01 00:00:00 UTC by ada@box, launch ${LAUNCH}` };

  it('are shown as soon as they wait in their queue, although the server answers nothing more', async () => {
    const api = await new FakeClearml().start();
    api.fault = (_, endpoint) => (endpoint === 'tasks.get_all_ex' ? 'hang' : undefined);
    sessions.useAccount({ client: api.client(), me: 'me' });
    const form = { ...DEFAULTS, queue: 'q', docker: 'python:3.12', vscodeServer: false, sessionName: 'Mine' };
    const id = await sessions.launch(form);
    expect(store.state.sessions).toMatchObject([
      { id, name: 'Mine', mine: true, status: 'queued', image: 'python:3.12', vscode: 'off' },
    ]);
    expect(api.endpoints).not.toContain('tasks.get_all_ex');
    await api.close();
  });

  it('are launched from the last choices, unless those were not to be remembered', async () => {
    const api = await new FakeClearml().start();
    sessions.useAccount({ client: api.client(), me: 'me' });
    const form = { ...DEFAULTS, queue: '9'.repeat(32), docker: 'once:1', password: 'hunter2' };
    await sessions.launch(form, { remember: false });
    expect(store.state.launchDefaults).toEqual(DEFAULTS);
    await sessions.launch(form);
    expect(store.state.launchDefaults).toEqual({ ...form, password: '' });
    await api.close();
  });

  it('are no longer shown once they are over and not among the latest of one’s own', () => {
    sessions.applyLive([task({ id: ID(1), user: 'me' }), task({ id: ID(2), user: 'ada' })]);
    const ended = [1, 2].map((n) => task({ id: ID(n), user: n === 1 ? 'me' : 'ada', status: 'stopped' }));
    sessions.apply(ended);
    expect(shown()).toHaveLength(2);
    sessions.applyFinished(ended.slice(0, 1));
    expect(shown()).toEqual([ID(1)]);
  });

  it('are the same objects for as long as nothing in them changes', () => {
    const read = () => [1, 2].map((n) => task({ id: ID(n), user: 'me' }));
    sessions.applyLive(read());
    const before = store.state.sessions;
    sessions.applyLive(read());
    expect(store.state.sessions).toBe(before);
    const [first, second] = read();
    if (!first || !second) throw new Error('unreachable');
    sessions.apply([first, { ...second, name: 'Renamed' }]);
    const after = store.state.sessions;
    expect(after.map((s) => s.name)).toEqual([first.name, 'Renamed']);
    expect(after[0]).toBe(before[0]);
  });

  it('are shown as they come, when their list is long', () => {
    sessions.applyPage([task({ id: ID(1) })]);
    expect([store.state.loaded, shown()]).toEqual([true, [ID(1)]]);
  });

  it('may turn out to be half-made minutes after the launch was interrupted', () => {
    memory.update('launches', () => [LAUNCH]);
    sessions.applyLive([]);
    clock.advance(5 * MINUTE);
    sessions.applyLive([task({ id: ID(3), status: 'created', ...ours })]);
    expect(store.state.leftovers.map((l) => l.id)).toEqual([ID(3)]);
    expect(shown()).toEqual([]);
    sessions.keepLeftover(ID(3));
    expect([store.state.leftovers, memory.value.launches]).toEqual([[], []]);
  });

  it('are not looked for for ever after a launch that left nothing', () => {
    memory.update('launches', () => [LAUNCH]);
    sessions.applyLive([]);
    clock.advance(11 * MINUTE);
    sessions.applyLive([]);
    expect(memory.value.launches).toEqual([]);
  });

  it('are wanted although the app never heard that their launch got through', () => {
    memory.update('launches', () => [LAUNCH]);
    sessions.applyLive([task({ id: ID(4), status: 'queued', ...ours })]);
    expect(memory.value).toMatchObject({ launches: [], wanted: [ID(4)] });
    expect(store.state.leftovers).toEqual([]);
  });

  it('of one server are nothing to another', async () => {
    memory.update('wanted', () => [ID(5)]);
    await sessions.leaveAccount();
    const config = { ...CONFIG, api: 'http://127.0.0.1:2' };
    sessions.useAccount({ client: new ApiClient(config, { log: silentLog, version: '0' }), me: 'me' });
    expect(sessions.expected).toEqual([]);
    sessions.forget([ID(5)]);
    expect(memory.value.wanted).toEqual([ID(5)]);
  });
});
