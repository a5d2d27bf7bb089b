import type { Call, Endpoint, Endpoints } from './call.ts';
import { Fault, invalidField } from './fault.ts';
import { type Fields, findQueue, nowIso, type Queue, type Task, type TaskStatus, tell } from './model.ts';
import { createQueue, queueByName } from './queues.ts';
import { flag, text } from './read.ts';
import { changeStatus } from './status.ts';
import { taskOf } from './task-call.ts';
import { liveWorkers } from './workers.ts';

/** Returns how many it was in: 0 or 1. */
export function removeFromQueues(call: Call, task: Task): number {
  let removed = 0;
  for (const queue of call.model.queues.values()) {
    const rest = queue.entries.filter((e) => e.task !== task.id);
    if (rest.length === queue.entries.length) continue;
    queue.entries = rest;
    queue.last_update = nowIso(call.model);
    removed = 1;
  }
  return removed;
}

function wantedQueue(call: Call): Queue {
  const id = text(call.body, 'queue');
  const name = text(call.body, 'queue_name');
  if (id && name) throw invalidField('Either queue id or queue name should be provided');
  if (name) return queueByName(call.model, name) ?? createQueue(call, name);
  if (id) return findQueue(call.model, id);
  const tagged = [...call.model.queues.values()].find((q) => q.system_tags.includes('default'));
  if (!tagged) throw new Fault(400, 707, 'No queue is tagged as the default queue for this company');
  return tagged;
}

const enqueue: Endpoint = (call) => {
  const task = taskOf(call);
  const queue = wantedQueue(call);
  const before = task.status;
  const { updated, fields } = changeStatus(call, task, {
    to: 'queued',
    reason: text(call.body, 'status_reason'),
    message: text(call.body, 'status_message'),
    force: flag(call.body, 'force'),
    mustMove: true,
  });
  task.enqueue_status = before;
  removeFromQueues(call, task);
  if (flag(call.body, 'update_execution_queue', true))
    task.execution = { ...task.execution, queue: queue.id };
  queue.entries = [...queue.entries, { task: task.id, added: nowIso(call.model) }];
  queue.last_update = nowIso(call.model);
  tell(call.model, { what: 'queue', id: queue.id });
  const watched = flag(call.body, 'verify_watched_queue')
    ? { queue_watched: liveWorkers(call.model).some((w) => w.queues.includes(queue.id)) }
    : {};
  return { queued: 1, updated, fields: { ...fields, 'execution.queue': queue.id }, ...watched };
};

/** Takes the task out of its queue; without a new status it gets the one that it had before. */
export function dequeueTask(call: Call, task: Task, newStatus: TaskStatus | undefined): Fields {
  removeFromQueues(call, task);
  if (task.status !== 'queued' && task.status !== 'in_progress') return { updated: 0, fields: {} };
  const result = changeStatus(call, task, {
    to: newStatus ?? task.enqueue_status ?? 'created',
    reason: text(call.body, 'status_reason'),
    message: text(call.body, 'status_message'),
  });
  delete task.enqueue_status;
  return result;
}

const dequeue: Endpoint = (call) => ({
  dequeued: 1,
  ...dequeueTask(call, taskOf(call), text(call.body, 'new_status') as TaskStatus | undefined),
});

export const taskQueueEndpoints: Endpoints = { 'tasks.enqueue': enqueue, 'tasks.dequeue': dequeue };
