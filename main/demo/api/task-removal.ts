import type { Endpoint, Endpoints } from './call.ts';
import { Fault, invalidStatus } from './fault.ts';
import { tell } from './model.ts';
import { flag } from './read.ts';
import { changeStatus } from './status.ts';
import { fileUrls, saved, taskOf, tasksOf, touch } from './task-call.ts';
import { dequeueTask, removeFromQueues } from './task-queue.ts';

const reset: Endpoint = (call) => {
  const task = taskOf(call);
  const force = flag(call.body, 'force');
  if (!force && task.status === 'published') throw invalidStatus(`task=${task.id}, status=${task.status}`);
  const removed = removeFromQueues(call, task);
  const result = changeStatus(call, task, { to: 'created', reason: 'reset', message: 'reset', force });
  for (const key of [
    'started',
    'completed',
    'published',
    'active_duration',
    'enqueue_status',
    'last_worker',
    'last_worker_report',
  ] as const)
    delete task[key];
  const { queue: _, ...execution } = task.execution;
  task.execution = { ...execution, artifacts: execution.artifacts.filter((a) => a.mode === 'input') };
  if (flag(call.body, 'clear_all')) {
    task.execution = { artifacts: [] };
    task.script = {};
  }
  task.runtime = {};
  task.last_metrics = {};
  task.last_iteration = 0;
  task.models = { ...task.models, output: [] };
  call.model.logs.delete(task.id);
  return {
    ...result,
    dequeued: { removed },
    deleted_indices: [],
    frames: {},
    events: {},
    deleted_models: 0,
    ...fileUrls(call, []),
  };
};

const remove: Endpoint = (call) => {
  const task = taskOf(call);
  if (task.status !== 'created' && !task.system_tags.includes('archived') && !flag(call.body, 'force'))
    throw new Fault(
      400,
      123,
      `Task cannot be deleted: due to status, use force=True, current=${task.status}`,
    );
  removeFromQueues(call, task);
  let children = 0;
  for (const other of call.model.tasks.values()) {
    if (other.parent !== task.id) continue;
    delete other.parent;
    children++;
  }
  call.model.tasks.delete(task.id);
  call.model.logs.delete(task.id);
  tell(call.model, { what: 'deleted', id: task.id });
  return {
    deleted: true,
    updated_children: children,
    updated_models: 0,
    deleted_models: 0,
    events: {},
    ...fileUrls(
      call,
      task.execution.artifacts.filter((a) => a.mode === 'output').map((a) => String(a['uri'] ?? '')),
    ),
  };
};

const archive: Endpoint = (call) => {
  const tasks = tasksOf(call);
  for (const task of tasks) {
    dequeueTask(call, task, undefined);
    task.system_tags = [...new Set([...task.system_tags, 'archived'])];
    touch(call, task);
    saved(call, task);
  }
  return { archived: tasks.length };
};

const unarchive: Endpoint = (call) => {
  const tasks = tasksOf(call);
  for (const task of tasks) {
    task.system_tags = task.system_tags.filter((t) => t !== 'archived');
    touch(call, task);
    saved(call, task);
  }
  return { unarchived: tasks.length };
};

export const taskRemovalEndpoints: Endpoints = {
  'tasks.reset': reset,
  'tasks.delete': remove,
  'tasks.archive': archive,
  'tasks.unarchive': unarchive,
};
