import type { Change, Model } from './api/model.ts';

// In-process events in place of the polls of a real agent.

/** Resolves when one of the queues has something in it. */
export function queueFilled(model: Model, queues: readonly string[], signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const listener = (change: Change) => {
      if (change.what !== 'queue' || !queues.includes(change.id)) return;
      done();
      resolve();
    };
    const onAbort = () => {
      done();
      reject(signal.reason);
    };
    const done = () => {
      model.listeners.delete(listener);
      signal.removeEventListener('abort', onAbort);
    };
    model.listeners.add(listener);
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

export interface TaskWatch {
  readonly signal: AbortSignal;
  /** `stop`: asked to stop; `gone`: deleted or ended by somebody else; undefined: nothing happened. */
  told(): 'stop' | 'gone' | undefined;
  close(): void;
}

/** Notices within seconds that a task is to be aborted, as the agent's poll of the status does. */
export function watchTask(
  model: Model,
  id: string,
  delay: (signal: AbortSignal) => Promise<void>,
  stopping: AbortSignal,
): TaskWatch {
  const control = new AbortController();
  let told: 'stop' | 'gone' | undefined;
  const look = (change: Change) => {
    if (told || change.what === 'queue' || change.id !== id) return;
    const task = model.tasks.get(id);
    if (!task || (task.status !== 'in_progress' && task.status !== 'queued')) told = 'gone';
    else if (task.status_message.includes('stopping')) told = 'stop';
    if (told) delay(stopping).then(abort, abort);
  };
  const abort = () => control.abort(new Error('The run is over'));
  model.listeners.add(look);
  if (stopping.aborted) abort();
  stopping.addEventListener('abort', abort, { once: true });
  return {
    signal: control.signal,
    told: () => told,
    close() {
      model.listeners.delete(look);
      stopping.removeEventListener('abort', abort);
    },
  };
}
