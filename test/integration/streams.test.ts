import { execFile, spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { reasonAgainst, type SshServer, startDropbear, startJupyter, startSshd } from './servers.ts';
import {
  A,
  askLocal,
  dialLocal,
  echoServer,
  type RemoteServer,
  type TunnelBench,
  targetOf,
  tunnelBench,
} from './tunnel-bench.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function running<T extends { stop(): Promise<void> }>(server: Promise<T | null>): Promise<T> {
  const started = await server;
  if (!started) throw new Error('It cannot run here.');
  cleanups.push(() => started.stop());
  return started;
}

async function remote(server: Promise<RemoteServer>): Promise<RemoteServer> {
  const started = await server;
  cleanups.push(started.close);
  return started;
}

function bench(): TunnelBench {
  const made = tunnelBench();
  cleanups.push(() => made.stop());
  return made;
}

function folder(): string {
  const made = mkdtempSync(join(tmpdir(), 'tray-streams-'));
  cleanups.push(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Kills the connection again and again until it is told to stop; resolves with how often. */
function keepKilling(b: TunnelBench, server: SshServer, everyMs: number): { stop(): Promise<number> } {
  let stopped = false;
  const kills = (async () => {
    let count = 0;
    while (!stopped) {
      await sleep(everyMs);
      if (b.links().at(-1)?.at === 'waiting') b.pool.reconnect(A);
      if (b.links().at(-1)?.at !== 'up') continue;
      server.kill();
      count++;
    }
    return count;
  })();
  return {
    stop: () => {
      stopped = true;
      return kills;
    },
  };
}

/** The process of the relay that was started last. */
const relayPid = (b: TunnelBench): number =>
  Number(/"pid":(\d+)/.exec(b.log.findLast((line) => line.startsWith('The relay is running')) ?? '')?.[1]);

/** Folders of the relay with this process. */
const relayFolder = (pid: number): string | undefined =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith('clearml-session-tray-relay-'))
    .map((name) => join(tmpdir(), name, 'pid'))
    .find((file) => existsSync(file) && Number(readFileSync(file, 'utf8')) === pid);

const sha256 = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

/** As `ssh` and `scp` of this computer log in through the local port. */
function sshOptions(b: TunnelBench, port: number | undefined): readonly string[] {
  const options = {
    IdentityFile: b.key.file,
    IdentitiesOnly: 'yes',
    StrictHostKeyChecking: 'no',
    UserKnownHostsFile: '/dev/null',
    LogLevel: 'ERROR',
    Port: String(port),
  };
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

describe.each([
  ['sshd', startSshd],
  ['dropbear', startDropbear],
] as const)('connections through %s', (name, start) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    it('outlive their link, and end when they are closed', async () => {
      const [echo, server, b] = [await remote(echoServer()), await running(start()), bench()];
      const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
      await b.logged('The relay is running');
      const open = await dialLocal(jupyter);
      for (const text of ['one', 'two', 'three']) {
        open.write(text);
        expect(String((await once(open, 'data'))[0])).toBe(text);
        server.kill();
        await b.told((links) => links.at(-1)?.at !== 'up');
        b.pool.reconnect(A);
        await b.until('up');
      }
      open.end();
      await once(open, 'end');
    });

    it('leave no process, folder or file behind once the session is left', async () => {
      const [echo, server, b] = [await remote(echoServer()), await running(start()), bench()];
      const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
      await b.logged('The relay is running');
      const pid = relayPid(b);
      expect(relayFolder(pid)).toBeDefined();
      await dialLocal(jupyter);
      await b.pool.close(A);
      await expect.poll(() => relayFolder(pid), { timeout: 5000 }).toBeUndefined();
    });

    it('are closed, and told of, when the relay is gone; later ones outlive links again', async () => {
      const [echo, server, b] = [await remote(echoServer()), await running(start()), bench()];
      const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
      await b.logged('The relay is running');
      const open = await dialLocal(jupyter);
      open.write('x');
      await once(open, 'data');
      const broken = once(open, 'close').catch((error: unknown) => error);
      const first = relayPid(b);
      process.kill(first, 'SIGKILL');
      // Closed, never joined to a new connection over there.
      expect(await broken).toMatchObject({ code: 'ECONNRESET' });
      await b.told((links) =>
        links.some((link) => link.at === 'up' && /One connection was closed/.test(link.cut ?? '')),
      );
      expect(await askLocal(jupyter, 'again')).toBe('again');
      expect(relayPid(b)).not.toBe(first);
      // What it left behind was cleared away by the next one.
      await expect.poll(() => relayFolder(first)).toBeUndefined();
    });
  });
});

describe.skipIf(reasonAgainst('sshd'))('connections', () => {
  it('end with their link where no helper can be started, and it is said why', async () => {
    const [echo, server, b] = [
      await remote(echoServer()),
      await running(startSshd({ bashrc: 'exit 0\n' })),
      bench(),
    ];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.told((links) => links.some((link) => link.at === 'up' && link.plain !== undefined));
    expect(b.links().at(-1)).toMatchObject({ plain: 'the machine does not start its helper' });
    expect(await askLocal(jupyter, 'plain')).toBe('plain');
    const open = await dialLocal(jupyter);
    open.write('x');
    await once(open, 'data');
    const broken = once(open, 'close').catch((error: unknown) => error);
    server.kill();
    expect(await broken).toMatchObject({ code: 'ECONNRESET' });
  });

  it('do not wait for rc files that block, and outlive links once those are done', async () => {
    const [echo, server, b] = [
      await remote(echoServer()),
      await running(startSshd({ bashrc: 'echo noise; sleep 6; echo more noise\n' })),
      bench(),
    ];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    expect(await askLocal(jupyter, 'early')).toBe('early');
    expect(b.links().at(-1)).toMatchObject({ plain: 'the machine is slow to start its helper' });
    await b.logged('The relay is running');
    const late = b.links().at(-1);
    expect(late?.at === 'up' && late.plain).toBeUndefined();
  });

  it('go through a port where the server does not forward to sockets', async () => {
    const conf = 'AllowStreamLocalForwarding no';
    const [echo, server, b] = [
      await remote(echoServer()),
      await running(startSshd({ extraConf: conf })),
      bench(),
    ];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.logged('"tcp":true');
    expect(await askLocal(jupyter, 'over tcp')).toBe('over tcp');
  });

  it('go without a helper where the server lets only some ports be reached', async () => {
    const echo = await remote(echoServer());
    const conf = `AllowStreamLocalForwarding no\nPermitOpen 127.0.0.1:${echo.port}`;
    const [server, b] = [await running(startSshd({ extraConf: conf })), bench()];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    expect(await askLocal(jupyter, 'plain')).toBe('plain');
    await b.logged('there is no relay');
    expect(b.links().at(-1)).toMatchObject({ plain: 'the machine does not let its helper be reached' });
  });

  it('of someone who is not root outlive links too', async () => {
    const server = await running(startSshd({ username: 'grace' }));
    const [echo, b] = [await remote(echoServer()), bench()];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.logged('The relay is running');
    const open = await dialLocal(jupyter);
    open.write('x');
    await once(open, 'data');
    server.kill();
    await b.told((links) => links.at(-1)?.at !== 'up');
    open.write('y');
    expect(String((await once(open, 'data'))[0])).toBe('y');
  });

  it('go on over the second connection when the first one is killed', async () => {
    const [echo, server, b] = [
      await remote(echoServer()),
      await running(startSshd()),
      tunnelBench({ standbys: 1 }),
    ];
    cleanups.push(() => b.stop());
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.logged('The relay is running');
    const open = await dialLocal(jupyter);
    open.write('x');
    await once(open, 'data');
    const first = server.sessions();
    await expect.poll(() => server.sessions().length, { timeout: 10_000 }).toBeGreaterThan(first.length);
    await sleep(1000);
    const second = server.sessions().filter((pid) => !first.includes(pid));
    for (const pid of first) process.kill(pid, 'SIGKILL');
    await b.told((links) => links.at(-1)?.at !== 'up');
    await b.until('up');
    open.write('y');
    expect(String((await once(open, 'data'))[0])).toBe('y');
    expect(server.sessions()).toEqual(expect.arrayContaining(second));
    expect(server.log().match(/Accepted (password|publickey) for/g)).toHaveLength(2);
  });

  it('of two computers go through relays of their own', async () => {
    const [echo, server, one, two] = [
      await remote(echoServer()),
      await running(startSshd()),
      bench(),
      bench(),
    ];
    const ports = [one, two].map((b) => b.pool.open(A, targetOf(server, { jupyter: echo.port }), {}));
    await Promise.all([one, two].map((b) => b.logged('The relay is running')));
    expect(relayPid(one)).not.toBe(relayPid(two));
    await one.pool.close(A);
    expect(await askLocal((await ports[1])?.jupyter, 'mine')).toBe('mine');
  });
});

describe.skipIf(reasonAgainst('sshd'))('while the connection is killed again and again', () => {
  it('downloads and uploads over HTTP are whole', { timeout: 120_000 }, async () => {
    const data = randomBytes(24 << 20);
    const web = createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      const sent = Buffer.concat(chunks);
      if (request.method === 'PUT') return void response.end(sha256(sent));
      response.writeHead(200, { 'content-length': data.length });
      for (let at = 0; at < data.length; at += 1 << 18) {
        if (!response.write(data.subarray(at, at + (1 << 18)))) await once(response, 'drain');
        await sleep(10);
      }
      response.end();
    });
    web.listen(0, '127.0.0.1');
    await once(web, 'listening');
    cleanups.push(() => web.close());
    const [server, b] = [await running(startSshd()), bench()];
    const { jupyter } = await b.pool.open(
      A,
      targetOf(server, { jupyter: (web.address() as AddressInfo).port }),
      {},
    );
    await b.logged('The relay is running');
    const killing = keepKilling(b, server, 150);
    const url = `http://127.0.0.1:${jupyter}/`;
    const [down, up] = await Promise.all([
      fetch(url).then(async (reply) => sha256(Buffer.from(await reply.arrayBuffer()))),
      fetch(url, { method: 'PUT', body: data }).then((reply) => reply.text()),
    ]);
    expect([down, up]).toEqual([sha256(data), sha256(data)]);
    expect(await killing.stop()).toBeGreaterThan(1);
  });

  it('scp copies a file there and back, equal', { timeout: 120_000 }, async () => {
    const b = bench();
    const [outer, inner] = [
      await running(startSshd()),
      await running(startSshd({ authorizedKeys: [b.key.publicLine] })),
    ];
    const { ssh } = await b.pool.open(A, targetOf(outer, { ssh: inner.port }), {});
    await b.logged('The relay is running');
    const work = folder();
    const data = randomBytes(48 << 20);
    writeFileSync(join(work, 'there'), data);
    const scp = (...files: string[]) =>
      promisify(execFile)('scp', ['-l', '400000', ...sshOptions(b, ssh), ...files], { timeout: 100_000 });
    const killing = keepKilling(b, outer, 150);
    await scp(join(work, 'there'), 'root@127.0.0.1:copied');
    await scp('root@127.0.0.1:copied', join(work, 'back'));
    expect(sha256(readFileSync(join(work, 'back')))).toBe(sha256(data));
    expect(await killing.stop()).toBeGreaterThan(1);
  });

  it('a shell goes on', { timeout: 120_000 }, async () => {
    const b = bench();
    const [outer, inner] = [
      await running(startSshd()),
      await running(startSshd({ authorizedKeys: [b.key.publicLine] })),
    ];
    const { ssh } = await b.pool.open(A, targetOf(outer, { ssh: inner.port }), {});
    await b.logged('The relay is running');
    const shell = spawn('ssh', ['-tt', ...sshOptions(b, ssh), 'root@127.0.0.1'], { stdio: 'pipe' });
    cleanups.push(() => shell.kill());
    let output = '';
    shell.stdout.on('data', (chunk) => (output += chunk));
    const killing = keepKilling(b, outer, 200);
    for (let n = 1; n <= 15; n++) {
      // The sum is not in the echo of what was typed.
      shell.stdin.write(`echo "sum $((${n} * 1000 + 7))"\n`);
      await expect.poll(() => output, { timeout: 20_000 }).toContain(`sum ${n * 1000 + 7}`);
      await sleep(50);
    }
    expect(await killing.stop()).toBeGreaterThan(1);
    shell.stdin.write('exit\n');
    expect(await once(shell, 'exit')).toEqual([0, null]);
  });
});

describe.skipIf(reasonAgainst('sshd') ?? reasonAgainst('jupyter'))('a kernel of JupyterLab', () => {
  it('shows all its output while the connection is killed again and again', {
    timeout: 120_000,
  }, async () => {
    const [jupyterServer, server, b] = [await running(startJupyter()), await running(startSshd()), bench()];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: jupyterServer.port }), {});
    await b.logged('The relay is running');
    const headers = { Authorization: `token ${jupyterServer.token}` };
    const base = `127.0.0.1:${jupyter}/api/kernels`;
    const { id } = (await (await fetch(`http://${base}`, { method: 'POST', headers })).json()) as {
      id: string;
    };
    const socket = new WebSocket(`ws://${base}/${id}/channels?session_id=t`, { headers });
    await once(socket, 'open');
    let printed = '';
    const idle = new Promise<void>((resolve, reject) => {
      socket.on('close', () => reject(new Error('The WebSocket was closed.')));
      socket.on('message', (data) => {
        const { msg_type, content } = JSON.parse(String(data)) as {
          msg_type: string;
          content: { text?: string };
        };
        if (msg_type === 'stream') printed += content.text ?? '';
        if (msg_type === 'execute_reply') resolve();
      });
    });
    const content = {
      code: 'import time\nfor n in range(400):\n    print("line", n, flush=True); time.sleep(0.01)',
      silent: false,
      store_history: false,
      user_expressions: {},
      allow_stdin: false,
    };
    const header = { msg_id: '1', msg_type: 'execute_request', username: 't', session: 't', version: '5.3' };
    const killing = keepKilling(b, server, 200);
    socket.send(JSON.stringify({ header, parent_header: {}, metadata: {}, content, channel: 'shell' }));
    await idle;
    await expect.poll(() => printed.split('\n').length).toBe(401);
    expect(printed).toBe(Array.from({ length: 400 }, (_, n) => `line ${n}\n`).join(''));
    expect(await killing.stop()).toBeGreaterThan(3);
    socket.removeAllListeners('close').close();
  });
});
