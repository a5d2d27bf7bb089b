import { beforeEach, describe, expect, it, vi } from 'vitest';
import { takeOver } from '../../../main/core/hand-over.ts';
import { launchForm } from '../../../main/core/launch-form.ts';
import { NOTHING_REMEMBERED } from '../../../main/core/saved.ts';
import { impliedSession } from '../../../main/core/session/implied.ts';
import { Reach } from '../../../main/core/session/reach.ts';
import { Store } from '../../../main/core/store.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import { DEFAULTS } from '../../../preload/contract/options.ts';
import { memorySettings } from '../../doubles/host.ts';
import { silentLog } from '../../doubles/log.ts';
import { appState, ID, session } from '../../doubles/state.ts';

const LAUNCH = {
  do: 'launch',
  options: { queue: 'gpu' },
  yes: true,
  shell: false,
  remember: true,
  show: true,
};
const ATTACH = { do: 'attach', session: ID(7), options: {}, shell: false, show: true };

describe('what a command line hands over', () => {
  const store = new Store(appState());
  const launch = vi.fn(async () => ID(1));
  const attach = vi.fn(async () => ID(7));
  const fill = vi.fn();
  const show = vi.fn();
  const connect = vi.fn();
  const reconnect = vi.fn();
  const disconnect = vi.fn(async () => {});
  const run = vi.fn(async () => {});
  const openLink = vi.fn(async () => {});
  const REACH = { name: 'one', port: 8022, username: 'root', keyFile: '/key', hostKey: { ours: true } };
  const reach = vi.fn(async () => REACH);
  const settings = memorySettings();
  const take = (request: unknown) =>
    takeOver(request, {
      store,
      settings,
      sessions: { launch, attach, connect, reconnect, disconnect },
      launchFill: { fill },
      host: { show },
      tools: { reach },
      run,
      openLink,
      log: silentLog,
    });
  beforeEach(() => {
    vi.clearAllMocks();
    store.update(() => appState());
  });

  it('fills in the wizard, and creates nothing, unless it says yes', async () => {
    expect(await take({ ...LAUNCH, yes: false, show: false })).toMatchObject({ ok: true });
    expect(fill).toHaveBeenCalledExactlyOnceWith({ queue: 'gpu' }, { show: false });
    expect(launch).not.toHaveBeenCalled();
  });

  it('launches over the last choices, and says what it has made', async () => {
    store.update((s) => ({ ...s, launchDefaults: { ...DEFAULTS, docker: 'python:3.12' } }));
    expect(await take({ ...LAUNCH, remember: false })).toEqual({
      ok: true,
      says: `A new session was created [${ID(1)}]`,
    });
    expect(launch).toHaveBeenCalledExactlyOnceWith(
      { ...DEFAULTS, docker: 'python:3.12', queue: 'gpu' },
      { remember: false },
    );
    expect(show).toHaveBeenCalledExactlyOnceWith('sessions');
  });

  it('waits for the server, and says what keeps it away', async () => {
    store.update((s) => ({ ...s, server: { at: 'starting' }, loaded: false }));
    const done = take(LAUNCH);
    store.update(() => appState());
    expect(await done).toMatchObject({ ok: true });
    store.update((s) => ({ ...s, server: { at: 'unconfigured' } }));
    expect(await take(LAUNCH)).toMatchObject({ ok: false, says: expect.stringContaining('no clearml.conf') });
    expect(launch).toHaveBeenCalledOnce();
  });

  it('answers with the sentence of what failed, and with none of its insides', async () => {
    launch.mockRejectedValueOnce(
      new AppError('not-found', 'There is no queue.', { hint: 'Choose another.' }),
    );
    expect(await take(LAUNCH)).toEqual({ ok: false, says: 'There is no queue. Choose another.' });
    launch.mockRejectedValueOnce(new TypeError('x is not a function'));
    expect((await take(LAUNCH)).says).not.toContain('x is not');
    expect(await take({ ...LAUNCH, options: {} })).toEqual({ ok: false, says: '--queue: Choose a queue.' });
  });

  it.each([
    undefined,
    'launch',
    { do: 'quit' },
    { ...LAUNCH, more: 1 },
    { ...LAUNCH, options: { queue: 5 } },
    { ...LAUNCH, options: { docker: 'NOT AN IMAGE' } },
    { ...ATTACH, session: 'x'.repeat(3000) },
  ])('is refused where it is %j', async (request) => {
    expect(await take(request)).toMatchObject({ ok: false });
    expect(launch).not.toHaveBeenCalled();
    expect(attach).not.toHaveBeenCalled();
  });

  it('attaches to the session that is named, or to the one that is meant', async () => {
    expect(await take({ ...ATTACH, options: { username: 'ada' } })).toMatchObject({ ok: true });
    expect(attach).toHaveBeenLastCalledWith(ID(7), { username: 'ada' });
    const { session: _, ...unnamed } = ATTACH;
    expect(await take(unnamed)).toEqual({ ok: false, says: 'You have no session that runs.' });
    const two = [session({ id: ID(1) }), session({ id: ID(2) })];
    store.update((s) => ({ ...s, sessions: two }));
    expect(await take(unnamed)).toMatchObject({ ok: false, says: expect.stringContaining(ID(2)) });
    settings.set('servers', { 'http://127.0.0.1:8008': { ...NOTHING_REMEMBERED, wanted: [ID(2), ID(1)] } });
    await take(unnamed);
    expect(attach).toHaveBeenLastCalledWith(ID(1), {});
  });

  it('finds a session by its name, and says which names are near', async () => {
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7), name: 'training' })] }));
    await take({ ...ATTACH, session: 'train' });
    expect(attach).toHaveBeenLastCalledWith(ID(7), {});
    expect((await take({ ...ATTACH, session: 'trianing' })).says).toContain('Did you mean training?');
  });

  it('connects a session that is not, and answers once it is', async () => {
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7), name: 'one', link: { at: 'off' } })] }));
    const done = take({ do: 'connect', session: 'one' });
    await vi.waitFor(() => expect(attach).toHaveBeenCalledExactlyOnceWith(ID(7)));
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7), name: 'one' })] }));
    expect(await done).toEqual({ ok: true, says: `one is connected [${ID(7)}]` });
  });

  it('tries again what had failed, and says why it fails again', async () => {
    const failed = (message: string) =>
      session({ id: ID(7), name: 'one', link: { at: 'failed', reason: { code: 'ssh-auth', message } } });
    store.update((s) => ({ ...s, sessions: [failed('Refused before.')] }));
    const done = take({ do: 'connect', session: 'one' });
    await vi.waitFor(() => expect(connect).toHaveBeenCalledExactlyOnceWith(ID(7)));
    store.update((s) => ({ ...s, sessions: [failed('Refused again.')] }));
    expect(await done).toEqual({ ok: false, says: 'Refused again.' });
  });

  it('tells a command line what it takes to log in', async () => {
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7), name: 'one' })] }));
    expect(await take({ do: 'reach', session: 'one' })).toMatchObject({ ok: true, data: REACH });
    expect(Reach.parse(REACH)).toEqual(REACH);
    expect(attach).not.toHaveBeenCalled();
  });

  it('disconnects and connects anew', async () => {
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7), name: 'one' })] }));
    await take({ do: 'reconnect', session: 'one' });
    expect(reconnect).toHaveBeenCalledExactlyOnceWith(ID(7));
    await take({ do: 'disconnect' });
    expect(disconnect).toHaveBeenCalledExactlyOnceWith(ID(7));
  });

  it.each([
    ['shell', { do: 'openShell', id: ID(7) }],
    ['editor', { do: 'openEditor', id: ID(7), editor: 'cursor' }],
    ['Zed', { do: 'openEditor', id: ID(7), editor: 'zed' }],
  ])('opens %s', async (what, command) => {
    const editors = [
      { id: 'cursor', name: 'Cursor' },
      { id: 'zed', name: 'Zed' },
    ] as const;
    store.update((s) => ({
      ...s,
      app: { ...s.app, editors, terminals: [{ id: 'xterm', name: 'xterm' }] },
      sessions: [session({ id: ID(7), name: 'one' })],
    }));
    expect(await take({ do: 'open', session: 'one', what })).toMatchObject({ ok: true });
    expect(run).toHaveBeenCalledExactlyOnceWith(command);
    expect((await take({ do: 'open', session: 'one', what: 'jupiter' })).says).toContain(
      'Did you mean jupyter?',
    );
  });

  it('says where there is no terminal for a shell', async () => {
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7), name: 'one' })] }));
    expect(await take({ do: 'open', session: 'one', what: 'shell' })).toEqual({
      ok: false,
      says: 'The app finds no terminal on this computer. Choose one in Settings, or that of the app itself.',
    });
    expect(run).not.toHaveBeenCalled();
  });

  it('opens JupyterLab once it has started', async () => {
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7), name: 'one', jupyter: 'pending' })] }));
    const done = take({ do: 'open', session: 'one', what: 'jupyter' });
    await vi.waitFor(() => expect(store.state.sessions).toHaveLength(1));
    expect(run).not.toHaveBeenCalled();
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7), name: 'one', jupyter: 'failed' })] }));
    await done;
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'openJupyter', id: ID(7) });
  });

  it('follows a link as one that came from elsewhere', async () => {
    await take({ do: 'follow', link: 'clearml-session-tray://launch?preset=x' });
    expect(openLink).toHaveBeenCalledExactlyOnceWith('clearml-session-tray://launch?preset=x');
  });

  it('opens a shell as soon as the session is connected', async () => {
    const off = session({ id: ID(7), link: { at: 'off' } });
    store.update((s) => ({ ...s, sessions: [off] }));
    await take({ ...ATTACH, shell: true });
    expect(run).not.toHaveBeenCalled();
    store.update((s) => ({ ...s, sessions: [session({ id: ID(7) })] }));
    await vi.waitFor(() => expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'openShell', id: ID(7) }));
  });

  it('makes the choices of another process the next defaults, without what never should be', async () => {
    await take({ do: 'remember', options: { queue: 'cpu', password: 'secret' } });
    expect(settings.get('lastLaunch')).toEqual({ queue: 'cpu' });
    expect(store.state.launchDefaults).toMatchObject({ queue: 'cpu', password: '' });
  });
});

describe('the form of a launch', () => {
  it('drops the packages and the script that were chosen for another base task', () => {
    const last = { baseTaskId: ID(1), packages: 'torch', initScript: 'apt update', docker: 'x' };
    expect(launchForm(last, { baseTaskId: ID(1) })).toMatchObject({ packages: 'torch', docker: 'x' });
    expect(launchForm(last, { baseTaskId: ID(2) })).toMatchObject({
      packages: '',
      initScript: '',
      docker: 'x',
    });
    expect(launchForm(last, { baseTaskId: '', packages: 'tqdm' })).toMatchObject({ packages: 'tqdm' });
  });
});

describe('the session that is meant without being named', () => {
  const waiting = session({ id: ID(1), status: 'queued' });
  const running = session({ id: ID(2) });
  const another = session({ id: ID(3) });
  const theirs = session({ id: ID(4), mine: false });
  const ended = session({ id: ID(5), status: 'finished' });

  it.each([
    ['the only one that runs', [waiting, running, theirs, ended], [], running],
    ['the only one that waits', [waiting, theirs], [], waiting],
    ['of several the one that was used last', [running, another], [ID(9), ID(3), ID(2)], another],
  ])('is %s', (_, sessions, lastUsed, meant) => {
    expect(impliedSession(sessions, lastUsed)).toBe(meant);
  });

  it('is none of several that were not used here, and they are named', () => {
    expect(() => impliedSession([running, another], [])).toThrow(
      `You have several sessions: ${ID(2)} (notebook), ${ID(3)} (notebook).`,
    );
  });
});
