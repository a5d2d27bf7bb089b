import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { sshArgv, sshCommandText } from '../../main/core/shell/ssh-command.ts';
import { writeKnownHosts } from '../../main/core/ssh/known-hosts-file.ts';
import { reasonAgainst, type SshServer, startDropbear, startSshd } from './servers.ts';
import { A, targetOf, tunnelBench } from './tunnel-bench.ts';

const run = promisify(execFile);
/** So long the login shell of the remote machine takes to start, and our key to be authorized. */
const SLOW_START = 'sleep 1.5';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A tunnel to a server, and a person's `ssh` through it, which can be asked nothing. */
async function tunnel(
  started: SshServer | null,
  { passwordOnly = false, standbys = 0 }: { passwordOnly?: boolean; standbys?: number } = {},
) {
  if (!started) throw new Error('It cannot run here.');
  cleanups.push(() => started.stop());
  const bench = tunnelBench({ standbys });
  cleanups.push(() => bench.stop());
  const folder = mkdtempSync(join(tmpdir(), 'tray-key-'));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  if (passwordOnly) writeFileSync(join(started.home, '.ssh'), 'no folder');
  const { ssh: port = 0 } = await bench.pool.open(A, targetOf(started), {});
  const knownHostsFile = join(folder, 'known_hosts');
  writeKnownHosts(knownHostsFile, {
    [A]: { fingerprint: '', line: started.hostKeys[0] ?? '', source: 'task' },
  });
  const argv = sshArgv({ id: A, port, username: started.username, keyFile: bench.key.file, knownHostsFile });
  const command = `${sshCommandText(argv, 'linux')} echo it works </dev/null`;
  const ssh = async () =>
    (await run('sh', ['-c', command], { env: { ...process.env, HOME: homedir() } })).stdout;
  return { bench, ssh };
}

describe.each([
  ['sshd', () => startSshd({ bashrc: SLOW_START })],
  ['dropbear', () => startDropbear()],
] as const)('a person’s ssh to %s', (name, start) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    it('is never asked for a password from the moment on that the session is connected, or before', async () => {
      const { bench, ssh } = await tunnel(await start());
      const early = ssh();
      await bench.until('up');
      const first = ssh();
      expect(await Promise.all([early, first])).toEqual(['it works\n', 'it works\n']);
      expect(bench.links().at(-1)).not.toHaveProperty('passwordOnly');
    });

    it('is let in all the same where the key cannot be stored, which is said', async () => {
      const { bench, ssh } = await tunnel(await start(), { passwordOnly: true });
      await expect(ssh()).rejects.toThrow('Permission denied');
      expect(bench.links().at(-1)).toMatchObject({ at: 'up', passwordOnly: true });
    });
  });
});

describe.skipIf(reasonAgainst('sshd'))('a server that does not take the key which it stores', () => {
  it('is found out by the next login', async () => {
    const server = await startSshd({ username: 'ann' });
    const { bench } = await tunnel(server, { standbys: 1 });
    // StrictModes: others might have changed what is there.
    chmodSync(server?.home ?? '', 0o777);
    await bench.told((links) => links.some((link) => 'passwordOnly' in link));
  });
});
