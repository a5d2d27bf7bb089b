import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { keepKilling } from '../chaos/keep-killing.ts';
import { bench, remote, running } from './kept.ts';
import { reasonAgainst, startDropbear, startJupyter, startSshd } from './servers.ts';
import { A, askLocal, dialLocal, echoServer, type TunnelBench, targetOf } from './tunnel-bench.ts';

/** The process of the relay that was started last. */
const relayPid = (b: TunnelBench): number =>
  Number(/"pid":(\d+)/.exec(b.log.findLast((line) => line.startsWith('The relay is running')) ?? '')?.[1]);

/** Folders of the relay with this process. */
const relayFolder = (pid: number): string | undefined =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith('clearml-session-tray-relay-'))
    .map((name) => join(tmpdir(), name, 'pid'))
    .find((file) => existsSync(file) && Number(readFileSync(file, 'utf8')) === pid);

/** What sshd says of a login. */
const ACCEPTED = /Accepted (password|publickey) for/g;

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
      await expect.poll(() => relayFolder(pid)).toBeUndefined();
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
      bench({ standbys: 1 }),
    ];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.logged('The relay is running');
    const open = await dialLocal(jupyter);
    open.write('x');
    await once(open, 'data');
    const first = server.sessions();
    await expect.poll(() => server.sessions().length).toBeGreaterThan(first.length);
    // Logged in, it may still be about to be told so.
    await expect.poll(() => server.log().match(ACCEPTED)).toHaveLength(2);
    await sleep(1000);
    const second = server.sessions().filter((pid) => !first.includes(pid));
    for (const pid of first) process.kill(pid, 'SIGKILL');
    await b.told((links) => links.at(-1)?.at !== 'up');
    await b.until('up');
    open.write('y');
    expect(String((await once(open, 'data'))[0])).toBe('y');
    expect(server.sessions()).toEqual(expect.arrayContaining(second));
    expect(server.log().match(ACCEPTED)).toHaveLength(2);
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
