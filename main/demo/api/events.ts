import { createHash } from 'node:crypto';
import type { Call, Endpoint, Endpoints } from './call.ts';
import { Fault, invalidField } from './fault.ts';
import { type Fields, findTask, type LogEvent, type Metric, nowIso, type Task, tell } from './model.ts';
import { integer, requiredText, text } from './read.ts';

/** Characters of console log kept for each task; the oldest go first. */
export const MAX_LOG_CHARS = 1_000_000;

/** No page of a log holds more, except for events that share the last timestamp. */
const MAX_BATCH = 10_000;

/** What ClearML's index tells at most. */
const MAX_TOTAL = 10_000;

const EVENT_TYPES = ['log', 'training_stats_scalar', 'training_stats_vector', 'training_debug_image', 'plot'];

const md5 = (text_: string): string => createHash('md5').update(text_).digest('hex');

const addBatch: Endpoint = (call) => {
  const events = call.batch ?? [call.body];
  if (events.length === 0) throw new Fault(400, 17, 'Batch request contains no items');
  return addAll(call, events);
};

function addAll(call: Call, events: readonly Fields[]): Fields {
  const problems: Record<string, number> = {};
  let added = 0;
  for (const event of events) {
    const problem = addOne(call, event);
    if (problem) problems[problem] = (problems[problem] ?? 0) + 1;
    else added++;
  }
  const errors = events.length - added;
  if (added === 0)
    throw new Fault(400, 131, `Events not added: ${Object.keys(problems).join(', ')}`, problems);
  return { added, errors, errors_info: problems };
}

/** Returns what is wrong with the event, if anything. */
function addOne(call: Call, event: Fields): string | undefined {
  const { model } = call;
  const type = event['type'];
  if (typeof type !== 'string' || !EVENT_TYPES.includes(type)) return 'Invalid event type';
  const task = typeof event['task'] === 'string' ? model.tasks.get(event['task']) : undefined;
  if (!task || task.status === 'published' || task.status === 'publishing') return 'Invalid task id';

  const timestamp = typeof event['timestamp'] === 'number' ? event['timestamp'] : model.now();
  if (type === 'log') {
    appendLog(call, {
      type: 'log',
      task: task.id,
      timestamp,
      level: String(event['level'] ?? 'INFO').toUpperCase(),
      worker: String(event['worker'] ?? call.client),
      msg: String(event['msg'] ?? ''),
    });
  } else if (type === 'training_stats_scalar') {
    updateLastMetrics(task, event);
  }
  if (typeof event['iter'] === 'number') task.last_iteration = Math.max(task.last_iteration, event['iter']);
  task.last_update = nowIso(model);
  tell(model, { what: 'task', id: task.id });
  return undefined;
}

function appendLog(call: Call, event: LogEvent): void {
  const log = call.model.logs.get(event.task) ?? { events: [], chars: 0 };
  call.model.logs.set(event.task, log);
  let at = log.events.length;
  while (at > 0 && (log.events[at - 1]?.timestamp ?? 0) > event.timestamp) at--;
  log.events.splice(at, 0, event);
  log.chars += event.msg.length;
  while (log.chars > MAX_LOG_CHARS && log.events.length > 1) log.chars -= log.events.shift()?.msg.length ?? 0;
}

const logOf = (call: Call, task: Task): readonly LogEvent[] => call.model.logs.get(task.id)?.events ?? [];

function updateLastMetrics(task: Task, event: Fields): void {
  const { metric, variant, value, iter } = event;
  if (typeof metric !== 'string' || typeof variant !== 'string' || typeof value !== 'number') return;
  const iteration = typeof iter === 'number' ? iter : 0;
  const variants = task.last_metrics[md5(metric)] ?? {};
  const before = variants[md5(variant)];
  const after: Metric = {
    metric,
    variant,
    value,
    min_value: Math.min(value, before?.min_value ?? value),
    min_value_iteration: before && before.min_value <= value ? before.min_value_iteration : iteration,
    max_value: Math.max(value, before?.max_value ?? value),
    max_value_iteration: before && before.max_value >= value ? before.max_value_iteration : iteration,
  };
  task.last_metrics[md5(metric)] = { ...variants, [md5(variant)]: after };
}

/**
 * One page of the console log. Going back starts before `from_timestamp` (or at the end), going forward after it
 * (or at the beginning). Events that share the page's last timestamp all belong to it, so that timestamp is a safe
 * place to go on from.
 */
export function logPage(
  log: readonly LogEvent[],
  options: { earlier: boolean; from: number | undefined; size: number },
): LogEvent[] {
  const { earlier, from, size } = options;
  const inOrder = earlier ? [...log].reverse() : log;
  const rest =
    from === undefined ? inOrder : inOrder.filter((e) => (earlier ? e.timestamp < from : e.timestamp > from));
  const last = rest[size - 1];
  return rest.filter((e, i) => i < size || e.timestamp === last?.timestamp);
}

const getTaskLog: Endpoint = (call) => {
  const { body, model } = call;
  const task = findTask(model, requiredText(body, 'task'));
  const earlier = body['navigate_earlier'] !== false;
  const size = Math.min(Math.max(integer(body, 'batch_size') ?? 500, 1), MAX_BATCH);
  const log = logOf(call, task);
  const events = logPage(log, { earlier, from: integer(body, 'from_timestamp'), size });
  const order = text(body, 'order');
  if (order !== undefined && order !== 'asc' && order !== 'desc') throw invalidField('order: asc or desc');
  if ((order === 'asc' && earlier) || (order === 'desc' && !earlier)) events.reverse();
  return { events, returned: events.length, total: Math.min(log.length, MAX_TOTAL) };
};

/** The whole log in pages; plots and images are not kept, so there are none. */
const getTaskEvents: Endpoint = (call) => {
  const { body, model } = call;
  const task = findTask(model, requiredText(body, 'task'));
  const type = text(body, 'event_type');
  const log = type === undefined || type === 'log' ? logOf(call, task) : [];
  const ordered = text(body, 'order') === 'desc' ? [...log].reverse() : log;
  const start = Number.parseInt(text(body, 'scroll_id') ?? '0', 10) || 0;
  const events = ordered.slice(start, start + Math.min(integer(body, 'batch_size') ?? 500, MAX_BATCH));
  return {
    events,
    returned: events.length,
    total: log.length,
    scroll_id: String(start + events.length),
  };
};

export const eventEndpoints: Endpoints = {
  'events.add': (call) => addAll(call, [call.body]),
  'events.add_batch': addBatch,
  'events.get_task_log': getTaskLog,
  'events.get_task_events': getTaskEvents,
  'events.get_task_latest_scalar_values': (call) => {
    const task = findTask(call.model, requiredText(call.body, 'task'));
    return {
      metrics: Object.values(task.last_metrics).map((variants) => ({
        name: Object.values(variants)[0]?.metric,
        variants: Object.values(variants).map((v) => ({ name: v.variant, last_value: v.value })),
      })),
      last_iter: task.last_iteration,
      name: task.name,
      status: task.status,
    };
  },
};
