import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RemoteRun } from '../../main/commands/exec/remote-run.ts';
import { systemClock } from '../../main/core/clock.ts';
import type { Connection } from '../../main/core/ssh/dial.ts';
import { loadAppKey } from '../../main/core/ssh/keys.ts';
import { logIn } from '../../main/core/ssh/local-login.ts';
import { silentLog } from '../doubles/log.ts';
import { reasonAgainst, type SshServer, startDropbear, startSshd } from './servers.ts';

/** Of no other test. */
const SECONDS = 900_000 + process.pid;

function sleeping(): readonly string[] {
  const { stdout } = spawnSync('pgrep', ['-f', `^sleep ${SECONDS}$`], { encoding: 'utf8' });
  return stdout.split('\n').filter(Boolean);
}

describe.each([
  ['sshd', startSshd],
  ['dropbear', startDropbear],
] as const)('a command of the command line on %s', (name, start) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    let server: SshServer;
    let connection: Connection;
    let lost = 0;
    const reach = () => ({
      name: 'one',
      port: server.port,
      username: server.username,
      password: server.password,
      keyFile: loadAppKey(join(server.folder, 'app'), silentLog).file,
      hostKey: { expected: server.fingerprint, ours: false },
    });
    beforeAll(async () => {
      const started = await start();
      if (!started) throw new Error('It cannot run here.');
      server = started;
      connection = await logIn(reach(), { clock: systemClock, log: silentLog, lost: () => lost++ });
    });
    afterAll(async () => {
      await connection.hangUp();
      await server.stop();
    });

    async function run(line: string, during: (run: RemoteRun) => void = () => {}, input = '') {
      const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
      streams.stdin.end(input);
      const running = await RemoteRun.start(connection, line, streams, systemClock);
      const [out, err] = [buffer(streams.stdout), buffer(streams.stderr)];
      streams.stdout.once('data', () => during(running));
      const code = await running.exitCode;
      streams.stdout.end();
      streams.stderr.end();
      return { code, stdout: String(await out), stderr: String(await err) };
    }

    it('has its outputs apart, its input and its exit code', async () => {
      expect(await run('cat; echo err >&2; exit 3', undefined, 'in')).toEqual({
        code: 3,
        stdout: 'in',
        stderr: 'err\n',
      });
    });

    it('goes on without what cannot be read, and without those who do not want to read', async () => {
      const stdin = new PassThrough();
      const [stdout, stderr] = [new PassThrough(), new PassThrough()];
      const line = 'cat; head -c 5000000 /dev/zero >&2; echo done';
      const running = await RemoteRun.start(connection, line, { stdin, stdout, stderr }, systemClock);
      stdin.destroy(new Error('EISDIR'));
      stderr.destroy(new Error('EPIPE'));
      const out = buffer(stdout);
      expect(await running.exitCode).toBe(0);
      stdout.end();
      expect(String(await out)).toBe('done\n');
    });

    it('runs once what the start-up files over there say, as with ssh', async () => {
      writeFileSync(join(server.home, '.bashrc'), 'echo Welcome; hello() { echo "hello $1"; }\n');
      expect((await run('hello you')).stdout).toBe('Welcome\nhello you\n');
      writeFileSync(join(server.home, '.bashrc'), '');
    });

    it.each<[string, (running: RemoteRun) => void, string, number]>([
      ['interrupted', (r) => r.interrupt(), "trap 'exit 7' INT; echo; while :; do sleep 0.1; done", 7],
      ['interrupted', (r) => r.interrupt(), `echo; sleep ${SECONDS}`, 130],
      ['ended', (r) => r.end('TERM'), `echo; sleep ${SECONDS}`, 143],
      [
        'killed where it does not end',
        (r) => r.end('TERM'),
        `trap '' TERM; echo; sleep ${SECONDS}; sleep ${SECONDS}`,
        137,
      ],
      ['killed', (r) => r.kill(), `trap '' TERM INT; echo; sleep ${SECONDS}`, 137],
    ])('is %s with all that it has started', async (_, during, line, code) => {
      expect((await run(line, during)).code).toBe(code);
      expect(sleeping()).toEqual([]);
    });

    it('is refused where the machine is another one', async () => {
      const other = { ...reach(), hostKey: { expected: `SHA256:${'A'.repeat(43)}`, ours: false } };
      await expect(logIn(other, { clock: systemClock, log: silentLog, lost() {} })).rejects.toMatchObject({
        code: 'host-key',
        message: expect.stringMatching(/^one: /),
      });
    });

    it('has no exit code where its connection ends', async () => {
      const ended = run(`echo; sleep ${SECONDS}`, () => server.kill());
      expect((await ended).code).toBeUndefined();
      expect(lost).toBe(1);
    });
  });
});
