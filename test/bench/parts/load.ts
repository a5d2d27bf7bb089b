import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { DemoOptions } from '../../../main/demo/demo.ts';
import { randomToken } from '../../../main/demo/session/session-host.ts';
import { createSession } from '../../../main/demo/session-document.ts';
import type { QueueSpec } from '../../../main/demo/trouble.ts';
import type { SessionView } from '../../../preload/contract/state.ts';
import { isWhole } from '../app-client.ts';
import { type Bench, now, type Part } from '../part.ts';
import { measured, slidingMinutes } from '../report.ts';
import { startWorld, type World } from '../world.ts';

const SETTLE_MS = 15_000;
/** Two whole minutes, and some more, so that the longest rhythm of the poll (a minute) is seen twice. */
const COUNT_MS = 135_000;

type Stage = 'idle' | 'queued' | 'starting' | 'connected';

export interface Situation {
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
    const running: (Situation & { readonly world: World })[] = [];
    for (const situation of SITUATIONS) {
      const world = await startWorld(bench, demoFor(situation));
      await bringUp(world, situation);
      running.push({ ...situation, world });
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
    for (const { world, memoryGoal, ...situation } of running) {
      if (memoryGoal !== undefined) addMemory(bench, nameOf(situation), world.app.pid, memoryGoal);
    }
  },
};

const WHOLE_MINUTES = Math.floor(COUNT_MS / 60_000);

const nameOf = ({ stage, sessions }: Situation): string =>
  stage === 'idle' ? 'idle, no session' : `${sessions} ${stage}`;

export function demoFor({ stage, sessions }: Situation): DemoOptions {
  const queue = (more: Omit<QueueSpec, 'name'>): DemoOptions => ({ queues: [{ name: 'default', ...more }] });
  if (stage === 'queued') return queue({ agents: 0 });
  // Setting up takes five minutes.
  if (stage === 'starting') return queue({ agents: sessions, misbehave: 'slow' });
  // Four times as fast as in reality, so that all are connected soon.
  return { ...queue({ agents: sessions }), speed: 4 };
}

/** Own sessions of another program, which the app finds in its list; those that are to be connected, it connects. */
export async function bringUp({ demo, client, queue }: World, { stage, sessions }: Situation): Promise<void> {
  const ids = Array.from({ length: sessions }, (_, i) => {
    const request = { name: `Session ${i + 1}`, jupyter: true, vscode: true, password: randomToken() };
    const task = createSession(demo.model, demo.call, request);
    demo.call('tasks.enqueue', { task, queue: queue('default') });
    return task;
  });
  // "Try again": the list is read at once.
  await client.call('setup.retry');
  if (stage !== 'connected') return;
  const are = (what: string, is: (s: SessionView) => boolean): Promise<true> =>
    client.until(what, (s) => s.sessions.filter(is).length === sessions || undefined);
  await are('running sessions', (s) => s.status === 'running');
  for (const id of ids) await client.call('session.connect', { id });
  await are('connected sessions', isWhole);
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
export function megabytes(file: string, key: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const value = new RegExp(`^${key}:\\s+(\\d+) kB`, 'm').exec(readFileSync(file, 'utf8'))?.[1];
  return value === undefined ? undefined : (Number(value) * 1024) / 1e6;
}
