import { describe, expect, it } from 'vitest';
import type { Queue, RegisteredWorker } from '../../../main/core/clearml/api.ts';
import { readTask, type SessionTask } from '../../../main/core/clearml/task.ts';
import { queueViews, typicalWait, withWaits } from '../../../main/core/clearml/workers.ts';

const NOW = Date.parse('2026-11-20T12:00:00Z');
const MINUTE = 60_000;

const queue = (different: Partial<Queue> = {}): Queue => ({
  id: 'q1',
  name: 'default',
  waiting: 0,
  agents: 0,
  idle: 0,
  tags: [],
  systemTags: [],
  workers: [],
  tasks: [],
  ...different,
});

const worker = (name: string, different: Partial<RegisteredWorker> = {}): RegisteredWorker => ({
  name,
  queues: ['q1'],
  tags: [],
  busy: false,
  seenAt: NOW,
  ...different,
});

const task = (fields: object): SessionTask => {
  const read = readTask({ id: 't1', ...fields });
  if (!read) throw new Error('no task');
  return read;
};

function seen(workers: readonly RegisteredWorker[] | undefined, of = queue(), tasks: SessionTask[] = []) {
  const [view] = queueViews([of], workers, { now: NOW, tasks, waits: [] });
  if (!view) throw new Error('no queue');
  return view;
}

describe('the agents of a queue', () => {
  it('are busy, idle, or silent once they have not reported for ten minutes', () => {
    const view = seen([
      worker('a:0', { busy: true, seenAt: NOW - 10 * MINUTE }),
      worker('b:0'),
      worker('c:0', { seenAt: NOW - 10 * MINUTE - 1 }),
      worker('d:0', { queues: ['q2'] }),
    ]);
    expect(view).toMatchObject({ agents: 2, idle: 1 });
    expect(view.workers.map(({ name, at }) => [name, at])).toEqual([
      ['a:0', 'busy'],
      ['b:0', 'idle'],
      ['c:0', 'silent'],
    ]);
  });

  it('are told apart also where the clock of this computer is behind', () => {
    const late = NOW + 60 * MINUTE;
    const view = seen([worker('a:0', { seenAt: late }), worker('b:0', { seenAt: late - 11 * MINUTE })]);
    expect(view.workers.map(({ at }) => at)).toEqual(['idle', 'silent']);
  });

  it('are silent when the queue names them, but nobody has heard of them for an hour', () => {
    const view = seen([], queue({ agents: 1, idle: 1, workers: [{ name: 'old:0', at: 'idle' }] }));
    expect(view).toMatchObject({ agents: 0, idle: 0, workers: [{ name: 'old:0', at: 'silent' }] });
  });

  it('are those that the queue names where the server tells no more', () => {
    const workers = [{ name: 'a:0', at: 'busy' }] as const;
    expect(seen(undefined, queue({ agents: 1, workers }))).toMatchObject({ agents: 1, idle: 0, workers });
  });
});

describe('what an agent computes with', () => {
  const gpus = (workers: RegisteredWorker[], tasks: SessionTask[] = [], of = queue()) =>
    seen(workers, of, tasks).workers.map(({ gpu }) => gpu);

  it('is what the latest session found on its machine', () => {
    const ran = (started: string, gpu: string, more: object = {}) =>
      task({ last_worker: 'gpu-1:gpu0', started, runtime: { gpu_type: gpu, ...more } });
    const tasks = [ran('2026-11-20T11:00:00Z', 'NVIDIA L4'), ran('2026-11-19T11:00:00Z', 'Tesla K80')];
    expect(gpus([worker('gpu-1:gpu0'), worker('gpu-1:gpu1'), worker('gpu-2:gpu0')], tasks)).toEqual([
      'L4',
      'L4',
      undefined,
    ]);
    expect(gpus([worker('gpu-1:0')], [ran('2026-11-20T11:00:00Z', '', { gpu_count: 0 })])).toEqual(['CPU']);
  });

  it('is what its name or its tags say, where no session told, else unknown', () => {
    expect(gpus([worker('a:cpu:0'), worker('b:cpu'), worker('cpu:0')])).toEqual(['CPU', 'CPU', undefined]);
    expect(gpus([worker('a:0', { tags: ['team v2', 'gpu A100-80GB'] })])).toEqual(['A100']);
    expect(gpus([worker('a:0')], [], queue({ tags: ['rtx 4090'] }))).toEqual(['rtx 4090']);
  });
});

describe('the usual wait', () => {
  const wait = (n: number, ms: number, of = 'q1') => ({ id: String(n), queue: of, at: n, ms });

  it('is the median of the latest ten in that queue', () => {
    expect(typicalWait('q1', [wait(1, 5), wait(3, 100), wait(2, 7), wait(4, 1, 'q2')])).toBe(7);
    const many = Array.from({ length: 20 }, (_, n) => wait(n, n < 10 ? 1000 : 2));
    expect(typicalWait('q1', many)).toBe(2);
    expect(typicalWait('q3', many)).toBeUndefined();
  });

  it('is learnt once from each session that an agent has taken', () => {
    const taken = task({
      execution: { queue: 'q1' },
      created: '2026-11-20T10:00:00Z',
      started: '2026-11-20T10:02:00Z',
    });
    const waits = withWaits([], [taken]);
    expect(waits).toEqual([
      { id: 't1', queue: 'q1', at: Date.parse('2026-11-20T10:02:00Z'), ms: 2 * MINUTE },
    ]);
    const waiting = task({ id: 't2', execution: { queue: 'q1' } });
    expect(withWaits(waits, [taken, waiting])).toBe(waits);
  });

  it('is kept for the latest launches only, and what is too old is nothing new', () => {
    const many = Array.from({ length: 300 }, (_, n) =>
      task({ id: `s${n}`, execution: { queue: 'q1' }, created: n * 1000, started: n * 1000 + 500 }),
    );
    const waits = withWaits([], many);
    expect(waits.map(({ id }) => id)).toEqual(many.slice(-200).map(({ id }) => id));
    expect(withWaits(waits, many)).toBe(waits);
  });
});
