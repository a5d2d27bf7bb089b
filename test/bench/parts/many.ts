import { once } from 'node:events';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { reasonAgainst } from '../../integration/servers.ts';
import { targetOf } from '../../integration/tunnel-bench.ts';
import { Impossible, now, type Part } from '../part.ts';
import { measured } from '../report.ts';
import { startFarEnd } from '../world.ts';
import { megabytes } from './load.ts';
import { sshd, startPool } from './streams.ts';
import { cpuSeconds, dial } from './throughput.ts';

const STREAMS = 1000;
const ROUNDS = 5;
const SETTLE_MS = 10_000;
const IDLE_MS = 15_000;

/** What connections cost that are open at the same time through one session, with the relay, and whether all go on. */
export const many: Part = {
  name: 'many',
  about: `${STREAMS} connections at the same time through one session`,
  limitS: 180,
  async run(bench) {
    const reason = reasonAgainst('sshd');
    if (reason) throw new Impossible(reason);
    const far = await startFarEnd(bench);
    const server = await sshd(bench, {});
    const ready = 'The relay is running';
    const { ports, pid } = await startPool(bench, [{ target: targetOf(server, { jupyter: far }), ready }]);
    const memory = (): number => megabytes(`/proc/${pid}/status`, 'VmRSS') ?? Number.NaN;
    await sleep(SETTLE_MS);
    const before = memory();
    if (Number.isNaN(before)) throw new Impossible('this system has no /proc');

    const startedAt = now();
    const sockets = await Promise.all(Array.from({ length: STREAMS }, () => dial(ports[0] ?? 0)));
    bench.defer(() => {
      for (const socket of sockets) socket.destroy();
    });
    await everyEcho(sockets);
    bench.add(
      measured(`${STREAMS} connections at once, to the first byte of the last one`, 'ms', [
        now() - startedAt,
      ]),
    );
    await sleep(SETTLE_MS);
    const kB = ((memory() - before) * 1000) / STREAMS;
    bench.add(measured('· memory of the tunnels (RSS) for each', 'kB', [kB]));
    const used = cpuSeconds(pid);
    await sleep(IDLE_MS);
    const share = ((cpuSeconds(pid) - used) / (IDLE_MS / 1000)) * 100;
    bench.add(measured('· CPU time of the tunnels while they are idle, of one core', '%', [share]));
    const rounds: number[] = [];
    for (let n = 0; n < ROUNDS; n++) rounds.push(await everyEcho(sockets));
    bench.add(measured('· one byte there and back on each of them, until the last one', 'ms', rounds));
  },
};

/** A byte into each and back, all at once; in ms. */
async function everyEcho(sockets: readonly Socket[]): Promise<number> {
  const startedAt = now();
  const echoes = sockets.map((socket) => once(socket, 'data'));
  for (const socket of sockets) socket.write('e');
  await Promise.all(echoes);
  return now() - startedAt;
}
