import { localApi } from './api/endpoints.ts';
import { isoDate, type Model, type Task, type TaskStatus, type User } from './api/model.ts';
import { machineFacts, machineFor } from './machine.ts';
import { randomToken } from './session/session-host.ts';
import { createSession } from './session-document.ts';

const HOUR_MS = 3_600_000;

/** Sessions that were there before the person came, so that the list has life. Returns the id of the running one. */
export function seedSessions(model: Model, me: User, colleague: User): string {
  const yesterday = aSession(model, me, 'Notebook of yesterday');
  become(model, yesterday, 'completed', { createdMs: 26 * HOUR_MS, ranMs: 3 * HOUR_MS });
  yesterday.status_reason = 'worker execution done';

  const running = aSession(model, colleague, 'Ada: fine-tuning');
  running.created = isoDate(model.now() - 3 * HOUR_MS);
  running.started = isoDate(model.now() - 3 * HOUR_MS + 60_000);
  const waiting = aSession(model, colleague, 'Ada: evaluation');
  waiting.created = isoDate(model.now() - HOUR_MS);
  for (const { id } of [running, waiting])
    localApi(model, colleague)('tasks.enqueue', { task: id, queue_name: 'gpu-large' });
  return running.id;
}

const STATUSES: readonly TaskStatus[] = ['in_progress', 'completed', 'stopped', 'failed', 'queued'];

/** Documents without machines behind them, for tests of long lists. Returns their ids. */
export function seedMany(model: Model, owner: User, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const task = aSession(model, owner, `Session ${i + 1}`);
    const status = STATUSES[i % STATUSES.length] ?? 'completed';
    become(model, task, status, { createdMs: (i + 1) * 60_000, ranMs: 30_000 });
    return task.id;
  });
}

function aSession(model: Model, owner: User, name: string): Task {
  const api = localApi(model, owner);
  const id = createSession(model, api, { name, jupyter: true, vscode: true, password: randomToken() });
  const { task } = api('tasks.get_by_id', { task: id });
  return task as Task;
}

/** Puts the task into its past. */
function become(
  model: Model,
  task: Task,
  status: TaskStatus,
  times: { readonly createdMs: number; readonly ranMs: number },
): void {
  const created = model.now() - times.createdMs;
  const started = created + 20_000;
  const ended = status === 'in_progress' ? model.now() : Math.min(started + times.ranMs, model.now());
  task.status = status;
  task.created = isoDate(created);
  task.last_update = isoDate(ended);
  task.last_change = isoDate(ended);
  task.status_changed = isoDate(status === 'in_progress' ? started : ended);
  if (status === 'queued') return;
  task.started = isoDate(started);
  if (status !== 'in_progress') task.completed = isoDate(ended);
  task.runtime = { ...task.runtime, ...machineFacts(machineFor('default', 0)) };
  task.last_worker = 'default-1:0';
}
