import type { SessionId } from '../../../preload/contract/state.ts';
import { readTask, type SessionTask } from '../clearml/task.ts';

/** The task of a launch, as the server will list it: it was just put into its queue. `document`: as it was created. */
export function launchedTask(
  document: Readonly<Record<string, unknown>>,
  { id, me, now }: { readonly id: SessionId; readonly me: string; readonly now: number },
): SessionTask {
  // What is secret in it is read when it is needed.
  const task = readTask({ ...document, id, status: 'queued', user: me, created: now, configuration: {} });
  if (!task) throw new Error('A task without an id.');
  return task;
}
