import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoOptions } from '../../../main/demo/demo.ts';
import type { QueueSpec } from '../../../main/demo/trouble.ts';
import { isWhole } from '../app-client.ts';
import { type Bench, now, type Part } from '../part.ts';
import { measured, slidingMinutes } from '../report.ts';
import { startWorld, type World } from '../world.ts';

const SETTLE_MS = 15_000;
/** Two whole minutes, and some more, so that the longest rhythm of the poll (a minute) is seen twice. */
const COUNT_MS = 135_000;
/** The app reads its list after a launch; the next launch is counted apart from that. */
const BETWEEN_LAUNCHES_MS = 1000;

type Stage = 'idle' | 'queued' | 'starting' | 'connected';

interface Situation {
  readonly stage: Stage;
  readonly sessions: number;
  /** MB, where the memory is looked at. */
  readonly memoryGoal?: number;
}

const SITUATIONS: readonly Situation[] = [
  { stage: 'idle', sessions: 0, memoryGoal: 120 },
  { stage: 'connected', sessions: 1, memoryGoal: 160 },
  { stage: 'connected', sessions: 10 },
  { stage: 'connected', sessions: 40, memoryGoal: 250 },
  { stage: 'queued', sessions: 1 },
  { stage: 'starting', sessions: 1 },
  { stage: 'starting', sessions: 10 },
];

/**
 * Requests and memory of one app for each situation, all at the same time: each is its own process with its own server,
 * and the servers are in this one.
 */
export const load: Part = {
  name: 'load',
  about: `requests per minute and memory over ${COUNT_MS / 1000} s, with up to 40 sessions`,
  limitS: 300,
  async run(bench) {
    const launches: number[] = [];
    const running: (Situation & { readonly world: World })[] = [];
    for (const situation of SITUATIONS) {
      const world = await startWorld(bench, demoFor(situation));
      for (let i = 1; i <= situation.sessions; i++) {
        const requests = await launch(world, `Session ${i}`);
        if (situation.stage === 'connected') continue;
        // Nothing else is asked of the server meanwhile.
        launches.push(requests);
        await sleep(BETWEEN_LAUNCHES_MS);
      }
      running.push({ ...situation, world });
    }
    for (const { world, stage, sessions } of running) {
      if (stage !== 'connected') continue;
      const all = `${sessions} connections`;
      await world.client.until(all, (s) => s.sessions.filter(isWhole).length === sessions || undefined);
    }
    bench.say(`All situations are there; counting for ${COUNT_MS / 1000} s`);
    await sleep(SETTLE_MS);
    const from = now();
    await sleep(COUNT_MS);
    const to = now();

    for (const { world, ...situation } of running) {
      const times = world.calls.map((call) => call.at);
      const goal = situation.stage === 'queued' || situation.stage === 'starting' ? 15 : 4;
      const what = `API requests, ${nameOf(situation)}`;
      bench.add(
        measured(what, 'per minute', slidingMinutes(times, from, to), { goal, atMost: true }, WHOLE_MINUTES),
      );
    }
    const aim = { goal: 8, atMost: true } as const;
    bench.add(measured('API requests of a launch, from the click to the queue', 'requests', launches, aim));
    for (const { world, memoryGoal, ...situation } of running) {
      if (memoryGoal !== undefined) addMemory(bench, nameOf(situation), world.app.pid, memoryGoal);
    }
  },
};

const WHOLE_MINUTES = Math.floor(COUNT_MS / 60_000);

const nameOf = ({ stage, sessions }: Situation): string =>
  stage === 'idle' ? 'idle, no session' : `${sessions} ${stage}`;

function demoFor({ stage, sessions }: Situation): DemoOptions {
  const queue = (more: Omit<QueueSpec, 'name'>): DemoOptions => ({ queues: [{ name: 'default', ...more }] });
  if (stage === 'queued') return queue({ agents: 0 });
  // Setting up takes five minutes.
  if (stage === 'starting') return queue({ agents: sessions, misbehave: 'slow' });
  // Four times as fast as in reality, so that all are connected soon.
  return { ...queue({ agents: sessions }), speed: 4 };
}

/** Launches one session; returns how many requests the server had got when the task was in its queue. */
async function launch({ client, calls, queue }: World, name: string): Promise<number> {
  const before = calls.length;
  await client.launch(queue('default'), name);
  const enqueued = calls.findIndex((call, at) => at >= before && call.endpoint === 'tasks.enqueue');
  return enqueued + 1 - before;
}

function addMemory(bench: Bench, name: string, pid: number, goal: number): void {
  const rss = megabytes(`/proc/${pid}/status`, 'VmRSS');
  const pss = megabytes(`/proc/${pid}/smaps_rollup`, 'Pss');
  if (rss === undefined || pss === undefined) {
    bench.say(`Memory, ${name}: not measured, since this system has no /proc.`);
    return;
  }
  bench.add(measured(`Memory of the app (RSS), ${name}`, 'MB', [rss], { goal }));
  bench.add(measured('· where pages that processes share are divided (PSS)', 'MB', [pss]));
}

/** A line of a file of /proc, which says kB and means 1024 bytes. */
function megabytes(file: string, key: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const value = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  return value === undefined ? undefined : (Number(value) * 1024) / 1e6;
}
