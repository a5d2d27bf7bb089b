import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2, { type Client, type FileEntry, type SFTPWrapper } from 'ssh2';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { generateHostKey } from '../../../main/core/ssh/keys.ts';
import { hostKeysOf, type SessionHost, startSessionHost } from '../../../main/demo/session/session-host.ts';
import { connectSsh, forward, get, run, shell, waitFor } from './ssh.ts';

const { utils } = ssh2;
const PASSWORD = 'correct horse';

let folder: string;
let home: string;
let host: SessionHost;
let client: Client;
const hostKey = generateHostKey().privateKey;

function publicKey(privateKey: string): Buffer {
  const parsed = utils.parseKey(privateKey);
  if (parsed instanceof Error) throw parsed;
  return parsed.getPublicSSH();
}

const login = (extra: object = {}) =>
  connectSsh({ port: host.sshPort, username: 'root', password: PASSWORD, ...extra });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'demo-host-'));
  home = join(folder, 'home');
  host = await startSessionHost({
    folder: home,
    session: 'My <session>',
    hostname: 'box-1',
    password: PASSWORD,
    hostKeys: [hostKey],
    realTools: false,
  });
  client = await login();
});

afterAll(async () => {
  client.end();
  await host.stop();
  await rm(folder, { recursive: true, force: true });
});

describe('logging in', () => {
  it('shows the host key of the task', async () => {
    const expected = createHash('sha256').update(publicKey(hostKey)).digest('hex');
    let seen = '';
    const other = await login({
      hostHash: 'sha256',
      hostVerifier: (hash: string) => {
        seen = hash;
        return true;
      },
    });
    other.end();
    expect(seen).toBe(expected);
  });

  it.each([
    ['a wrong password', { password: 'wrong' }],
    ['another user', { username: 'admin' }],
    ['no password', { password: undefined }],
    ['an unknown key', { password: undefined, privateKey: generateHostKey().privateKey }],
  ])('fails with %s', async (_, config) => {
    await expect(login(config)).rejects.toThrow('authentication methods failed');
  });

  it('works with a key once it is in authorized_keys', async () => {
    const privateKey = generateHostKey().privateKey;
    const publicLine = `ssh-ed25519 ${publicKey(privateKey).toString('base64')} the app`;
    const config = { password: undefined, privateKey };
    await expect(login(config)).rejects.toThrow();
    await run(client, 'mkdir -p ~/.ssh && cat >> ~/.ssh/authorized_keys', {
      input: `# keys\n${publicLine}\nnot a key\n`,
    });
    const other = await login(config);
    other.end();
  });
});

describe('commands', () => {
  it('run in the home of the session with its exit status', async () => {
    const ran = await run(client, 'pwd; echo to-err >&2; exit 3');
    expect(ran).toEqual({ code: 3, signal: undefined, out: `${home}\n`, err: 'to-err\n' });
  });

  it('read their input to its end', async () => {
    expect(await run(client, 'wc -c', { input: 'x'.repeat(200_000) })).toMatchObject({
      code: 0,
      out: '200000\n',
    });
  });

  it('lose nothing of a long output', async () => {
    const both =
      'head -c 9000000 /dev/zero >&2 & head -c 20000000 /dev/zero; wait; head -c 3000000 /dev/zero >&2';
    const { code, out, err } = await run(client, both);
    expect([code, out.length, err.length]).toEqual([0, 20_000_000, 12_000_000]);
  });

  it('see nothing of the environment of the app', async () => {
    process.env['DEMO_TEST_SECRET'] = 'hidden';
    const { out } = await run(client, 'env');
    delete process.env['DEMO_TEST_SECRET'];
    expect(out).toContain(`HOME=${home}`);
    expect(out).not.toContain('hidden');
  });

  it('end with the channel, and what they started too', async () => {
    const channel = await shell(client, false);
    channel.write('sleep 1000 & echo child $!; wait\n');
    const seen = await waitFor(channel, /child \d+\s/);
    const pid = Number(/child (\d+)/.exec(seen)?.[1]);
    channel.close();
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('that cannot be found say so', async () => {
    expect(await run(client, 'no-such-program-here')).toMatchObject({
      code: 127,
      err: expect.stringContaining('not found'),
    });
  });

  it('have a terminal of the asked size', async () => {
    const { code, out } = await run(client, 'stty size; exit 4', { pty: { rows: 33, cols: 101 } });
    expect([code, out]).toEqual([4, '33 101\r\n']);
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('a shell', () => {
  it('greets, follows the size of the window and ends with the status of its end', async () => {
    const channel = await shell(client, { rows: 40, cols: 120 });
    const exited = once(channel, 'exit');
    await waitFor(channel, 'runs on your own computer');
    channel.write('stty size\n');
    await waitFor(channel, '40 120');
    channel.setWindow(50, 132, 0, 0);
    channel.write('sleep 0.2; stty size\n');
    await waitFor(channel, '50 132');
    channel.write('exit 5\n');
    expect((await exited)[0]).toBe(5);
  });
});

describe('SFTP', () => {
  let sftp: SFTPWrapper;

  beforeAll(async () => {
    sftp = await new Promise((resolve, reject) => {
      client.sftp((error, session) => (error ? reject(error) : resolve(session)));
    });
  });

  const done = (work: (callback: (error?: Error | null) => void) => void) =>
    new Promise<void>((resolve, reject) => {
      work((error) => (error ? reject(error) : resolve()));
    });
  const list = (path: string) =>
    new Promise<FileEntry[]>((resolve, reject) => {
      sftp.readdir(path, (error, entries) => (error ? reject(error) : resolve(entries)));
    });

  it('writes, reads, renames and removes', async () => {
    const content = Buffer.alloc(300_000, 'abc');
    await writeFile(join(folder, 'local'), content);
    await done((cb) => sftp.mkdir('dir', cb));
    await done((cb) => sftp.fastPut(join(folder, 'local'), 'dir/a.bin', cb));
    expect((await readFile(join(home, 'dir', 'a.bin'))).equals(content)).toBe(true);
    await done((cb) => sftp.rename('dir/a.bin', 'dir/b.bin', cb));
    expect(await list('dir')).toMatchObject([{ filename: 'b.bin', attrs: { size: 300_000 } }]);
    await done((cb) => sftp.fastGet(`${home}/dir/b.bin`, join(folder, 'back'), cb));
    expect((await readFile(join(folder, 'back'))).equals(content)).toBe(true);
    await done((cb) => sftp.unlink('dir/b.bin', cb));
    await done((cb) => sftp.rmdir('dir', cb));
    expect(existsSync(join(home, 'dir'))).toBe(false);
  });

  it('answers in order, which OpenSSH relies on', async () => {
    await writeFile(join(home, 'large'), Buffer.alloc(1_000_000, 'abc'));
    const handle = await new Promise<Buffer>((resolve, reject) => {
      sftp.open('large', 'r', (error, opened) => (error ? reject(error) : resolve(opened)));
    });
    const order: number[] = [];
    const offsets = Array.from({ length: 30 }, (_, i) => i * 32_768);
    await Promise.all(
      offsets.map((at) =>
        done((cb) =>
          sftp.read(handle, Buffer.alloc(32_768), 0, 32_768, at, (error) => {
            order.push(at);
            cb(error ?? null);
          }),
        ),
      ),
    );
    expect(order).toEqual(offsets);
  });

  it('starts in the home', async () => {
    const path = await new Promise((resolve, reject) => {
      sftp.realpath('.', (error, found) => (error ? reject(error) : resolve(found)));
    });
    expect(path).toBe(home);
  });

  it.each(['../local', '/etc/passwd', 'link/local', '../home-of-another'])(
    'does not lead to %s',
    async (path) => {
      await run(client, `ln -sfn '${folder}' link`);
      await expect(done((cb) => sftp.readFile(path, (error) => cb(error)))).rejects.toThrow(
        'Permission denied',
      );
      await expect(done((cb) => sftp.writeFile(path, 'x', (error) => cb(error)))).rejects.toThrow(
        'Permission denied',
      );
    },
  );

  it('says what is missing', async () => {
    await expect(done((cb) => sftp.readFile('nothing', (error) => cb(error)))).rejects.toThrow(
      'No such file',
    );
  });
});

describe('forwarding', () => {
  it('leads to the services of the session, and to nothing beyond its loopback', async () => {
    const port = await host.startVscode();
    expect(await get(client, port, '/')).toContain('VS Code would be here');
    for (const [target, targetPort] of [
      ['127.0.0.1', port + 1],
      ['192.0.2.1', port],
    ] as const)
      await expect(forward(client, target, targetPort)).rejects.toThrow('Channel open failure');
  });

  it('answers a client that has ended its way already', async () => {
    const port = await host.startVscode();
    const channel = await forward(client, 'localhost', port);
    let answer = '';
    channel.on('data', (chunk: Buffer) => {
      answer += chunk.toString('utf8');
    });
    const closed = once(channel, 'close');
    channel.end('GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    await closed;
    expect(answer).toContain('</html>');
  });

  it('leads to its own SSH port', async () => {
    const channel = await forward(client, '127.0.0.1', host.sshPort);
    expect(await waitFor(channel, 'SSH-2.0')).toMatch(/^SSH-2.0-/);
    channel.close();
  });

  it('lets Jupyter in by its token, then by a cookie', async () => {
    const port = await host.startJupyter('the-token');
    expect(await get(client, port, '/')).toMatch(/^HTTP\/1.1 403/);
    expect(await get(client, port, '/?token=wrong')).toMatch(/^HTTP\/1.1 403/);
    const first = await get(client, port, '/?token=the-token&file-browser-path=/x');
    expect(first).toMatch(/^HTTP\/1.1 302/);
    expect(first).toContain('Location: /?file-browser-path=%2Fx');
    const cookie = /Set-Cookie: ([^;]+);/.exec(first)?.[1] ?? '';
    const page = await get(client, port, '/', cookie);
    expect(page).toMatch(/^HTTP\/1.1 200/);
    expect(page).toContain('My &#60;session&#62;');
    expect(page).not.toContain('the-token');
  });

  it('carries the numbered messages of the page without a gap', async () => {
    const port = await host.startVscode();
    const channel = await forward(client, 'localhost', port);
    const socket = new WebSocket('ws://localhost:8898/counter', { createConnection: () => channel });
    const numbers: number[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on('error', reject);
      socket.on('message', (data) => {
        numbers.push(Number(data.toString()));
        if (numbers.length === 4) resolve();
      });
    });
    socket.terminate();
    const [first = 0] = numbers;
    expect(numbers).toEqual([first, first + 1, first + 2, first + 3]);
  });

  it('refuses the messages without the token', async () => {
    const port = await host.startJupyter('another-token');
    const channel = await forward(client, 'localhost', port);
    const socket = new WebSocket('ws://localhost:8898/counter', { createConnection: () => channel });
    const [error] = (await once(socket, 'error')) as [Error];
    expect(error.message).toContain('403');
  });
});

describe('broken connections', () => {
  it('are dropped on command', async () => {
    const other = await login();
    const closed = once(other, 'close');
    expect(host.killConnections()).toBeGreaterThan(0);
    await closed;
    client = await login();
  });

  it('freeze and thaw with nothing lost', async () => {
    const other = await login();
    host.setTrouble('frozen');
    const late = login();
    let state = 'silent';
    const ran = run(other, 'echo alive').then((result) => {
      state = 'answered';
      return result;
    });
    late.then(
      () => {
        state = 'answered';
      },
      () => {},
    );
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(state).toBe('silent');
    host.setTrouble('none');
    expect((await ran).out).toBe('alive\n');
    (await late).end();
    other.end();
  });

  it('are refused on command', async () => {
    host.setTrouble('refusing');
    await expect(login()).rejects.toThrow();
    host.setTrouble('none');
    (await login()).end();
  });

  it('answer OpenSSH keepalives', async () => {
    const other = await login({ keepaliveInterval: 50, keepaliveCountMax: 2 });
    await new Promise((resolve) => setTimeout(resolve, 400));
    expect((await run(other, 'echo still here')).out).toBe('still here\n');
    other.end();
  });
});

describe('the end of a session host', () => {
  it('leaves no folder, no connection and no program', async () => {
    const path = join(folder, 'short');
    const short = await startSessionHost({
      folder: path,
      session: 's',
      hostname: 'h',
      password: PASSWORD,
      hostKeys: [generateHostKey().privateKey],
      realTools: false,
    });
    await short.startJupyter('t');
    const other = await connectSsh({ port: short.sshPort, username: 'root', password: PASSWORD });
    const channel = await shell(other, { rows: 24, cols: 80 });
    channel.write('echo p"id" $$\n');
    const pid = Number(/pid (\d+)\r/.exec(await waitFor(channel, /pid \d+\r/))?.[1]);
    const closed = once(other, 'close');
    await short.stop();
    await closed;
    expect([existsSync(path), pid > 0]).toEqual([false, true]);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });
});

describe('the host keys of a task', () => {
  const type = (key: string | undefined) => {
    const parsed = utils.parseKey(key ?? '');
    return parsed instanceof Error ? parsed.message : parsed.type;
  };

  it('are those of its SSH configuration', () => {
    const text = JSON.stringify({
      ssh_host_ed25519_key: hostKey,
      ssh_host_ed25519_key__pub: 'ssh-ed25519 AAAA',
      ssh_host_rsa_key: null,
      ssh_host_ecdsa_key: null,
    });
    expect(hostKeysOf(text)).toEqual([hostKey]);
  });

  it.each([undefined, '', 'ssh_host_rsa_key: """..."""', '{}', '{"ssh_host_rsa_key": "nonsense"}', '[]'])(
    'are made up for %j',
    (text) => {
      const keys = hostKeysOf(text);
      expect([keys.length, type(keys[0])]).toEqual([1, 'ssh-ed25519']);
    },
  );
});
