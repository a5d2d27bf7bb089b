import { describe, expect, it } from 'vitest';
import { Shells } from '../../../main/core/shells.ts';
import type { RemoteShell, ShellTarget } from '../../../main/core/ssh/remote-shell.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import { ID, session } from '../../doubles/state.ts';

const SIZE = { cols: 80, rows: 24 };
const shell: Partial<RemoteShell> = { hear: () => {}, ended: new Promise(() => {}) };

describe('a shell of the built-in terminal', () => {
  /** `lets`: whether the session lets somebody in. */
  const shells = (lets: (target: ShellTarget) => boolean, password?: string) => {
    const tried: (string | undefined)[] = [];
    const opener = new Shells({
      sessions: {
        view: () => session(),
        username: () => 'root',
        hostKeys: { [ID(1)]: { fingerprint: 'SHA256:x', line: 'ssh-ed25519 AAAA', source: 'generated' } },
        localTarget: async () => ({
          host: '127.0.0.1',
          port: 8022,
          username: 'root',
          ...(password ? { password } : {}),
          remote: {},
          hostKey: { ours: true },
        }),
      },
      privateKey: 'key',
      open: async (target) => {
        tried.push(target.password);
        if (!lets(target)) throw new AppError('ssh-auth', 'The shell could not be opened.');
        return shell as RemoteShell;
      },
      tell: { printed: () => {}, ended: () => {} },
    });
    return { tried, open: () => opener.open(ID(1), SIZE) };
  };

  it('is opened with the key of the app', async () => {
    const { open, tried } = shells(() => true, 'hunter2');
    await open();
    expect(tried).toEqual([undefined]);
  });

  it('is opened with the password where the key is not in the session yet', async () => {
    const { open, tried } = shells(({ password }) => password === 'hunter2', 'hunter2');
    await open();
    expect(tried).toEqual([undefined, 'hunter2']);
  });

  it('is refused where neither is granted, or there is no password', async () => {
    await expect(shells(() => false, 'hunter2').open()).rejects.toThrow('could not be opened');
    const { open, tried } = shells(() => false);
    await expect(open()).rejects.toThrow('could not be opened');
    expect(tried).toEqual([undefined]);
  });
});
