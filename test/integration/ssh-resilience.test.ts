import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, createServer, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { bench, remote, running } from './kept.ts';
import { reasonAgainst, startDropbear, startSshd } from './servers.ts';
import {
  A,
  askLocal,
  dialLocal,
  echoServer,
  type RemoteServer,
  remoteServer,
  type TunnelBench,
  targetOf,
  tunnelBench,
} from './tunnel-bench.ts';

/** Runs what breaks the link, and waits until the link was told to be lost and is up again. */
async function comesBack(b: TunnelBench, breakIt: () => void): Promise<void> {
  const before = b.links().length;
  breakIt();
  await b.told(
    (links) => links.slice(before).some(({ at }) => at === 'waiting') && links.at(-1)?.at === 'up',
  );
}

describe.each([
  ['sshd', startSshd],
  ['dropbear', startDropbear],
] as const)('a tunnel whose %s', (name, start) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    it('connection is killed comes back on the same local port', async () => {
      const [echo, server, b] = [await remote(echoServer()), await running(start()), bench()];
      const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
      await b.until('up');
      const open = await dialLocal(jupyter);
      open.write('x');
      await once(open, 'data');
      await comesBack(b, () => server.kill());
      open.write('y');
      expect(String((await once(open, 'data'))[0])).toBe('y');
      expect(await askLocal(jupyter, 'again')).toBe('again');
    });

    it('machine freezes is told within seconds, and comes back when it thaws', async () => {
      const [echo, server, b] = [await remote(echoServer()), await running(start()), bench()];
      const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
      await b.until('up');
      await b.logged('"added"');
      // Until its last bytes are here: they would count as life.
      await sleep(200);
      server.freeze();
      const frozenAt = Date.now();
      const lost = await b.until('waiting');
      // 2.5 s; the rest is for a busy computer. Without an own look at it, it would be many minutes.
      expect(Date.now() - frozenAt).toBeLessThan(20_000);
      expect(lost).toMatchObject({ reason: { code: 'timeout' } });
      // What is opened meanwhile waits for it.
      const answer = askLocal(jupyter, 'patience');
      await b.until('connecting');
      server.thaw();
      await b.until('up');
      expect(await answer).toBe('patience');
    });

    it('server comes back at another port is found there', async () => {
      const [echo, server, b] = [await remote(echoServer()), await running(start()), bench()];
      const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
      await b.until('up');
      await server.down();
      const back = await running(start({ sameAs: server }));
      expect(back.port).not.toBe(server.port);
      b.moveTo(targetOf(back, { jupyter: echo.port }));
      await b.until('up');
      expect(await askLocal(jupyter, 'there')).toBe('there');
    });
  });
});

describe.skipIf(reasonAgainst('sshd'))('a tunnel', () => {
  it('tells once since when it is lost, however often it tries', async () => {
    const [server, b] = [await running(startSshd()), bench()];
    await b.pool.open(A, targetOf(server), {});
    await b.until('up');
    await server.down();
    await b.told((links) => links.filter(({ at }) => at === 'waiting').length === 3);
    const lostAt = b.links().flatMap((link) => (link.at === 'waiting' ? [link.lostAt] : []));
    expect(new Set(lostAt).size).toBe(1);
    const back = await running(startSshd({ sameAs: server, port: server.port }));
    await b.until('up');
    expect(back.port).toBe(server.port);
  });

  it('keeps connections waiting until its server is there', async () => {
    const [echo, server, b] = [await remote(echoServer()), await running(startSshd()), bench()];
    await server.down();
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    const answers = Promise.all([askLocal(jupyter, 'one'), askLocal(jupyter, 'two', '::1')]);
    await b.until('waiting');
    await running(startSshd({ sameAs: server, port: server.port }));
    expect(await answers).toEqual(['one', 'two']);
  });

  it('survives fifty reconnections without leaving anything behind', async () => {
    const warnings: Error[] = [];
    const note = (warning: Error) => warnings.push(warning);
    process.on('warning', note);
    const [echo, server, b] = [await remote(echoServer()), await running(startSshd()), bench()];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.until('up');
    await b.logged('"added"');
    const use = async () => {
      const open = await dialLocal(jupyter);
      open.write('x');
      await once(open, 'data');
      return open;
    };
    const holds = (): Record<string, number> => {
      const held: Record<string, number> = { files: readdirSync('/proc/self/fd').length };
      for (const kind of process.getActiveResourcesInfo()) held[kind] = (held[kind] ?? 0) + 1;
      return held;
    };
    (await use()).destroy();
    b.pool.reconnect(A);
    await b.until('up');
    // Once what is on its way out has gone.
    await sleep(2500);
    const before = holds();
    for (let n = 0; n < 50; n++) {
      const open = await use();
      b.pool.reconnect(A);
      await b.until('up');
      open.write('x');
      await once(open, 'data');
      open.destroy();
    }
    // What leaks once in each of them would be there fifty times.
    const more = () => Object.entries(holds()).filter(([kind, count]) => count > (before[kind] ?? 0) + 3);
    await expect.poll(more).toEqual([]);
    expect(await askLocal(jupyter, 'still')).toBe('still');
    await expect.poll(() => server.sessions().length).toBeLessThanOrEqual(2);
    process.off('warning', note);
    expect(warnings).toEqual([]);
  });

  it('leaves no handle when it is stopped', async () => {
    const [echo, server] = [await remote(echoServer()), await running(startSshd())];
    const held = (): Map<string, number> => {
      const kinds = new Map<string, number>();
      for (const kind of process.getActiveResourcesInfo()) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
      return kinds;
    };
    const before = held();
    const b = tunnelBench();
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.until('up');
    const open = await dialLocal(jupyter);
    await Promise.all([once(open, 'close').catch(() => {}), b.stop()]);
    // What is on its way out may take a moment.
    const more = () => [...held()].filter(([kind, count]) => count > (before.get(kind) ?? 0));
    await expect.poll(more).toEqual([]);
  });

  it('dials nobody while the computer sleeps, and comes back when it wakes', async () => {
    const [server, b] = [await running(startSshd()), bench()];
    await b.pool.open(A, targetOf(server), {});
    await b.until('up');
    b.pool.sleep();
    server.kill();
    await b.until('waiting');
    const before = b.links().length;
    await sleep(1500);
    expect(b.links()).toHaveLength(before);
    b.pool.wake();
    b.pool.wake();
    await b.until('up');
  });

  it('keeps its connections through a short sleep', async () => {
    const [echo, server, b] = [await remote(echoServer()), await running(startSshd()), bench()];
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.until('up');
    const open = await dialLocal(jupyter);
    b.pool.sleep();
    b.pool.wake();
    open.write('x');
    expect(String((await once(open, 'data'))[0])).toBe('x');
    expect(b.links().map(({ at }) => at)).toEqual(['connecting', 'up']);
  });

  it('takes its old ports again after a restart of the app, unless another program has them', async () => {
    const [server, first] = [await running(startSshd()), tunnelBench()];
    const ports = await first.pool.open(A, targetOf(server, { jupyter: 1 }), {});
    await first.stop();
    const second = tunnelBench();
    expect(await second.pool.open(A, targetOf(server, { jupyter: 1 }), ports)).toEqual(ports);
    await second.stop();
    const other = createServer().listen(ports.jupyter, '::1');
    await once(other, 'listening');
    const third = bench();
    const moved = await third.pool.open(A, targetOf(server, { jupyter: 1 }), ports);
    expect(moved.ssh).toBe(ports.ssh);
    expect(moved.jupyter).not.toBe(ports.jupyter);
    other.close();
  });

  it('is not taken for dead on a slow link under full load', async () => {
    const server = await running(startSshd());
    const slow = await remote(slowLink(server.port, 512 * 1024, 50));
    const flood = await remote(
      remoteServer((socket) => {
        socket.resume();
        const pour = () => {
          while (socket.write(randomBytes(1 << 16)));
        };
        socket.on('drain', pour);
        pour();
      }),
    );
    const b = bench();
    const target = targetOf(server, { jupyter: flood.port }, { port: slow.port });
    const { jupyter } = await b.pool.open(A, target, {});
    await b.until('up');
    const sockets = await Promise.all([1, 2, 3].map(() => dialLocal(jupyter)));
    for (const socket of sockets) {
      socket.resume();
      socket.write(Buffer.alloc(8 << 20));
    }
    // The answers queue behind megabytes, far longer than the 2 s that they have.
    for (let n = 0; n < 3; n++) {
      b.pool.networkChanged();
      await sleep(2500);
    }
    expect(b.links().map(({ at }) => at)).toEqual(['connecting', 'up']);
    for (const socket of sockets) socket.destroy();
  });
});

/** A way to `port` with so many bytes a second and so many ms of delay in each direction, and a deep queue. */
function slowLink(port: number, bytesPerSecond: number, delayMs: number): Promise<RemoteServer> {
  const TICK_MS = 50;
  const share = Math.floor((bytesPerSecond * TICK_MS) / 1000);
  const slowly = async (from: Socket, to: Socket) => {
    const queue: { readonly at: number; readonly chunk: Buffer }[] = [];
    from.on('data', (chunk: Buffer) => queue.push({ at: Date.now() + delayMs, chunk }));
    while (!to.destroyed) {
      await sleep(TICK_MS);
      for (let left = share; left > 0; ) {
        const next = queue[0];
        if (!next || next.at > Date.now()) break;
        const part = next.chunk.subarray(0, left);
        to.write(part);
        left -= part.length;
        if (part.length === next.chunk.length) queue.shift();
        else queue[0] = { ...next, chunk: next.chunk.subarray(part.length) };
      }
    }
  };
  return remoteServer((near) => {
    const far = connect(port, '127.0.0.1');
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.on('close', () => far.destroy());
    void slowly(near, far);
    void slowly(far, near);
  });
}
