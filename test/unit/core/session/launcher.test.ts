import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { MemorySecrets } from '../../../../main/core/memory-secrets.ts';
import { HostKeys } from '../../../../main/core/session/host-keys.ts';
import type { LauncherParts } from '../../../../main/core/session/launcher.ts';
import { Logins } from '../../../../main/core/session/logins.ts';
import { memoryOf } from '../../../../main/core/session/memory.ts';
import { Store } from '../../../../main/core/store.ts';
import { DEFAULTS, type LaunchForm, type SomeOptions } from '../../../../preload/contract/options.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { memorySettings } from '../../../doubles/host.ts';
import { makeLauncher } from '../../../doubles/launcher.ts';
import { silentLog } from '../../../doubles/log.ts';
import { appState } from '../../../doubles/state.ts';
import { FakeClearml } from '../../clearml/fake-clearml.ts';

describe('a launch', () => {
  let api: FakeClearml;
  let store: Store;
  const settings = memorySettings();
  beforeEach(async () => {
    api = await new FakeClearml().start();
    store = new Store(appState());
  });
  afterEach(() => api.close());

  const launch = (form: SomeOptions = {}, parts: Partial<LauncherParts> = {}, remember = true) => {
    const client = api.client();
    const memory = memoryOf(settings, client.config);
    const log = silentLog;
    const secrets = new MemorySecrets('memory');
    const account = {
      client,
      me: 'me',
      memory,
      hostKeys: new HostKeys({ client, memory, log }),
      logins: new Logins({ memory, secrets, server: '', log }),
    };
    const whole: LaunchForm = { ...DEFAULTS, queue: 'q', ...form };
    return makeLauncher(store, new HandClock(), parts, settings).launch(account, whole, remember);
  };
  const made = () => [...api.tasks.values()];

  it('sends git credentials only when they are asked for', async () => {
    const git = { readGitFiles: async () => ({ credentials: 'https://me:secret@host\n' }) };
    await launch({}, git);
    await launch({ gitCredentials: true }, git);
    expect(made().map(({ runtime }) => '_git_credentials' in (runtime as object))).toEqual([false, true]);
  });

  it('without any git credentials to send is refused before anything is made', async () => {
    await expect(launch({ gitCredentials: true })).rejects.toMatchObject({ field: 'gitCredentials' });
    expect(api.endpoints).toEqual([]);
    expect(store.state.creating).toBeNull();
  });

  it('makes the choices the next defaults, but for those that never should be', async () => {
    await launch({ docker: 'a/b', password: 'hunter2', baseTaskId: '' });
    expect(store.state.launchDefaults).toMatchObject({ docker: 'a/b', password: '' });
    expect(JSON.stringify(settings.get('lastLaunch'))).not.toContain('hunter2');
    await launch({ docker: 'c/d' }, {}, false);
    expect(store.state.launchDefaults.docker).toBe('a/b');
  });

  it('is one at a time', async () => {
    const creating = makeLauncher(store, new HandClock(), { checkFiles: () => new Promise(() => {}) });
    const client = api.client();
    const account = { client } as Parameters<typeof creating.launch>[0];
    void creating.launch(account, { ...DEFAULTS, queue: 'q' }, false);
    expect(store.state.creating?.step).toBe('creating');
    await expect(creating.launch(account, { ...DEFAULTS, queue: 'q' }, false)).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
