import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { HostKeyRecord } from '../../main/core/ports.ts';
import { sshArgv, sshCommandText } from '../../main/core/shell/ssh-command.ts';
import { generateHostKey } from '../../main/core/ssh/keys.ts';
import { writeKnownHosts } from '../../main/core/ssh/known-hosts-file.ts';
import { reasonAgainst, type SshServer, startSshd } from './servers.ts';
import { A, type TunnelBench, targetOf, tunnelBench } from './tunnel-bench.ts';

const run = promisify(execFile);

describe.skipIf(reasonAgainst('sshd'))('the ssh command of a session', () => {
  let server: SshServer;
  let bench: TunnelBench;
  let folder: string;
  let port: number;
  beforeAll(async () => {
    // As on macOS, where settings are in "Application Support".
    folder = join(mkdtempSync(join(tmpdir(), 'tray-command-')), 'My 100% Settings');
    mkdirSync(folder);
    const started = await startSshd();
    if (!started) throw new Error('It cannot run here.');
    server = started;
    bench = tunnelBench();
    const { ssh } = await bench.pool.open(A, targetOf(server), {});
    await bench.logged('"added"');
    port = ssh ?? 0;
  });
  afterAll(async () => {
    await bench.stop();
    await server.stop();
    rmSync(join(folder, '..'), { recursive: true });
  });

  const record = (line: string): HostKeyRecord => ({ fingerprint: '', line, source: 'task' });
  const text = (line: string) => {
    const knownHostsFile = join(folder, 'known_hosts');
    writeKnownHosts(knownHostsFile, { [A]: record(line) });
    const argv = sshArgv({ id: A, port, username: server.username, keyFile: bench.key.file, knownHostsFile });
    return `${sshCommandText(argv, 'linux')} echo it works`;
  };
  const options = { env: { ...process.env, HOME: homedir() } };

  it('logs in through the local port, with our key and without a question', async () => {
    const { stdout } = await run('sh', ['-c', `${text(server.hostKeys[0] ?? '')} </dev/null`], options);
    expect(stdout).toBe('it works\n');
  });

  it('finds its files also where HOME is another folder than that of the account, which ssh alone goes by', async () => {
    const { HOME } = process.env;
    process.env.HOME = join(folder, '..');
    try {
      const { stdout } = await run('sh', ['-c', `${text(server.hostKeys[0] ?? '')} </dev/null`]);
      expect(stdout).toBe('it works\n');
    } finally {
      process.env.HOME = HOME;
    }
  });

  it('refuses a machine that shows another host key', async () => {
    const line = generateHostKey().publicLine;
    await expect(run('sh', ['-c', `${text(line)} </dev/null`], options)).rejects.toThrow(
      'Host key verification failed',
    );
  });
});
