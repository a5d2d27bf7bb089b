import { beforeEach, describe, expect, it } from 'vitest';
import { MemorySecrets } from '../../../../main/core/memory-secrets.ts';
import { Logins } from '../../../../main/core/session/logins.ts';
import { type Memory, memoryOf } from '../../../../main/core/session/memory.ts';
import { DEFAULTS } from '../../../../preload/contract/options.ts';
import { memorySettings } from '../../../doubles/host.ts';
import { silentLog } from '../../../doubles/log.ts';
import { ID } from '../../../doubles/state.ts';

describe('the login of a session', () => {
  let settings: ReturnType<typeof memorySettings>;
  let memory: Memory;
  let secrets: MemorySecrets;
  let logins: Logins;
  beforeEach(() => {
    settings = memorySettings();
    memory = memoryOf(settings, { api: 'https://a', source: 'file' });
    secrets = new MemorySecrets('memory');
    logins = new Logins({ memory, secrets, server: 'https://a', log: silentLog });
  });

  it('is what was said at its launch, as far as that is not the usual', () => {
    logins.launched(ID(1), DEFAULTS);
    expect(memory.value.logins).toEqual({});
    logins.launched(ID(1), {
      ...DEFAULTS,
      username: 'ada',
      userFolder: '/data',
      disableFingerprintCheck: true,
    });
    expect(logins.of(ID(1))).toEqual({ username: 'ada', userFolder: '/data', anyHostKey: true });
  });

  it('changes with each attaching, but for what is left out', async () => {
    await logins.attached(ID(1), { username: 'ada', password: 'pw-1' });
    await logins.attached(ID(1), { userFolder: '~/work', username: '' });
    expect(logins.of(ID(1))).toEqual({ username: 'ada', userFolder: '~/work', hasPassword: true });
    expect(await logins.password(ID(1))).toBe('pw-1');
    expect(await logins.password(ID(2))).toBeUndefined();
  });

  it('has its password among the secrets, never in the settings, and of this server only', async () => {
    await logins.attached(ID(1), { password: 'pw-secret' });
    expect(JSON.stringify(settings.get('servers'))).not.toContain('pw-secret');
    expect(await secrets.get(`login:https://a:${ID(1)}`)).toBe('pw-secret');
  });

  it('is forgotten with the session, its password as well', async () => {
    await logins.attached(ID(1), { username: 'ada', password: 'pw-1' });
    logins.forget(ID(1));
    logins.forget(ID(2));
    expect(memory.value.logins).toEqual({});
    expect(await secrets.get(`login:https://a:${ID(1)}`)).toBeUndefined();
  });
});
