import type { Fields, Task } from './api/model.ts';
import { isSession, playPayload } from './payload.ts';
import type { Run } from './run.ts';

/** The agent's own part: from the queue to the payload's first line. */
export async function execute(run: Run, queue: string, report: () => void): Promise<void> {
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
