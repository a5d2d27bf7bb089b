import type { Call } from './call.ts';
import { invalidStatus } from './fault.ts';
import { type Fields, nowIso, type Task, type TaskStatus, tell } from './model.ts';

/** Where a task may go without `force`. Staying is always allowed. */
const ALLOWED: { readonly [S in TaskStatus]: readonly TaskStatus[] } = {
  created: ['queued', 'in_progress'],
  queued: ['created', 'in_progress', 'stopped'],
  in_progress: ['stopped', 'failed', 'created', 'completed'],
  stopped: ['closed', 'created', 'failed', 'queued', 'in_progress', 'published', 'publishing', 'completed'],
  closed: ['created', 'failed', 'published', 'publishing', 'stopped'],
  failed: ['created', 'stopped', 'published', 'queued'],
  publishing: ['published'],
  published: [],
  completed: ['published', 'in_progress', 'created'],
  unknown: [],
};

const canBecome = (from: TaskStatus, to: TaskStatus): boolean => from === to || ALLOWED[from].includes(to);

interface StatusChange {
  readonly to: TaskStatus;
  readonly reason?: string | undefined;
  readonly message?: string | undefined;
  readonly force?: boolean;
  /** Staying in the same status is a fault, as for enqueueing. */
  readonly mustMove?: boolean;
}

/** Moves the task; `fields` of the reply tell what was written. */
export function changeStatus(
  call: Call,
  task: Task,
  change: StatusChange,
): { updated: number; fields: Fields } {
  const { to, reason = '', message = '', force = false, mustMove = false } = change;
  if (!force) {
    if (mustMove && task.status === to)
      throw invalidStatus(
        `Task already in requested status, current_status=${task.status}, new_status=${to}`,
      );
    if (!canBecome(task.status, to))
      throw invalidStatus(`Invalid status change, current_status=${task.status}, new_status=${to}`);
  }
  const now = nowIso(call.model);
  const fields = {
    status: to,
    status_reason: reason,
    status_message: message,
    status_changed: now,
    last_update: now,
    last_change: now,
    last_changed_by: call.user.id,
  };
  Object.assign(task, fields);
  if (to === 'queued') task.system_tags = task.system_tags.filter((t) => t !== 'development');
  tell(call.model, { what: 'task', id: task.id });
  return { updated: 1, fields };
}
