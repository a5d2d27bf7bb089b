import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { claimFolder, type Done } from '../../main/core/instance.ts';
import { silentLog } from '../doubles/log.ts';
import { answerCommandLines, type Connected, connectedSession } from './connected.ts';
import { isUp } from './core-app.ts';
import { reasonAgainst } from './servers.ts';

const BUNDLE = resolve(import.meta.dirname, '../../dist/main/index.cjs');

interface Ran {
  readonly code: number | null;
  readonly stdout: Buffer;
  readonly stderr: string;
}

describe.skipIf(reasonAgainst('sshd'))(
  'the built command line runs a command in a session on a real sshd',
  () => {
    let connected: Connected;
    let home = '';
    let release = (): void => {};
    beforeAll(async () => {
      connected = await connectedSession('training run');
      const { core, demo } = connected;
      home = mkdtempSync(join(tmpdir(), 'exec-'));
      writeFileSync(join(home, 'clearml.conf'), demo.conf, { mode: 0o600 });
      release = await answerCommandLines(core);
    });
    afterAll(async () => {
      release();
      rmSync(home, { recursive: true, force: true });
      await connected.stop();
    });

    /** By way of the app, or with `alone` in a folder that no app has. */
    function start(words: readonly string[], { alone = false } = {}) {
      const folder = alone ? join(home, 'data') : connected.core.folder;
      const child = spawn(process.execPath, [BUNDLE, '--user-data-dir', folder, ...words], {
        cwd: home,
        env: { PATH: process.env.PATH, HOME: home, USERPROFILE: home },
        stdio: ['pipe', 'pipe', 'pipe'],
      });
      const ended = Promise.all([
        once(child, 'close').then(([code]) => code as number | null),
        buffer(child.stdout),
        buffer(child.stderr),
      ]).then(([code, stdout, stderr]): Ran => ({ code, stdout, stderr: String(stderr) }));
      return { child, ended };
    }

    function run(words: readonly string[], options: { input?: Buffer | string; alone?: boolean } = {}) {
      const { child, ended } = start(words, options);
      child.stdin.on('error', () => {});
      child.stdin.end(options.input ?? '');
      return ended;
    }

    const text = async (...command: string[]): Promise<string> =>
      String((await run(['exec', 'training run', '--', ...command])).stdout);

    const isRunning = (mark: string): boolean => {
      try {
        execFileSync('pgrep', ['-f', `^sleep ${mark}`]);
        return true;
      } catch {
        return false;
      }
    };

    it('passes on what it prints, apart, and its exit code', async () => {
      const { code, stdout, stderr } = await run([
        'exec',
        'training',
        '--',
        'echo out; echo err >&2; exit 3',
      ]);
      expect({ code, stdout: String(stdout), stderr }).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' });
    });

    it('gives a terminal only where there is one, and says so', async () => {
      const { code, stdout, stderr } = await run(['exec', '-t', 'training', '--', 'tty; exit 3']);
      expect({ code, stdout: String(stdout), stderr }).toEqual({
        code: 3,
        stdout: 'not a tty\n',
        stderr: 'Nobody types here, so that the command gets no terminal.\n',
      });
    });

    it('leaves words as they are, and gives a single one to the shell', async () => {
      expect(await text('printf', '%s|', 'a  b', "it's", '$HOME "x" `y`', '')).toBe(
        'a  b|it\'s|$HOME "x" `y`||',
      );
      expect(await text('echo $((6 * 7)) | tr 2 3')).toBe('43\n');
    });

    it('passes every byte on, in both directions', async () => {
      const bytes = Buffer.from(Array.from({ length: 300_000 }, (_, n) => (n * 7 + (n >> 8)) % 256));
      const { code, stdout } = await run(['exec', '--', 'cat'], { input: bytes });
      expect(code).toBe(0);
      expect(stdout.equals(bytes)).toBe(true);
    });

    it('passes on more than fits into any window', async () => {
      const { stdout } = await run(['exec', 'training', '--', "head -c 50000000 /dev/zero | tr '\\0' x"]);
      const hash = (data: Buffer): string => createHash('sha256').update(data).digest('hex');
      expect(hash(stdout)).toBe(hash(Buffer.alloc(50_000_000, 'x')));
    });

    it('tells what it prints as it comes', async () => {
      const { child, ended } = start(['exec', 'training', '--', 'echo first; cat']);
      const [first] = await once(child.stdout, 'data');
      expect(String(first)).toBe('first\n');
      child.stdin.end();
      expect((await ended).code).toBe(0);
    });

    it('survives a connection that is cut below it', async () => {
      // Those of the app; that of the command itself comes to the same sshd by way of them.
      const below = connected.machine.sshd?.sessions() ?? [];
      const { child, ended } = start(['exec', 'training', '--', 'echo first; cat']);
      await once(child.stdout, 'data');
      for (const pid of below) process.kill(pid, 'SIGKILL');
      child.stdin.end('second\n');
      const { code, stdout } = await ended;
      expect({ code, stdout: String(stdout) }).toEqual({ code: 0, stdout: 'first\nsecond\n' });
      expect(below.length).toBeGreaterThan(0);
    });

    it('interrupts it with Ctrl-C, and lets it have the last word', async () => {
      const trap = "trap 'echo saved; exit 7' INT; echo ready; while :; do sleep 0.1; done";
      const { child, ended } = start(['exec', 'training', '--', trap]);
      await once(child.stdout, 'data');
      child.kill('SIGINT');
      expect(await ended).toMatchObject({ code: 7 });
    });

    it('is interrupted from a terminal, whose keyboard it leaves alone', async (context) => {
      context.skip(process.platform !== 'linux', 'a terminal is made with the script command of util-linux');
      const line = "trap 'echo saved; exit 7' INT; echo input ends: $(cat); while :; do sleep 0.1; done";
      const words = [process.execPath, BUNDLE, '--user-data-dir', connected.core.folder, 'exec', '--', line];
      const quoted = words.map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
      const child = spawn('script', ['-qec', `exec ${quoted}`, '/dev/null'], {
        cwd: home,
        env: { PATH: process.env.PATH, HOME: home, TERM: 'xterm' },
      });
      let printed = '';
      child.stdout.on('data', (data) => {
        printed += data;
      });
      await expect.poll(() => printed).toContain('input ends:');
      child.stdin.write('\x03');
      const [code] = await once(child, 'close');
      expect(code).toBe(7);
      expect(printed).toContain('saved');
    });

    it('kills it with a second Ctrl-C, and all that it has started', async () => {
      const mark = `986${process.pid}`;
      const line = `trap '' INT; echo ready; sleep ${mark} & sleep ${mark}`;
      const { child, ended } = start(['exec', 'training', '--', line]);
      await once(child.stdout, 'data');
      await expect.poll(() => isRunning(mark)).toBe(true);
      child.kill('SIGINT');
      await new Promise((done) => setTimeout(done, 400));
      expect(isRunning(mark)).toBe(true);
      child.kill('SIGINT');
      expect((await ended).code).toBe(137);
      await expect.poll(() => isRunning(mark)).toBe(false);
    });

    it('ends it when its time is over, and when nobody reads any more', async () => {
      const mark = `985${process.pid}`;
      expect((await run(['exec', 'training', '--timeout', '1.5', '--', `sleep ${mark}`])).code).toBe(124);
      await expect.poll(() => isRunning(mark)).toBe(false);
      const { child, ended } = start(['exec', 'training', '--', 'yes']);
      ended.catch(() => {});
      await once(child.stdout, 'data');
      child.stdout.destroy();
      child.stdin.destroy();
      const [code] = await once(child, 'exit');
      expect(code).toBe(141);
    });

    describe('while the app does not answer yet', () => {
      const claims: { release(): void }[] = [];
      const silent = createServer();
      afterAll(() => {
        for (const claim of claims) claim.release();
        silent.close();
      });
      let asked = (): void => {};
      /** An app whose session is `at` that: still being connected, or behind a port where nobody speaks. */
      async function appWhere(at: 'queued' | 'frozen'): Promise<string> {
        const folder = mkdtempSync(join(home, 'app-'));
        const claim = await claimFolder(folder, { host: 'browser', show: false, log: silentLog });
        if (!('ours' in claim)) throw new Error('Somebody else has the folder.');
        claims.push(claim.ours);
        const keyFile = join(connected.core.folder, 'ssh', 'id_ed25519');
        const { port } = silent.address() as AddressInfo;
        const data = { name: 'x', port, username: 'root', keyFile, hostKey: { ours: true } };
        const take = async (): Promise<Done> => {
          asked();
          return at === 'frozen' ? { ok: true, says: '', data } : new Promise(() => {});
        };
        claim.ours.serve({ show() {}, take });
        return folder;
      }
      beforeAll(() => new Promise<void>((done) => void silent.listen(0, '127.0.0.1', done)));

      it.each(['queued', 'frozen'] as const)('its time ends all the same (%s)', async (at) => {
        const words = ['exec', '--timeout', '1', '--user-data-dir', await appWhere(at), '--', 'true'];
        const { child, ended } = start(words);
        const late = setTimeout(() => child.kill('SIGKILL'), 8000);
        expect(await ended).toMatchObject({ code: 124 });
        clearTimeout(late);
      });

      it.each(['SIGINT', 'SIGTERM'] as const)('%s ends it', async (signal) => {
        const wasAsked = new Promise<void>((resolve) => {
          asked = resolve;
        });
        const { child, ended } = start(['exec', '--user-data-dir', await appWhere('queued'), '--', 'true']);
        await wasAsked;
        child.kill(signal);
        const late = setTimeout(() => child.kill('SIGKILL'), 8000);
        expect(await ended).toMatchObject({ code: 130 });
        clearTimeout(late);
      });
    });

    it('says what keeps it from running, with 255, and what is wrong about its words, with 2', async () => {
      expect(await run(['exec', 'trianing run', '--', 'true'])).toMatchObject({
        code: 255,
        stderr: expect.stringContaining('Did you mean training run?'),
      });
      expect(await run(['exec', 'training', 'true'])).toMatchObject({ code: 2 });
    });

    it('needs no app: then it connects by itself, and leaves nothing behind', async () => {
      const { code, stdout, stderr } = await run(['exec', 'training run', '--', 'echo alone; exit 4'], {
        alone: true,
      });
      expect({ code, stdout: String(stdout), stderr }).toEqual({ code: 4, stdout: 'alone\n', stderr: '' });
      expect(readdirSync(join(home, 'data')).filter((name) => name.endsWith('.sock'))).toEqual([]);
    });

    it('connects, disconnects and connects anew by name', async () => {
      const { core, id } = connected;
      expect(String((await run(['disconnect', 'training run'])).stdout)).toBe(
        `training run is disconnected [${id}]\n`,
      );
      await core.session(id, (s) => s.link.at === 'off');
      expect(await text('echo', 'connected for this')).toBe('connected for this\n');
      await core.session(id, isUp);
      expect((await run(['reconnect', 'training run'])).code).toBe(0);
      expect((await run(['connect', id.slice(0, 6)])).code).toBe(0);
      expect(await run(['disconnect'], { alone: true })).toMatchObject({ code: 1 });
      const password = String(connected.demo.model.tasks.get(id)?.runtime._ssh_password);
      expect(readFileSync(join(core.folder, 'logs', 'app.log'), 'utf8')).not.toContain(password);
    });

    it('hands a link over, which the app asks about, and says where it leads elsewhere', async () => {
      const { core, demo, id } = connected;
      const { link } = await core.call('session.shareLink', { id });
      const opened = run(['open', link, '--no-open']);
      await expect.poll(() => core.host.questions.length).toBe(1);
      expect(core.host.questions[0]?.detail).toContain(new URL(demo.api).host);
      await new Promise((done) => setTimeout(done, 2500));
      core.app.answer(core.host.questions[0]?.key ?? '', true);
      expect(await opened).toMatchObject({
        code: 0,
        stderr: 'The app asks before it follows a link: answer there.\n',
      });
      const elsewhere = link.replace(encodeURIComponent(new URL(demo.api).host), 'api.example.com');
      expect(await run(['open', elsewhere, '--no-open'])).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(
          /^That session is on api\.example\.com; this app is connected to 127\./,
        ),
      });
      expect(await run(['open', 'https://example.com/', '--no-open'])).toMatchObject({ code: 1 });
    });
  },
);
