import type { Call, Endpoint, Endpoints } from './call.ts';
import { invalidField, invalidWorker } from './fault.ts';
import { type Fields, isoDate, MAX_REPORTS, type Model, nowIso, tell, type Worker } from './model.ts';
import { pythonRegex } from './query.ts';
import { integer, record, records, requiredText, text, texts } from './read.ts';

/** A worker that says nothing for this long is gone, unless it registered with a time of its own. */
const DEFAULT_TIMEOUT_S = 600;

function register(call: Call, id: string): Worker {
  const { model, body } = call;
  const now = model.now();
  const worker: Worker = {
    id,
    user: call.user.id,
    company: model.company.id,
    ip: text(body, 'ip') ?? call.ip,
    tags: texts(body, 'tags') ?? [],
    system_tags: texts(body, 'system_tags') ?? [],
    queues: texts(body, 'queues') ?? [],
    registeredAt: now,
    timeoutMs: (integer(body, 'timeout') ?? DEFAULT_TIMEOUT_S) * 1000,
    lastActivityAt: now,
    reports: [],
  };
  model.workers.set(id, worker);
  return worker;
}

/** Workers report whole lists of numbers; the plots want one each. */
const mean = (value: unknown): number | undefined => {
  const numbers = (Array.isArray(value) ? value : [value]).filter((v): v is number => typeof v === 'number');
  return numbers.length === 0 ? undefined : numbers.reduce((a, b) => a + b, 0) / numbers.length;
};

const statusReport: Endpoint = (call) => {
  const { model, body } = call;
  const id = requiredText(body, 'worker');
  const worker = model.workers.get(id) ?? register(call, id);
  worker.lastActivityAt = model.now();
  worker.lastReportAt = model.now();
  const queues = texts(body, 'queues');
  if (queues) worker.queues = queues;
  const tags = texts(body, 'tags');
  if (tags) worker.tags = tags;
  const stats = record(body, 'machine_stats');
  if (stats) worker.reports = [...worker.reports, { at: model.now(), stats }].slice(-MAX_REPORTS);

  const queue = text(body, 'queue');
  if (queue) worker.queue = queue;
  else delete worker.queue;
  const task = model.tasks.get(text(body, 'task') ?? '');
  if (task) {
    worker.task = task.id;
    const now = nowIso(model);
    Object.assign(task, { last_worker: id, last_worker_report: now, last_update: now });
    tell(model, { what: 'task', id: task.id });
  } else {
    delete worker.task;
  }
  return {};
};

/** Those that were heard of within their time; the others are forgotten. */
export function liveWorkers(model: Model): Worker[] {
  for (const worker of model.workers.values())
    if (model.now() - worker.lastActivityAt > worker.timeoutMs) model.workers.delete(worker.id);
  return [...model.workers.values()];
}

function describe(model: Model, worker: Worker): Fields {
  const task = model.tasks.get(worker.task ?? '');
  const queueInfo = (id: string) => {
    const queue = model.queues.get(id);
    const next = model.tasks.get(queue?.entries[0]?.task ?? '');
    return {
      id,
      name: queue?.name ?? id,
      num_tasks: queue?.entries.length ?? 0,
      ...(next ? { next_task: { id: next.id, name: next.name } } : {}),
    };
  };
  const project = model.projects.get(task?.project ?? '');
  return {
    id: worker.id,
    key: `worker_${worker.company}_${worker.user}_${worker.id}`,
    user: { id: worker.user, name: model.users.get(worker.user)?.name },
    company: model.company,
    ip: worker.ip,
    tags: worker.tags,
    system_tags: worker.system_tags,
    register_time: isoDate(worker.registeredAt),
    register_timeout: worker.timeoutMs / 1000,
    last_activity_time: isoDate(worker.lastActivityAt),
    ...(worker.lastReportAt ? { last_report_time: isoDate(worker.lastReportAt) } : {}),
    ...(task
      ? {
          task: {
            id: task.id,
            name: task.name,
            running_time: task.started ? model.now() - Date.parse(task.started) : 0,
            last_iteration: task.last_iteration,
          },
        }
      : {}),
    ...(project ? { project: { id: project.id, name: project.name } } : {}),
    ...(worker.queue ? { queue: queueInfo(worker.queue) } : {}),
    queues: worker.queues.map(queueInfo),
  };
}

const list: Endpoint = (call) => {
  const { model, body } = call;
  const lastSeen = integer(body, 'last_seen') ?? 3600;
  const pattern = text(body, 'worker_pattern');
  const regex = pattern ? pythonRegex(pattern) : undefined;
  const tags = texts(body, 'tags');
  const systemTags = texts(body, 'system_tags');
  const workers = liveWorkers(model).filter(
    (w) =>
      (lastSeen === 0 || model.now() - w.lastActivityAt <= lastSeen * 1000) &&
      (!regex || regex.test(w.id)) &&
      (!tags?.length || tags.some((t) => w.tags.includes(t))) &&
      (!systemTags?.length || systemTags.some((t) => w.system_tags.includes(t))),
  );
  return { workers: workers.map((w) => describe(model, w)) };
};

/** Averages, minima or maxima of the reported numbers in steps of `interval` seconds. */
const getStats: Endpoint = (call) => {
  const { model, body } = call;
  const from = Number(body['from_date']);
  const to = Number(body['to_date']);
  const interval = integer(body, 'interval') ?? 60;
  if (!Number.isFinite(from) || !Number.isFinite(to) || to <= from || interval < 1)
    throw invalidField('from_date, to_date and interval are needed');
  const items = records(body, 'items').map((item) => ({
    key: requiredText(item, 'key'),
    aggregation: text(item, 'aggregation') ?? 'avg',
  }));
  const ids = texts(body, 'worker_ids');
  const workers = [...model.workers.values()].filter((w) => !ids?.length || ids.includes(w.id));
  return {
    workers: workers.map((w) => ({
      worker: w.id,
      metrics: items.map(({ key, aggregation }) => {
        const points = w.reports.flatMap((r) => {
          const value = mean(r.stats[key]);
          const at = r.at / 1000;
          return value === undefined || at < from || at > to ? [] : [{ at, value }];
        });
        const slots = new Map<number, number[]>();
        for (const p of points) {
          const slot = Math.floor((p.at - from) / interval);
          slots.set(slot, [...(slots.get(slot) ?? []), p.value]);
        }
        return {
          metric: key,
          variant: 'total',
          dates: [...slots.keys()].map((slot) => Math.round((from + slot * interval) * 1000)),
          stats: [{ aggregation, values: [...slots.values()].map((v) => aggregate(v, aggregation)) }],
        };
      }),
    })),
  };
};

function aggregate(values: readonly number[], how: string): number {
  if (how === 'min') return Math.min(...values);
  if (how === 'max') return Math.max(...values);
  return values.reduce((a, b) => a + b, 0) / values.length;
}

export const workerEndpoints: Endpoints = {
  'workers.register': (call) => {
    register(call, requiredText(call.body, 'worker'));
    return {};
  },
  'workers.unregister': (call) => {
    const id = requiredText(call.body, 'worker');
    if (!call.model.workers.delete(id)) throw invalidWorker(id);
    return {};
  },
  'workers.status_report': statusReport,
  'workers.get_all': list,
  'workers.get_count': (call) => ({ count: (list(call)['workers'] as unknown[]).length }),
  'workers.get_stats': getStats,
};
