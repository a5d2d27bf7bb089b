import { BroadcastChannel } from 'node:worker_threads';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { reasonAgainst, type SshServer, startSshd } from './servers.ts';
import {
  A,
  askLocal,
  B,
  echoServer,
  type RemoteServer,
  type TunnelBench,
  targetOf,
  tunnelBench,
} from './tunnel-bench.ts';

describe.skipIf(reasonAgainst('sshd'))('tunnels in a thread of their own', () => {
  let b: TunnelBench;
  let server: SshServer;
  let echo: RemoteServer;

  beforeEach(async () => {
    const started = await startSshd();
    if (!started) throw new Error('sshd cannot run here.');
    server = started;
    echo = await echoServer();
    b = tunnelBench({ thread: new URL('tunnels-worker.mjs', import.meta.url) });
  });
  afterEach(async () => {
    await b.stop();
    await echo.close();
    await server.stop();
  });

  const crash = (): void => {
    const channel = new BroadcastChannel('crash');
    channel.postMessage('now');
    channel.close();
  };

  it('carries bytes, tells of links, and asks where a session is', async () => {
    const nowhere = { ...targetOf(server, { jupyter: echo.port }), port: 1 };
    b.moveTo(targetOf(server, { jupyter: echo.port }));
    const { jupyter } = await b.pool.open(A, nowhere, {});
    await b.until('up');
    expect(await askLocal(jupyter, 'there and back')).toBe('there and back');
    expect(b.links().map(({ at }) => at)).toEqual(['connecting', 'waiting', 'connecting', 'up']);
    expect(b.log.join('\n')).toContain('The relay is running');
    b.pool.reconnect(A);
    await b.told((links) => links.filter(({ at }) => at === 'up').length === 2);
    await expect.poll(async () => (await b.pool.history(A))?.parts.at(-1)).toHaveProperty('roundTripMs');
    expect(await b.pool.history(A)).toMatchObject({ losses: 1 });
    expect(await b.pool.history(B)).toBeUndefined();
    await b.pool.close(A);
    await expect(askLocal(jupyter, 'gone')).rejects.toThrow('ECONNREFUSED');
  });

  it('keeps a first host key, and says no where another one is shown', async () => {
    await b.pool.open(A, targetOf(server, {}, { hostKey: { ours: false } }), {});
    await b.until('up');
    expect(b.seen.map(({ fingerprint }) => fingerprint)).toEqual([server.fingerprint]);
    await b.pool.open(B, targetOf(server, {}, { hostKey: { ours: true, expected: 'SHA256:another' } }), {});
    expect(await b.until('failed', B)).toMatchObject({ reason: { code: 'host-key' } });
  });

  it('is started again after a crash, which is said, with the ports that it had', async () => {
    const target = targetOf(server, { jupyter: echo.port });
    const ports = await b.pool.open(A, target, {});
    await b.pool.open(B, target, {});
    await b.until('up');
    await b.until('up', B);
    crash();
    expect(await b.until('waiting', B)).toMatchObject({ reason: { code: 'bug' } });
    expect(b.log.join('\n')).toContain('The thread of the tunnels crashed');
    await b.told((links) => links.at(-1)?.at === 'up' && links.some(({ at }) => at === 'waiting'));
    expect(await askLocal(ports.jupyter, 'as before')).toBe('as before');
    expect(await b.pool.update(A, target)).toEqual(ports);
  });

  it('begins anew where it crashes again, and stops for good when it is told to', async () => {
    await b.pool.open(A, targetOf(server), {});
    const crashes = (): number => b.log.filter((line) => line.includes('tunnels has ended')).length;
    for (const times of [1, 2, 3]) {
      await b.told((links) => links.filter(({ at }) => at === 'up').length === times);
      crash();
      await b.told((links) => links.filter(({ at }) => at === 'waiting').length === times);
      expect(crashes()).toBe(times);
    }
    await b.pool.stop();
    expect(await b.pool.open(A, targetOf(server), {})).toEqual({});
    expect(crashes()).toBe(3);
  });
});
