import { localApi } from './api/endpoints.ts';
import type { Change, Fields, Model, Task, User } from './api/model.ts';
import { type Machine, machineStats } from './machine.ts';
import { isSession, playPayload } from './payload.ts';
import { consoleLog, ignoringGone, paused, type Run } from './run.ts';
import type { Misbehaviour } from './trouble.ts';

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
  misbehave(queue: string): Misbehaviour | undefined;
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
    for (const queue of options.queues) {
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
      pause: (ms) => paused(ms, speed, watch.signal),
      every: (ms, step) => {
        const timer = setInterval(step, ms / speed);
        return () => clearInterval(timer);
      },
      log: consoleLog(model, api, taskId, worker),
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

/** The agent's own part: from the queue to the payload's first line. */
async function execute(run: Run, queue: string, report: () => void): Promise<void> {
  const { api, task, worker, machine } = run;
  const started = (message: string, reason = '') =>
    api('tasks.started', { task, status_message: message, status_reason: reason, force: true });
  started('pulled by agent');
  report();
  run.log(`task ${task} pulled from ${queue} by worker ${worker}`);
  const document = (api('tasks.get_by_id', { task }) as { task: Task }).task;
  api('tasks.edit', {
    task,
    force: true,
    runtime: { ...document.runtime, _exec_agent_hostname: machine.hostname },
  });
  started('launch by agent');
  await run.pause(500);
  run.log(...launchLines(document, worker));
  api('tasks.dequeue', { task, new_status: 'in_progress' });
  started('starting execution soon');
  started(`Changed by clearml-agent ${worker}`, 'worker started execution');
  await installEnvironment(run, document);
  started('worker starting task execution');
  if (isSession(document)) return playPayload(run);
  run.log('The demo plays sessions only; this task ends here.');
  await run.pause(1000);
}

function launchLines(task: Task, worker: string): string[] {
  const image = String(task.container['image'] ?? '');
  const arguments_ = String(task.container['arguments'] ?? '')
    .split(' ')
    .filter(Boolean);
  const docker = [
    'docker',
    'run',
    '-t',
    '--gpus',
    'all',
    '-e',
    `CLEARML_WORKER_ID=${worker}`,
    ...arguments_,
    image,
  ];
  return [
    'Current configuration (clearml_agent v1.9.2, location: /tmp/.clearml_agent.cfg):',
    'agent.package_manager.type = pip',
    `agent.worker_id = ${worker}`,
    ...(image ? [`Executing: [${docker.map((d) => `'${d}'`).join(', ')}]`] : []),
    '',
    `Executing task id [${task.id}]:`,
    'repository = ',
    'branch = ',
    `entry_point = ${String(task.script['entry_point'] ?? '')}`,
    `working_dir = ${String(task.script['working_dir'] ?? '')}`,
    '',
  ];
}

async function installEnvironment(run: Run, task: Task): Promise<void> {
  const packages = requirementNames(task);
  await run.pause(400);
  run.log('created virtual environment CPython3.10.12.final.0-64 in 412ms', '');
  if (run.misbehave === 'slow') await pullSlowly(run);
  for (const name of packages) {
    await run.pause(1400 / packages.length);
    run.log(`Collecting ${name}`, `  Downloading ${name.replace(/[^a-z0-9_].*$/i, '')}-py3-none-any.whl`);
  }
  if (run.misbehave === 'setup-fails') {
    await run.pause(300);
    run.log(
      `ERROR: Could not find a version that satisfies the requirement ${packages[0] ?? 'clearml'} (from versions: none)`,
      `ERROR: No matching distribution found for ${packages[0] ?? 'clearml'}`,
      'clearml_agent: ERROR: Could not install task requirements!',
    );
    throw new SetupFailed('Command pip install returned non-zero exit status 1.');
  }
  await run.pause(300);
  run.log(
    `Successfully installed ${packages.map((p) => p.replace(/[<>=~!; ].*$/, '')).join(' ')}`,
    '',
    'Environment setup completed successfully',
    'Starting Task Execution:',
    '',
  );
  const pip = packages.join('\n');
  run.api('tasks.set_requirements', {
    task: run.task,
    requirements: { pip, org_pip: (task.script['requirements'] as Fields | undefined)?.['pip'] ?? '' },
  });
}

class SetupFailed extends Error {
  override toString(): string {
    return this.message;
  }
}

function requirementNames(task: Task): string[] {
  const pip = (task.script['requirements'] as Fields | undefined)?.['pip'];
  const lines = Array.isArray(pip) ? pip.map(String) : String(pip ?? '').split('\n');
  const names = lines.map((l) => l.trim()).filter((l) => l !== '' && !l.startsWith('#'));
  return names.length > 0 ? names : ['clearml'];
}

/** Five minutes of image layers. */
async function pullSlowly(run: Run): Promise<void> {
  run.log('Unable to find image locally, pulling');
  for (let percent = 0; percent <= 100; percent += 2) {
    await run.pause(6000);
    run.log(`4b9d1a7c2e55: Downloading ${percent}%`);
  }
}

/** Resolves when one of the queues has something in it. */
function queueFilled(model: Model, queues: readonly string[], signal: AbortSignal): Promise<void> {
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

interface TaskWatch {
  readonly signal: AbortSignal;
  /** `stop`: asked to stop; `gone`: deleted or ended by somebody else; undefined: nothing happened. */
  told(): 'stop' | 'gone' | undefined;
  close(): void;
}

/** Notices within seconds that a task is to be aborted, as the agent's poll of the status does. */
function watchTask(
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
