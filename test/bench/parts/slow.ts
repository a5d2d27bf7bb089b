import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDelayLine } from '../../doubles/delay-line.ts';
import { targetOf } from '../../integration/tunnel-bench.ts';
import { now, type Part } from '../part.ts';
import { measured, median } from '../report.ts';
import { startFarEnd } from '../world.ts';
import { forward, sshdWithKey, startPool } from './streams.ts';
import { dial, download, rate } from './throughput.ts';

const ROUND_TRIP_MS = 20;
const BYTES_PER_S = 20_000_000 / 8;
const BYTES = 12 * 2 ** 20;
const ROUNDS = 5;
const KEYSTROKES = 60;
const BETWEEN_KEYSTROKES_MS = 100;

/** Text, and a keystroke beside a download, over a link of 20 Mbit/s. */
export const slow: Part = {
  name: 'slow',
  about: `the tunnel beside ssh -L over 20 Mbit/s with a round trip of ${ROUND_TRIP_MS} ms`,
  limitS: 240,
  async run(bench) {
    const far = await startFarEnd(bench);
    const { key, server } = await sshdWithKey(bench);
    const line = await startDelayLine({
      to: server.port,
      delayMs: ROUND_TRIP_MS / 2,
      bytesPerSecond: BYTES_PER_S,
    });
    bench.defer(() => line.close());
    const { ports } = await startPool(bench, [
      { target: { ...targetOf(server, { jupyter: far }), port: line.port }, ready: 'The relay is running' },
    ]);
    const login = ['-i', key, '-p', String(line.port)];
    const ssh = await forward(bench, ['-N', '-c', 'aes128-gcm@openssh.com', ...login], far);
    const peer = await forward(bench, ['-C', '-tt', ...login], far);
    const ways = [
      { name: '`ssh -L`, aes128-gcm', port: ssh.port },
      { name: '`ssh -C` in a terminal', port: peer.port },
      { name: 'the app', port: ports[0] ?? 0 },
    ];

    for (const { name, port } of ways) {
      const times = await keystrokes(port);
      bench.add(measured(`20 Mbit/s: A keystroke beside a full download, ${name}`, 'ms', times, GOAL[name]));
    }
    // It finds out that the link is slow.
    await download(ports[0] ?? 0, 2 * BYTES, 't');
    const rates = new Map<string, number[]>();
    for (let round = 0; round < ROUNDS; round++) {
      for (const { name, port } of ways) {
        const speed = await rate(() => download(port, BYTES, 't'), BYTES);
        rates.set(name, [...(rates.get(name) ?? []), speed]);
      }
    }
    for (const [name, values] of rates)
      bench.add(measured(`20 Mbit/s: Download of 12 MiB of text, ${name}`, 'MiB/s', values));
    const of = (name: string): number => median(rates.get(name) ?? []);
    bench.add(
      measured('· ratio of the medians, the app to `ssh -C` in a terminal', '×', [
        of('the app') / of('`ssh -C` in a terminal'),
      ]),
    );
  },
};

/** 50 ms and the round trip. */
const GOAL: Readonly<Record<string, { readonly goal: number }>> = { 'the app': { goal: 50 + ROUND_TRIP_MS } };

/** Until each of a few bytes has come back while something else fills the link. */
async function keystrokes(port: number): Promise<number[]> {
  const socket = await dial(port);
  socket.write('e');
  await once(socket, 'data');
  const load = await dial(port);
  load.resume();
  load.write(`d${1 << 30}\n`);
  // Whoever downloads has begun to, a while ago.
  await sleep(3000);
  const times: number[] = [];
  for (let n = 0; n < KEYSTROKES; n++) {
    const at = now();
    socket.write('x');
    await once(socket, 'data');
    times.push(now() - at);
    await sleep(BETWEEN_KEYSTROKES_MS);
  }
  load.destroy();
  socket.destroy();
  // What is under way still fills the link.
  await sleep(2000);
  return times;
}
