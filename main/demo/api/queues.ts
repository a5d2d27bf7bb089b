import type { Call, Endpoint, Endpoints } from './call.ts';
import { Fault, invalidQueue } from './fault.ts';
import { type Fields, findQueue, isoDate, type Model, newId, nowIso, type Queue } from './model.ts';
import { type Filterable, queryDocuments } from './query.ts';
import { integer, requiredText, text, texts } from './read.ts';
import { liveWorkers } from './workers.ts';

const FILTERABLE: Filterable = {
  patterns: ['name'],
  lists: ['id', 'tags', 'system_tags', 'user'],
  dates: ['created', 'last_update'],
  ranges: [],
  equal: [],
};

export const queueByName = (model: Model, name: string): Queue | undefined =>
  [...model.queues.values()].find((q) => q.name === name);

export function createQueue(call: Call, name: string): Queue {
  const now = nowIso(call.model);
  if (queueByName(call.model, name))
    throw new Fault(400, 801, `Value combination already exists: name=${name}`);
  const queue: Queue = {
    id: newId(),
    name,
    user: call.user.id,
    company: call.model.company.id,
    tags: texts(call.body, 'tags') ?? [],
    system_tags: texts(call.body, 'system_tags') ?? [],
    created: now,
    last_update: now,
    entries: [],
  };
  const display = text(call.body, 'display_name');
  if (display) queue.display_name = display;
  call.model.queues.set(queue.id, queue);
  return queue;
}

const queueOf = (call: Call): Queue => findQueue(call.model, requiredText(call.body, 'queue'));

const list: Endpoint = (call) => {
  const limit = integer(call.body, 'max_task_entries');
  const queues = [...call.model.queues.values()].map((q) =>
    limit === undefined ? q : { ...q, entries: q.entries.slice(0, limit) },
  );
  const { found, scrollId } = queryDocuments(queues, call.body, FILTERABLE);
  return { queues: found, ...(scrollId ? { scroll_id: scrollId } : {}) };
};

/** With the names of the waiting tasks and the workers that serve each queue. */
const listExpanded: Endpoint = (call) => {
  const { model } = call;
  const queues = [...model.queues.values()].map((q) => ({
    ...q,
    entries: q.entries.map((e) => ({ ...e, task: { id: e.task, name: model.tasks.get(e.task)?.name } })),
    workers: liveWorkers(model)
      .filter((w) => w.queues.includes(q.id))
      .map((w) => ({
        key: `${w.company}/${w.user}/${w.id}`,
        name: w.id,
        ip: w.ip,
        ...(w.task ? { task: { id: w.task, name: model.tasks.get(w.task)?.name } } : {}),
        last_activity_time: isoDate(w.lastActivityAt),
      })),
  }));
  return { queues: queryDocuments(queues, call.body, FILTERABLE).found };
};

const getNextTask: Endpoint = (call) => {
  const queue = queueOf(call);
  const [entry, ...rest] = queue.entries;
  if (!entry) return {};
  queue.entries = rest;
  queue.last_update = nowIso(call.model);
  const task = call.model.tasks.get(entry.task);
  return {
    entry,
    ...(call.body['get_task_info'] && task ? { task_info: { user: task.user, company: task.company } } : {}),
  };
};

function position(call: Call): { queue: Queue; at: number } {
  const queue = queueOf(call);
  const task = requiredText(call.body, 'task');
  const at = queue.entries.findIndex((e) => e.task === task);
  if (at < 0)
    throw new Fault(400, 703, `Invalid queue id or task not in queue: queue=${queue.id}, task=${task}`);
  return { queue, at };
}

function moveTo(target: (at: number, steps: number, count: number) => number): Endpoint {
  return (call) => {
    const { queue, at } = position(call);
    const steps = Math.max(1, integer(call.body, 'count') ?? 1);
    const to = Math.min(Math.max(target(at, steps, queue.entries.length), 0), queue.entries.length - 1);
    const entries = [...queue.entries];
    entries.splice(to, 0, ...entries.splice(at, 1));
    queue.entries = entries;
    return { position: to };
  };
}

const removeTask: Endpoint = (call) => {
  const { queue, at } = position(call);
  queue.entries = queue.entries.filter((_, i) => i !== at);
  queue.last_update = nowIso(call.model);
  return { removed: 1 };
};

const update: Endpoint = (call) => {
  const queue = queueOf(call);
  const fields: Fields = {};
  for (const key of ['name', 'display_name'] as const) {
    const value = text(call.body, key);
    if (value !== undefined) fields[key] = value;
  }
  for (const key of ['tags', 'system_tags'] as const) {
    const value = texts(call.body, key);
    if (value) fields[key] = value;
  }
  Object.assign(queue, fields, { last_update: nowIso(call.model) });
  return { updated: Object.keys(fields).length > 0 ? 1 : 0, fields };
};

const remove: Endpoint = (call) => {
  const queue = queueOf(call);
  if (queue.entries.length > 0 && !call.body['force'])
    throw new Fault(400, 702, 'Queue is not empty: use force=true to delete');
  call.model.queues.delete(queue.id);
  return { deleted: 1 };
};

const getDefault: Endpoint = (call) => {
  const queue = [...call.model.queues.values()].find((q) => q.system_tags.includes('default'));
  if (!queue) throw new Fault(400, 707, 'No queue is tagged as the default queue for this company');
  return { id: queue.id, name: queue.name };
};

export const queueEndpoints: Endpoints = {
  'queues.get_all': list,
  'queues.get_all_ex': listExpanded,
  'queues.get_by_id': (call) => {
    const id = requiredText(call.body, 'queue');
    const queue = call.model.queues.get(id);
    if (!queue) throw invalidQueue(id);
    return { queue };
  },
  'queues.get_default': getDefault,
  'queues.create': (call) => ({ id: createQueue(call, requiredText(call.body, 'name')).id }),
  'queues.update': update,
  'queues.delete': remove,
  'queues.get_next_task': getNextTask,
  'queues.get_num_entries': (call) => ({ num: queueOf(call).entries.length }),
  'queues.peek_task': (call) => {
    const task = queueOf(call).entries[0]?.task;
    return task ? { task } : {};
  },
  'queues.add_task': (call) => {
    const queue = queueOf(call);
    const task = requiredText(call.body, 'task');
    if (queue.entries.some((e) => e.task === task))
      throw new Fault(400, 706, 'Failed adding task to queue since task is already queued');
    queue.entries = [...queue.entries, { task, added: nowIso(call.model) }];
    return { added: 1 };
  },
  'queues.remove_task': removeTask,
  'queues.move_task_to_front': moveTo(() => 0),
  'queues.move_task_to_back': moveTo((_at, _steps, count) => count - 1),
  'queues.move_task_forward': moveTo((at, steps) => at - steps),
  'queues.move_task_backward': moveTo((at, steps) => at + steps),
};
