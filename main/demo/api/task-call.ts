import type { Call } from './call.ts';
import { type Fields, findTask, nowIso, type Task, tell } from './model.ts';
import { flag, requiredText, texts } from './read.ts';

// What the calls about tasks share.

export const taskOf = (call: Call): Task => findTask(call.model, requiredText(call.body, 'task'));

export const tasksOf = (call: Call): Task[] =>
  (texts(call.body, 'tasks') ?? []).map((id) => findTask(call.model, id));

export function touch(call: Call, task: Task): void {
  task.last_change = nowIso(call.model);
  task.last_changed_by = call.user.id;
}

/** Tells those who wait for changes. */
export function saved(call: Call, task: Task): void {
  tell(call.model, { what: 'task', id: task.id });
}

export const fileUrls = (call: Call, artifactUrls: string[]): Fields =>
  flag(call.body, 'return_file_urls')
    ? { urls: { model_urls: [], event_urls: [], artifact_urls: artifactUrls.filter(Boolean) } }
    : {};
