import { execute } from './agent-steps.ts';
import { localApi } from './api/endpoints.ts';
import type { Model, User } from './api/model.ts';
import type { FilesStore } from './files-store.ts';
import { type Machine, machineStats } from './machine.ts';
import { consoleLog, ignoringGone, paused, type Run } from './run.ts';
import type { Misbehaviour } from './trouble.ts';
import { queueFilled, watchTask } from './watch.ts';

/** A real agent looks at its queues each 5 s; nobody learns anything by waiting that long here. */
const PULL_MS = 700;

const REPORT_MS = 30_000;

/** From `stopping` to the end: the real one looks each 5 s and was seen to take about 3 s. */
const ABORT_MS = 1500;

export interface AgentOptions {
  readonly model: Model;
  readonly user: User;
  readonly worker: string;
  readonly machine: Machine;
  /** Ids, the most important first. */
  readonly queues: readonly string[];
  /** Waiting times are divided by this. */
  readonly speed: number;
  /** Tasks that pretend to have run for long do not wait at all. */
  ranBefore(task: string): boolean;
  misbehave(queue: string): Misbehaviour | undefined;
  readonly files: FilesStore;
  readonly startHost: (task: string, ...args: Parameters<Run['startHost']>) => ReturnType<Run['startHost']>;
}

export interface Agent {
  /** Lets go of its task without telling the server how it ended, and waits until nothing of it is left. */
  stop(): Promise<void>;
}

/** Pulls tasks from its queues and runs them one after another, telling the server all that an agent tells. */
export function startAgent(options: AgentOptions): Agent {
  const { model, worker, machine, speed } = options;
  const api = localApi(model, options.user);
  const stopping = new AbortController();
  let current: { task: string; queue: string } | undefined;

  api('workers.register', { worker, queues: options.queues });
  const report = () =>
    api('workers.status_report', {
      worker,
      timestamp: model.now(),
      queues: options.queues,
      ...(current ?? {}),
      machine_stats: machineStats(machine, model.now(), current !== undefined),
    });
  report();
  const reporting = setInterval(report, REPORT_MS / speed);
  const done = work();

  return {
    async stop() {
      stopping.abort();
      await done;
      clearInterval(reporting);
      ignoringGone(() => api('workers.unregister', { worker }));
    },
  };

  async function work(): Promise<void> {
    const { signal } = stopping;
    while (!signal.aborted) {
      const next = pull();
      try {
        if (next) {
          current = next;
          await runTask(next.task, next.queue);
        } else {
          await queueFilled(model, options.queues, signal);
          await paused(PULL_MS, speed, signal);
        }
      } catch (error) {
        if (!signal.aborted) throw error;
      } finally {
        current = undefined;
      }
      if (next && !signal.aborted) report();
    }
  }

  function pull(): { task: string; queue: string } | undefined {
    // One of them may have been deleted.
    for (const queue of options.queues.filter((id) => model.queues.has(id))) {
      let entry: unknown;
      do {
        entry = api('queues.get_next_task', { queue })['entry'];
        const task = (entry as { task?: string } | undefined)?.task;
        if (task && model.tasks.has(task)) return { task, queue };
      } while (entry);
    }
    return undefined;
  }

  async function runTask(taskId: string, queueId: string): Promise<void> {
    const queue = model.queues.get(queueId)?.name ?? queueId;
    const watch = watchTask(model, taskId, (signal) => paused(ABORT_MS, speed, signal), stopping.signal);
    const run: Run = {
      task: taskId,
      model,
      api,
      worker,
      machine,
      misbehave: options.misbehave(queue),
      signal: watch.signal,
      pause: (ms) => paused(options.ranBefore(taskId) ? 0 : ms, speed, watch.signal),
      every: (ms, step) => {
        const timer = setInterval(step, ms / speed);
        return () => clearInterval(timer);
      },
      log: consoleLog(model, api, taskId, worker),
      files: options.files,
      isToldToStop: () => watch.told() === 'stop',
      startHost: (hostOptions) => options.startHost(taskId, hostOptions),
    };
    try {
      await execute(run, queue, report);
      ignoringGone(() => api('tasks.completed', { task: taskId, status_reason: 'worker execution done' }));
    } catch (error) {
      if (!watch.signal.aborted) {
        run.log(String(error));
        fail(run, 1);
      } else if (watch.told() === 'stop') {
        run.log('Process aborted by user');
        ignoringGone(() =>
          api('tasks.stopped', {
            task: taskId,
            status_reason: 'task was stopped by tasks.stop',
            status_message: `Changed by clearml-agent ${worker}`,
          }),
        );
      }
    } finally {
      watch.close();
    }
  }
}

function fail(run: Run, code: number): void {
  ignoringGone(() =>
    run.api('tasks.failed', {
      task: run.task,
      status_reason: `worker execution exit code ${code}`,
      status_message: `Changed by clearml-agent ${run.worker}`,
    }),
  );
}
