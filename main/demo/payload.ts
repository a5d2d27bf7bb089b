import { generateHostKey } from '../core/ssh/keys.ts';
import type { Task } from './api/model.ts';
import { machineFacts, monitorEvents } from './machine.ts';
import { ignoringGone, type Run, setProperty, setRuntime, untilAborted } from './run.ts';
import { hostKeysOf, randomToken, type SessionHost, SSH_USER } from './session/session-host.ts';
import { restoreWorkspace, saveWorkspace, unpackSessionFiles } from './workspace.ts';

/** The SDK's resource monitor reports this often; the first time much later than here (180 s). */
const MONITOR_MS = 10_000;

const ADDRESS = '127.0.0.1';

export const isSession = (task: Task): boolean => task.hyperparams['interactive_session'] !== undefined;

/**
 * Plays clearml-session's payload on the remote machine: takes what the task asks for, starts sshd, VS Code and
 * JupyterLab in this order and writes each port when it is there. Goes on until the run is aborted.
 */
export async function playPayload(run: Run): Promise<void> {
  const { task } = run.api('tasks.get_by_id', { task: run.task }) as { task: Task };
  const wants = (name: string) =>
    /^true$/i.test(task.hyperparams['interactive_session']?.[name]?.value ?? '');
  await run.pause(500);
  setRuntime(run, machineFacts(run.machine), [
    '_user_key',
    '_user_secret',
    '_git_credentials',
    '_git_config',
  ]);
  run.log(
    `ClearML Task: overwriting (reusing) task id=${run.task}`,
    `ClearML results page: projects/${task.project ?? '*'}/experiments/${run.task}/output/log`,
    '',
    'Setting up connection to remote session',
  );
  const stopMonitor = run.every(MONITOR_MS, () => reportMonitor(run));
  let host: SessionHost | undefined;
  try {
    await run.pause(300);
    writeAddress(run, task);
    host = await startSsh(run, task, async ({ home }) => {
      await restoreWorkspace(run, task, home);
      await unpackSessionFiles(run, task, home);
    });
    if (wants('vscode_server')) await startVscode(run, host);
    if (wants('jupyterlab')) await startJupyter(run, host);
    else run.log('Jupyter Lab is not requested, session runs until it is aborted');
    await untilAborted(run.signal);
  } finally {
    stopMonitor();
    if (host && run.isToldToStop()) await saveWorkspace(run, host.home).catch((e) => run.log(String(e)));
    await host?.stop();
  }
}

function reportMonitor(run: Run): void {
  const now = run.model.now();
  const started = Date.parse(run.model.tasks.get(run.task)?.started ?? '') || now;
  for (const event of monitorEvents(run.machine, run.task, now, Math.round((now - started) / 1000)))
    ignoringGone(() => run.api('events.add', event));
}

/** A gateway that the launcher named stays; otherwise the machine tells its own address. */
function writeAddress(run: Run, task: Task): void {
  const property = (name: string) => task.hyperparams['properties']?.[name]?.value;
  if (property('external_address') || property('k8s-gateway-address')) return;
  setRuntime(run, { external_address: ADDRESS });
  setProperty(run, 'external_address', ADDRESS);
}

async function startSsh(
  run: Run,
  task: Task,
  prepare: (host: SessionHost) => Promise<void>,
): Promise<SessionHost> {
  await run.pause(400);
  run.log('Installing SSH Server...', 'Setting up SSH server', '');
  const runtime = run.model.tasks.get(run.task)?.runtime ?? task.runtime;
  let password = String(runtime['_ssh_password'] ?? '');
  if (!password) {
    password = randomToken();
    setRuntime(run, { _ssh_password: password });
  }
  const hostKeys =
    run.misbehave === 'wrong-host-key'
      ? [generateHostKey().privateKey]
      : hostKeysOf(task.configuration['SSH']?.value);
  const host = await run.startHost({
    session: task.name,
    hostname: run.machine.hostname,
    password,
    hostKeys,
  });
  try {
    await prepare(host).catch((error: unknown) => run.log(`WARNING: ${error}`));
    await run.pause(1000);
    if (run.misbehave === 'no-ssh') {
      run.log(
        'Error: Could not start sshd: bind to port 10022 failed: Address already in use',
        '#### SSH server could not be launched ####',
      );
      await untilAborted(run.signal);
    }
    run.signal.throwIfAborted();
    setProperty(run, 'internal_ssh_port', host.sshPort);
    setRuntime(run, { internal_ssh_port: String(host.sshPort), _ssh_user: SSH_USER });
    run.log(
      '#',
      `# SSH Server running on ${run.machine.hostname} [${ADDRESS}] port ${host.sshPort}`,
      `# LOGIN u:${SSH_USER}`,
      '#',
    );
    return host;
  } catch (error) {
    await host.stop();
    throw error;
  }
}

async function startVscode(run: Run, host: SessionHost): Promise<void> {
  await run.pause(300);
  run.log('Running VSCode Server');
  if (run.misbehave === 'vscode-silent') {
    run.log('Error: Could not download the VSCode server package');
    return;
  }
  if (run.misbehave === 'no-vscode') {
    await run.pause(900);
    run.log('Error: Could not start VSCode server: exit code 1');
    setProperty(run, 'vscode_port', -1);
    return;
  }
  const [port] = await Promise.all([host.startVscode(), run.pause(900)]);
  setProperty(run, 'vscode_port', port);
  run.log(`VSCode Server running on port ${port}`);
}

async function startJupyter(run: Run, host: SessionHost): Promise<void> {
  await run.pause(300);
  run.log('Running Jupyter Notebook/Lab Server');
  const token = randomToken();
  const [port] = await Promise.all([host.startJupyter(token), run.pause(1000)]);
  setProperty(run, 'jupyter_port', port);
  // Both end with a newline, as the payload reads them from Jupyter's output.
  setRuntime(run, {
    _jupyter_token: `${token}\n`,
    _jupyter_url: `http://${ADDRESS}:${port}?token=${token}\n`,
  });
  run.log(`Jupyter Lab URL: http://${ADDRESS}:${port}?token=****`);
}
