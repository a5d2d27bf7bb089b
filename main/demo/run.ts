import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { isFault, type LocalApi } from './api/endpoints.ts';
import type { Fields, Model, Task } from './api/model.ts';
import type { FilesStore } from './files-store.ts';
import type { Machine } from './machine.ts';
import type { SessionHost, SessionHostOptions } from './session/session-host.ts';
import type { Misbehaviour } from './trouble.ts';

/** One task in the hands of one agent: what both the agent's and the payload's part of the work need. */
export interface Run {
  readonly task: string;
  readonly model: Model;
  readonly api: LocalApi;
  readonly worker: string;
  readonly machine: Machine;
  readonly misbehave: Misbehaviour | undefined;
  /** Aborted when the task is told to stop, is gone, or the demo ends. */
  readonly signal: AbortSignal;
  /** Realistic waiting; rejects when the run is aborted. */
  pause(ms: number): Promise<void>;
  /** Returns the function that ends it. */
  every(ms: number, work: () => void): () => void;
  log(...lines: string[]): void;
  /** The files server, where artifacts lie. */
  readonly files: FilesStore;
  /** Whether it was told to stop, as opposed to the machine that is gone. */
  isToldToStop(): boolean;
  startHost(options: Omit<SessionHostOptions, 'folder' | 'realTools'>): Promise<SessionHost>;
}

export const paused = async (ms: number, speed: number, signal: AbortSignal): Promise<void> => {
  signal.throwIfAborted();
  await sleep(ms / speed, undefined, { signal });
};

/** Never goes on by itself; rejects when the signal is aborted. */
export async function untilAborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted) await once(signal, 'abort');
  throw signal.reason;
}

/** Console lines reach the server as one event each time, as an agent sends what was printed since the last. */
export function consoleLog(model: Model, api: LocalApi, task: string, worker: string) {
  return (...lines: string[]): void => {
    ignoringGone(() =>
      api('events.add_batch', {
        type: 'log',
        task,
        worker,
        level: 'DEBUG',
        timestamp: model.now(),
        msg: `${lines.join('\n')}\n`,
      }),
    );
  };
}

/** The task may be deleted under our hands; whoever did that wants nothing more of it. */
export function ignoringGone(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!isFault(error)) throw error;
  }
}

/** Adds to the runtime, which the server replaces whole. */
export function setRuntime(run: Run, added: Fields, removed: readonly string[] = []): void {
  const { task } = run.api('tasks.get_by_id', { task: run.task }) as { task: Task };
  const kept = Object.fromEntries(Object.entries(task.runtime).filter(([key]) => !removed.includes(key)));
  run.api('tasks.edit', { task: run.task, force: true, runtime: { ...kept, ...added } });
}

export function setProperty(run: Run, name: string, value: string | number): void {
  run.api('tasks.edit_hyper_params', {
    task: run.task,
    force: true,
    hyperparams: [{ section: 'properties', name, value: String(value), description: '' }],
  });
}
