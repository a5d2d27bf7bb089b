import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { type DelayLine, startDelayLine } from '../doubles/delay-line.ts';
import { reasonAgainst, startSshd } from './servers.ts';
import { A, dialLocal, remoteServer, type TunnelBench, targetOf, tunnelBench } from './tunnel-bench.ts';

const BYTES_PER_S = 1_500_000;
/** Compresses well, and is long enough for the link to be looked at. */
const TEXT = Buffer.alloc(24 << 20, randomBytes(512).toString('hex'));

const digest = (data: Buffer): string => createHash('sha256').update(data).digest('hex');

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.skipIf(reasonAgainst('sshd'))('a slow link', () => {
  async function world(): Promise<{ bench: TunnelBench; line: DelayLine; port: number }> {
    const server = await startSshd();
    if (!server) throw new Error('sshd cannot run here.');
    cleanups.push(() => server.stop());
    const far = await remoteServer((socket) => {
      socket.resume();
      socket.end(TEXT);
    });
    cleanups.push(far.close);
    const line = await startDelayLine({ to: server.port, delayMs: 5, bytesPerSecond: BYTES_PER_S });
    cleanups.push(() => line.close());
    const bench = tunnelBench();
    cleanups.push(() => bench.stop());
    const target = { ...targetOf(server, { jupyter: far.port }), port: line.port };
    const { jupyter } = await bench.pool.open(A, target, {});
    await bench.until('up');
    await bench.logged('The relay is running');
    return { bench, line, port: jupyter ?? 0 };
  }

  it('is compressed while a download goes on, which stays whole', async () => {
    const { bench, line, port } = await world();
    const socket = await dialLocal(port);
    const chunks: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => chunks.push(chunk));
    await once(socket, 'end');
    socket.destroy();
    expect(digest(Buffer.concat(chunks))).toBe(digest(TEXT));
    expect(bench.log.join('\n')).toContain('The link is slow: it is compressed');
    expect(line.carried()).toBeLessThan(TEXT.length / 2);
    // Nobody is told that the link was another one for a moment.
    expect(bench.links().map(({ at }) => at)).toEqual(['connecting', 'up']);
  });
});
