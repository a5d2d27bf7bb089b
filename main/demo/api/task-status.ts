import type { Call, Endpoint, Endpoints } from './call.ts';
import type { Fields, TaskStatus } from './model.ts';
import { flag, text } from './read.ts';
import { changeStatus } from './status.ts';
import { taskOf, touch } from './task-call.ts';
import { removeFromQueues } from './task-queue.ts';

/** Without a sign of life for this long nobody runs the task, whatever `last_worker` says. */
const WORKER_TIMEOUT_MS = 600_000;

function move(call: Call, to: TaskStatus): { updated: number; fields: Fields } {
  return changeStatus(call, taskOf(call), {
    to,
    reason: text(call.body, 'status_reason'),
    message: text(call.body, 'status_message'),
    force: flag(call.body, 'force'),
  });
}

const started: Endpoint = (call) => {
  const result = move(call, 'in_progress');
  const task = taskOf(call);
  task.started ??= task.status_changed;
  return { started: result.updated, ...result, fields: { ...result.fields, started: task.started } };
};

const stopped: Endpoint = (call) => withEnd(call, move(call, 'stopped'));

const completed: Endpoint = (call) => {
  const result = withEnd(call, move(call, 'completed'));
  return flag(call.body, 'publish') ? { ...result, published: publish(call)['updated'] } : result;
};

function withEnd(call: Call, result: { updated: number; fields: Fields }): Fields {
  const task = taskOf(call);
  task.completed = task.status_changed;
  return { ...result, fields: { ...result.fields, completed: task.completed } };
}

const publish: Endpoint = (call) => {
  const result = move(call, 'published');
  const task = taskOf(call);
  task.published = task.status_changed;
  return { ...result, fields: { ...result.fields, published: task.published } };
};

/**
 * Asks a running task to stop. At once where nobody would hear it: still queued, a development task, or no worker
 * reported within ten minutes. Otherwise the status stays and `status_message` says `stopping`.
 */
const stop: Endpoint = (call) => {
  const task = taskOf(call);
  const heard = !!task.last_worker && call.model.now() - Date.parse(task.last_update) < WORKER_TIMEOUT_MS;
  const atOnce = task.status === 'queued' || task.system_tags.includes('development') || !heard;
  if (task.status === 'queued') removeFromQueues(call, task);
  return changeStatus(call, task, {
    to: atOnce ? 'stopped' : task.status,
    reason: text(call.body, 'status_reason'),
    message: atOnce ? `Stopped by ${call.user.name}` : 'stopping',
    force: flag(call.body, 'force'),
  });
};

const ping: Endpoint = (call) => {
  const task = taskOf(call);
  touch(call, task);
  task.last_update = task.last_change;
  if (task.status === 'in_progress' && task.started)
    task.active_duration = Math.round((call.model.now() - Date.parse(task.started)) / 1000);
  return {};
};

export const taskStatusEndpoints: Endpoints = {
  'tasks.started': started,
  'tasks.stop': stop,
  'tasks.stopped': stopped,
  'tasks.failed': (call) => move(call, 'failed'),
  'tasks.completed': completed,
  'tasks.close': (call) => move(call, 'closed'),
  'tasks.publish': publish,
  'tasks.ping': ping,
};
