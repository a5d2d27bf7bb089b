import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { STABLE_MS } from '../../../main/core/ssh/tunnel-machine.ts';
import { startDelayLine } from '../../doubles/delay-line.ts';
import { targetOf } from '../../integration/tunnel-bench.ts';
import { type Bench, now, type Part } from '../part.ts';
import { measured } from '../report.ts';
import { startFarEnd } from '../world.ts';
import { sshdWithKey, startPool } from './streams.ts';
import { dial } from './throughput.ts';

const ROUND_TRIP_MS = 100;
const KILLS = 5;
const WAYS = [
  { standbys: 1, what: 'with a second connection', goal: 110 },
  { standbys: 0, what: 'with one connection', goal: 500 },
] as const;

/** How long a stream that outlives its link is felt to stand still, where each round trip of the login counts. */
export const resume: Part = {
  name: 'resume',
  about: `break of a link to the next byte of a stream at a round trip of ${ROUND_TRIP_MS} ms`,
  limitS: 120,
  async run(bench) {
    for (const { standbys, what, goal } of WAYS) {
      const samples = await breaks(bench, standbys);
      const quantity = `${ROUND_TRIP_MS} ms away: Break of the SSH connection to the next byte of the same stream, ${what}`;
      bench.add(measured(quantity, 'ms', samples, { goal }));
    }
  },
};

async function breaks(bench: Bench, standbys: number): Promise<number[]> {
  const far = await startFarEnd(bench);
  const { server } = await sshdWithKey(bench);
  const line = await startDelayLine({ to: server.port, delayMs: ROUND_TRIP_MS / 2 });
  bench.defer(() => line.close());
  const target = { ...targetOf(server, { jupyter: far }), port: line.port };
  const { ports } = await startPool(bench, [{ target, ready: 'The relay is running' }], standbys);
  const socket = await dial(ports[0] ?? 0);
  bench.defer(() => socket.destroy());
  socket.write('e');
  await once(socket, 'data');
  const samples: number[] = [];
  for (let n = 0; n < KILLS; n++) {
    // By then a loss is repaired at once, and there is a second connection, if there is to be one.
    await sleep(STABLE_MS + 1500);
    const brokenAt = now();
    line.cutOldest();
    socket.write('x');
    await once(socket, 'data');
    samples.push(now() - brokenAt);
  }
  return samples;
}
