import type { QueueView, WorkerView } from '../../../preload/contract/state.ts';
import type { QueueWait } from '../ports.ts';
import type { Queue, RegisteredWorker } from './api.ts';
import { compact } from './compact.ts';
import type { SessionTask } from './task.ts';

/** An agent reports every 30 s; the server, too, takes one that has been silent for so long for dead. */
export const SILENT_MS = 600_000;
/** Of how many launches into a queue the usual wait is made. */
const WAITS_OF_QUEUE = 10;
const WAITS_KEPT = 200;

export interface QueueContext {
  readonly now: number;
  /** Sessions that this app knows: what they found on their machines says what the agents have. */
  readonly tasks: readonly SessionTask[];
  /** How long own sessions waited. */
  readonly waits: readonly QueueWait[];
}

/** Queues with all that helps to choose among them. `registered`: undefined where the server does not tell. */
export function queueViews(
  queues: readonly Queue[],
  registered: readonly RegisteredWorker[] | undefined,
  context: QueueContext,
): readonly QueueView[] {
  const gpus = machineGpus(context.tasks);
  // The dates are the server's: the clock of this computer may be behind.
  const now = Math.max(context.now, ...(registered ?? []).map(({ seenAt = 0 }) => seenAt));
  return queues.map(({ tasks: _, ...queue }) => {
    const workers = registered ? workersOf(queue, registered, gpus, now) : queue.workers;
    return compact({
      ...queue,
      workers,
      agents: workers.filter(({ at }) => at !== 'silent').length,
      idle: workers.filter(({ at }) => at === 'idle').length,
      typicalWaitMs: typicalWait(queue.id, context.waits),
    });
  });
}

function workersOf(
  queue: QueueView,
  registered: readonly RegisteredWorker[],
  gpus: ReadonlyMap<string, string>,
  now: number,
): readonly WorkerView[] {
  const serving = registered.filter(({ queues }) => queues.includes(queue.id));
  // One that the server still lists with the queue, but no longer among the workers, was not heard of for long.
  const gone = queue.workers.filter(({ name }) => !registered.some((worker) => worker.name === name));
  return [
    ...serving.map(({ name, busy, seenAt, tags }) => {
      const silent = seenAt !== undefined && now - seenAt > SILENT_MS;
      const at: WorkerView['at'] = silent ? 'silent' : busy ? 'busy' : 'idle';
      return compact({ name, at, seenAt, gpu: gpuOf(name, [...tags, ...queue.tags], gpus) });
    }),
    ...gone.map(({ name }) => ({ name, at: 'silent' as const })),
  ];
}

/** `gpu-1:gpu0,1` is on the machine `gpu-1`. */
const machineOf = (worker: string): string => worker.split(':', 1)[0] ?? worker;

/** What each machine computes with, by what the latest session on it found there. */
function machineGpus(tasks: readonly SessionTask[]): ReadonlyMap<string, string> {
  const byAge = tasks.toSorted((a, b) => (a.started ?? 0) - (b.started ?? 0));
  return new Map(
    byAge.flatMap(({ worker, runtime }) => {
      const gpu = runtime.gpu_type || (runtime.gpu_count === '0' ? 'CPU' : '');
      return worker && gpu ? [[machineOf(worker), gpu] as const] : [];
    }),
  );
}

/** The names of GPUs that people put into tags. */
const GPU_TAG =
  /(?<![a-z0-9])(?:a10g?|a100|a16|a30|a40|a6000|b[12]00|g[bh]200|h[12]00|k80|l4|l40s?|mi\d{3}x?|p40?|p100|t4|v100|[rg]tx[ -]?[a-z]?\d{3,4}(?:[ -]?ti)?)(?![a-z0-9])/i;

function gpuOf(
  worker: string,
  tags: readonly string[],
  gpus: ReadonlyMap<string, string>,
): string | undefined {
  if (/:cpu(?::|$)/.test(worker)) return 'CPU';
  const found = gpus.get(machineOf(worker));
  return found?.replace(/^NVIDIA /, '') ?? tags.map((tag) => GPU_TAG.exec(tag)?.[0]).find(Boolean);
}

/** The median of the person's latest waits in a queue. */
export function typicalWait(queue: string, waits: readonly QueueWait[]): number | undefined {
  const latest = waits.filter((wait) => wait.queue === queue).sort((a, b) => b.at - a.at);
  const times = latest
    .slice(0, WAITS_OF_QUEUE)
    .map(({ ms }) => ms)
    .sort((a, b) => a - b);
  return times[Math.floor(times.length / 2)];
}

/** The latest waits, with those of sessions that an agent has taken; the same list where they say nothing new. */
export function withWaits(waits: readonly QueueWait[], tasks: readonly SessionTask[]): readonly QueueWait[] {
  const known = new Set(waits.map(({ id }) => id));
  const learnt = tasks.flatMap((task) => (known.has(task.id) ? [] : waitOf(task)));
  const latest = [...waits, ...learnt].sort((a, b) => a.at - b.at).slice(-WAITS_KEPT);
  return latest.every(({ id }) => known.has(id)) ? waits : latest;
}

function waitOf({ id, queueId: queue, created, started }: SessionTask): readonly QueueWait[] {
  if (queue === undefined || created === undefined || started === undefined) return [];
  return [{ id, queue, at: started, ms: Math.max(0, started - created) }];
}
