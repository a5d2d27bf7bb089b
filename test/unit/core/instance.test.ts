import { execFile } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type Claim,
  claimFolder,
  type Instance,
  identity,
  instanceAddress,
  type Running,
  removeDead,
} from '../../../main/core/instance.ts';
import { silentLog } from '../../doubles/log.ts';

const LINK = 'http://127.0.0.1:4711/#the-secret_of-this-run';

describe.skipIf(process.platform === 'win32')('the instance of a data folder', () => {
  let temp = '';
  let folder = '';
  const claims: Claim[] = [];
  const servers: Server[] = [];

  beforeEach(() => {
    temp = mkdtempSync(join(realpathSync(tmpdir()), 'instance-'));
    folder = join(temp, 'data');
    mkdirSync(folder);
    vi.stubEnv('TMPDIR', temp);
  });
  afterEach(() => {
    for (const claim of claims.splice(0)) if ('ours' in claim) claim.ours.release();
    for (const server of servers.splice(0)) server.close();
    rmSync(temp, { recursive: true });
    vi.unstubAllEnvs();
  });

  const claim = async (mine: Partial<Parameters<typeof claimFolder>[1]> = {}): Promise<Claim> => {
    const made = await claimFolder(folder, { host: 'browser', show: false, log: silentLog, ...mine });
    claims.push(made);
    return made;
  };
  const take = async (host?: Running['host']): Promise<Instance> => {
    const made = await claim(host && { host });
    if ('ours' in made) return made.ours;
    throw new Error('The folder is taken');
  };
  const socket = (): string => join(folder, 'instance.sock');
  /** Something that is not this app. */
  const listen = async (answer: string | undefined): Promise<void> => {
    const server = createServer((peer) => {
      // Who has heard enough hangs up.
      peer.on('error', () => {});
      if (answer !== undefined) peer.end(answer);
    });
    servers.push(server);
    server.listen(socket());
    await once(server, 'listening');
  };
  const askRaw = async (question: string): Promise<string> => {
    const peer = connect(socket());
    peer.write(question);
    return text(peer);
  };

  it('is the first start; later ones are told its host and its link', async () => {
    const show = vi.fn();
    (await take()).serve({ link: LINK, show });
    expect(await claim()).toEqual({ running: { app: 'clearml-session-tray', host: 'browser', link: LINK } });
    expect(show).not.toHaveBeenCalled();
  });

  it('has no link where it has windows of its own', async () => {
    (await take('electron')).serve({ show: () => {} });
    expect(await claim()).toEqual({ running: { app: 'clearml-session-tray', host: 'electron' } });
  });

  it('comes to the front when a later start asks for it', async () => {
    const show = vi.fn();
    (await take()).serve({ link: LINK, show });
    await claim({ show: true });
    expect(show).toHaveBeenCalledOnce();
  });

  it('lets a later start wait until it has its link', async () => {
    const first = await take();
    const later = claim();
    const early = await Promise.race([later, new Promise((resolve) => setImmediate(resolve, 'waiting'))]);
    expect(early).toBe('waiting');
    first.serve({ link: LINK, show: () => {} });
    expect(await later).toMatchObject({ running: { link: LINK } });
  });

  it('lets a later start wait for its end, and then run', async () => {
    const first = await take();
    first.serve({ link: LINK, show: () => {} });
    first.leave();
    const later = claim();
    await vi.waitFor(async () => expect(await askRaw('who\n')).toBe(''));
    first.release();
    expect(await later).toHaveProperty('ours');
  });

  it('shows itself to its own user only, and leaves nothing behind', async () => {
    const first = await take();
    expect(statSync(socket()).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(['instance.sock']);
    first.release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('never writes its link to the disk', async () => {
    (await take()).serve({ link: LINK, show: () => {} });
    await claim();
    const files = readdirSync(temp, { recursive: true, withFileTypes: true });
    expect(files.filter((entry) => entry.isFile())).toEqual([]);
  });

  it('is taken over from a crash', async () => {
    await crash(socket());
    expect(await claim()).toHaveProperty('ours');
    expect(readdirSync(folder)).toEqual(['instance.sock']);
  });

  it.each([
    ['into an empty folder', false],
    ['after a crash', true],
  ])('is exactly one of many simultaneous starts %s', async (_, crashed) => {
    for (let round = 0; round < 5; round++) {
      if (crashed) await crash(socket());
      const starts = Array.from({ length: 6 }, async () => {
        const made = await claim();
        if ('ours' in made) made.ours.serve({ link: LINK, show: () => {} });
        return made;
      });
      const all = await Promise.all(starts);
      expect(all.filter((made) => 'ours' in made)).toHaveLength(1);
      expect(await claim()).toMatchObject({ running: { link: LINK } });
      for (const made of all) if ('ours' in made) made.ours.release();
    }
  });

  it('is not removed when it listens where a dead one was a moment ago', async () => {
    await crash(socket());
    const dead = identity(socket());
    rmSync(socket());
    (await take()).serve({ link: LINK, show: () => {} });
    removeDead(socket(), dead ?? '');
    expect(await claim()).toMatchObject({ running: { link: LINK } });
  });

  it('is not bothered by connections that ask nothing it knows', async () => {
    (await take()).serve({ link: LINK, show: () => {} });
    for (const question of ['GET / HTTP/1.1\r\n\r\n', '\n', 'x'.repeat(5000)]) {
      expect(await askRaw(question).catch(() => '')).toBe('');
    }
    expect(await askRaw('who\n')).toContain(LINK);
  });

  it('does what a later start hands over, however long it is, and tells what became of it', async () => {
    const obey = vi.fn(async () => ({ ok: true, says: 'A new session was created' }));
    const show = vi.fn();
    (await take()).serve({ link: LINK, show, take: obey });
    const handOver = { do: 'launch', script: '\u00e9\n"'.repeat(300_000) };
    expect(await claim({ show: true, handOver })).toEqual({
      running: { app: 'clearml-session-tray', host: 'browser', link: LINK },
      done: { ok: true, says: 'A new session was created' },
    });
    expect(obey).toHaveBeenCalledExactlyOnceWith(handOver);
    expect(show).not.toHaveBeenCalled();
  });

  it('does nothing of what is too long or no JSON', async () => {
    const obey = vi.fn();
    (await take()).serve({ link: LINK, show: () => {}, take: obey });
    for (const question of [
      '{"do":',
      '{nonsense}\n',
      '{"other":1}\n',
      `{"do":"${'x'.repeat(9_000_000)}"}\n`,
    ]) {
      const answer = askRaw(question);
      expect(await Promise.race([answer.catch(() => ''), pause(300, 'silent')])).toMatch(/^(silent)?$/);
    }
    expect(obey).not.toHaveBeenCalled();
    expect(await askRaw('who\n')).toContain(LINK);
  });

  it.each([
    ['another program', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['another app', '{"app":"other","host":"browser"}\n'],
    [
      'a link elsewhere',
      '{"app":"clearml-session-tray","host":"browser","link":"https://elsewhere.example/#x"}\n',
    ],
    [
      'a link that prints more than a link',
      `${JSON.stringify({ app: 'clearml-session-tray', host: 'browser', link: `${LINK}\n\u001b[2J` })}\n`,
    ],
    ['too much', 'x'.repeat(100_000)],
  ])('is not %s on its socket, which is named', async (_, answer) => {
    await listen(answer);
    await expect(claim()).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining(socket()),
    });
  });

  it.each([
    ['it is only looked for', {}],
    ['something is handed over', { handOver: { do: 'connect' } }],
  ])('that hangs is told so, and not taken over, where %s', async (_, mine) => {
    const { timeout } = AbortSignal;
    vi.spyOn(AbortSignal, 'timeout').mockImplementation((ms) =>
      timeout.call(AbortSignal, ms <= 5000 ? 50 : ms),
    );
    await listen(undefined);
    await expect(claim(mine)).rejects.toMatchObject({
      code: 'timeout',
      hint: expect.stringContaining('--user-data-dir'),
    });
    vi.restoreAllMocks();
    expect(readdirSync(folder)).toEqual(['instance.sock']);
  });

  it('does not remove what is no socket', async () => {
    writeFileSync(socket(), 'a file of somebody');
    await expect(claim()).rejects.toMatchObject({ code: 'conflict' });
    expect(statSync(socket()).size).toBe(18);
  });

  it.runIf(process.platform === 'linux')('runs unseen where a file system has no sockets', async () => {
    folder = '/proc/self';
    const write = vi.fn();
    expect(await claim({ log: { ...silentLog, write } })).toHaveProperty('ours');
    expect(write).toHaveBeenCalledWith('warn', expect.stringContaining('not find'), expect.anything());
  });

  describe('whose path is too long for a socket', () => {
    beforeEach(() => {
      folder = join(folder, 'd'.repeat(120));
      mkdirSync(folder);
    });
    const address = (): string => instanceAddress(process.platform, folder, temp);

    it('listens in a private folder instead', async () => {
      (await take()).serve({ link: LINK, show: () => {} });
      expect(readdirSync(folder)).toEqual([]);
      expect(statSync(dirname(address())).mode & 0o777).toBe(0o700);
      expect(await claim()).toMatchObject({ running: { link: LINK } });
    });

    it('does not listen where others may look', async () => {
      mkdirSync(dirname(address()));
      chmodSync(dirname(address()), 0o755);
      await expect(claim()).rejects.toMatchObject({ code: 'conflict' });
    });

    it('does not listen where somebody else has been', async ({ skip }) => {
      skip(process.getuid?.() !== 0, 'only root can give folders away');
      mkdirSync(dirname(address()), { mode: 0o700 });
      chownSync(dirname(address()), 12345, 12345);
      await expect(claim()).rejects.toMatchObject({ code: 'conflict' });
    });

    it('does not listen where somebody leads it', async () => {
      mkdirSync(join(temp, 'elsewhere'), { mode: 0o700 });
      symlinkSync(join(temp, 'elsewhere'), dirname(address()));
      await expect(claim()).rejects.toMatchObject({ code: 'conflict' });
    });
  });
});

describe('the address of an instance', () => {
  const long = `/home/${'é'.repeat(50)}`;
  it.each([
    ['on Linux', 'linux', '/home/grace/.config/tray', '/home/grace/.config/tray/instance.sock'],
    ['on macOS', 'darwin', '/Users/grace/Library/tray', '/Users/grace/Library/tray/instance.sock'],
    [
      'with a path too long in bytes',
      'linux',
      long,
      expect.stringMatching(/^\/tmp\/clearml-tray-[\da-f]{16}\/instance\.sock$/),
    ],
    [
      'on Windows',
      'win32',
      'C:\\Users\\grace',
      expect.stringMatching(/^\\\\\.\\pipe\\clearml-session-tray-[\da-f]{16}$/),
    ],
  ] as const)('%s', (_, platform, folder, address) => {
    expect(instanceAddress(platform, folder, '/tmp')).toEqual(address);
  });

  it('is another one for another folder, and on Windows the same whatever the case', () => {
    const pipe = (folder: string): string => instanceAddress('win32', folder, '/tmp');
    expect(pipe('C:\\Users\\Grace')).toBe(pipe('c:\\users\\grace'));
    expect(pipe('C:\\Users\\Grace')).not.toBe(pipe('C:\\Users\\Ada'));
    expect(instanceAddress('linux', long, '/tmp')).not.toBe(instanceAddress('linux', `${long}x`, '/tmp'));
  });
});

/** Leaves a socket as a process does that is killed. */
async function crash(path: string): Promise<void> {
  const script = `require('node:net').createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`;
  await promisify(execFile)(process.execPath, ['-e', script, path]).catch(() => {});
  expect(statSync(path).isSocket()).toBe(true);
}
