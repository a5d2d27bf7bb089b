import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Agent, type AgentOptions, startAgent } from '../../main/demo/agent.ts';
import { type Demo, type DemoOptions, startDemo } from '../../main/demo/demo.ts';
import { machineFor } from '../../main/demo/machine.ts';
import { startSessionHost } from '../../main/demo/session/session-host.ts';
import { RunningApp } from '../e2e/app.ts';
import { reasonAgainst, type SshServer, startSshd } from '../integration/servers.ts';
import { AppClient } from './app-client.ts';
import { type Bench, Impossible, now } from './part.ts';

/** A request to the ClearML API, at the time when its answer was made. */
export interface Call {
  readonly at: number;
  readonly endpoint: string;
}

/** A ClearML server in this process, and the built app in one of its own that is connected to it. */
export interface World {
  readonly demo: Demo;
  readonly app: RunningApp;
  readonly client: AppClient;
  /** The oldest first. */
  readonly calls: readonly Call[];
  /** Id of a queue. */
  queue(name: string): string;
}

export async function startWorld(bench: Bench, options: DemoOptions): Promise<World> {
  const calls: Call[] = [];
  const demo = await startDemo({
    seed: false,
    realTools: false,
    called: (endpoint) => calls.push({ at: now(), endpoint }),
    ...options,
  });
  bench.defer(() => demo.stop());
  const app = new RunningApp({ conf: demo.conf });
  bench.defer(() => app.dispose());
  const client = await AppClient.open(await app.start());
  bench.defer(() => client.close());
  await client.until('a list', ({ loaded }) => loaded || undefined);
  const queue = (name: string): string => {
    const found = [...demo.model.queues.values()].find((q) => q.name === name);
    if (!found) throw new Error(`There is no queue ${name}`);
    return found.id;
  };
  return { demo, app, client, calls, queue };
}

type StartHost = AgentOptions['startHost'];

/** Where sessions run. `kill` drops a session's SSH connections; both know only what they started. */
export interface Machines {
  readonly start: StartHost;
  kill(task: string): void;
}

/** The demo's own session hosts, in this process. */
export function demoMachines(bench: Bench): Machines {
  const folder = mkdtempSync(join(tmpdir(), 'bench-hosts-'));
  bench.defer(() => rmSync(folder, { recursive: true, force: true }));
  const killers = new Map<string, () => void>();
  return {
    start: async (task, options) => {
      const host = await startSessionHost({ ...options, folder: join(folder, task), realTools: false });
      killers.set(task, () => host.killConnections());
      return host;
    },
    kill: (task) => killers.get(task)?.(),
  };
}

export interface SshdMachines extends Machines {
  /** Stops the processes of the open connections in their tracks; the function that is returned ends them. */
  freeze(task: string): () => void;
  server(task: string): SshServer;
}

/** A real sshd for each session. Its tools lead to `tool`, a port of this computer. */
export function sshdMachines(bench: Bench, tool: number): SshdMachines {
  const reason = reasonAgainst('sshd');
  if (reason) throw new Impossible(reason);
  const servers = new Map<string, SshServer>();
  const server = (task: string): SshServer => {
    const found = servers.get(task);
    if (!found) throw new Error('No sshd runs for this session');
    return found;
  };
  const signal = (pids: readonly number[], name: NodeJS.Signals): void => {
    for (const pid of pids) process.kill(pid, name);
  };
  return {
    start: async (task, { hostKeys, password }) => {
      const keys = hostKeys.map((privateKey) => ({ privateKey }));
      const sshd = await startSshd({ hostKeys: keys, password });
      if (!sshd) throw new Impossible('sshd cannot run here');
      bench.defer(() => sshd.stop());
      servers.set(task, sshd);
      return {
        home: sshd.home,
        sshPort: sshd.port,
        startVscode: async () => tool,
        startJupyter: async () => tool,
        killConnections: () => 0,
        setTrouble: () => {},
        stop: () => sshd.stop(),
      };
    },
    kill: (task) => signal(server(task).sessions(), 'SIGKILL'),
    freeze(task) {
      const pids = server(task).sessions();
      signal(pids, 'SIGSTOP');
      return () => signal(pids, 'SIGKILL');
    },
    server,
  };
}

/** An agent of the demo for one queue, whose sessions start twenty times as fast as in reality. */
export function addAgent(bench: Bench, { demo, queue }: World, name: string, machines: Machines): Agent {
  const agent = startAgent({
    // Its sessions have neither files nor a workspace.
    files: { put: () => Promise.reject(new Error('no files server')), find: async () => undefined },
    model: demo.model,
    user: demo.me,
    worker: `bench-${name}:0`,
    machine: machineFor(name, 0),
    queues: [queue(name)],
    speed: 20,
    misbehave: () => undefined,
    ranBefore: () => false,
    startHost: machines.start,
  });
  bench.defer(() => agent.stop());
  return agent;
}

/** Starts far-end.mjs; resolves with its port. */
export async function startFarEnd(bench: Bench): Promise<number> {
  const child = spawn(process.execPath, [join(bench.root, 'test/bench/far-end.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  bench.defer(() => child.kill('SIGKILL'));
  const [line] = await once(createInterface({ input: child.stdout }), 'line');
  return Number(line);
}
