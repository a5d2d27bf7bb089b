import { setTimeout as sleep } from 'node:timers/promises';
import { Impossible, type Part } from '../part.ts';
import { measured } from '../report.ts';
import { startWorld } from '../world.ts';
import { bringUp, demoFor, megabytes, type Situation } from './load.ts';
import { cpuSeconds } from './throughput.ts';

const IDLE: Situation = { stage: 'connected', sessions: 40 };
const START_MS = 20_000;
/** After the last login: relays start, lists are read again, and V8 gives back memory, which takes it half a second. */
const SETTLE_MS = 60_000;
const TURNS = 4;
const TURN_MS = 15_000;

/** What sessions cost that nobody uses. The servers are in this process, the app is in one of its own. */
export const idle: Part = {
  name: 'idle',
  about: `CPU time and memory of ${IDLE.sessions} connected sessions that nobody uses`,
  limitS: 300,
  async run(bench) {
    const world = await startWorld(bench, demoFor(IDLE));
    const { pid } = world.app;
    const memory = () => megabytes(`/proc/${pid}/status`, 'VmRSS');
    await sleep(START_MS);
    const before = memory();
    if (before === undefined) throw new Impossible('this system has no /proc');
    const alone = await cpuShares(pid);
    await bringUp(world, IDLE);
    await sleep(SETTLE_MS);
    const what = `CPU time of the app, ${IDLE.sessions} connected and idle, of one core`;
    bench.add(measured(what, '%', await cpuShares(pid), { goal: 1 }));
    bench.add(measured('· the same without a session', '%', alone));
    const kB = (((memory() ?? Number.NaN) - before) * 1000) / IDLE.sessions;
    bench.add(measured('Memory of the app (RSS) for each of them', 'kB', [kB]));
  },
};

/** Per cent of one core, turn by turn. */
async function cpuShares(pid: number): Promise<number[]> {
  const shares: number[] = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const before = cpuSeconds(pid);
    await sleep(TURN_MS);
    shares.push(((cpuSeconds(pid) - before) / (TURN_MS / 1000)) * 100);
  }
  return shares;
}
