import type {
  Machine,
  SessionId,
  SessionStatus,
  SessionView,
  ToolState,
} from '../../../preload/contract/state.ts';
import { stateTexts } from '../../../preload/contract/texts/index.ts';
import type { SeenHostKey } from '../ssh/tunnels.ts';
import { compact } from './compact.ts';
import { logFinding } from './console.ts';
import { hostKeysFromTask } from './host-keys.ts';
import type { SessionTask } from './task.ts';

const t = stateTexts.session;

/** Epoch ms, or `before` this app looked for the first time. */
export type When = number | 'before';

/** When this app saw a session take its steps; the server keeps no dates of them. */
export interface Seen {
  /** Epoch ms. */
  readonly firstAt: number;
  readonly pickedUpAt?: When;
  /** The payload began to run. */
  readonly payloadAt?: When;
  readonly sshAt?: When;
  readonly jupyterAt?: When;
  readonly vscodeAt?: When;
  /** Ports that stood in the task before anything of this run could have written them. */
  readonly stale: StalePorts;
}

interface StalePorts {
  readonly ssh?: string;
  readonly jupyter?: string;
  readonly vscode?: string;
  /** `runtime` held a port as well, so that finding one there proves nothing. */
  readonly runtime?: boolean;
}

/**
 * How long a port that may be of an earlier run is not believed. A payload needs about a minute before it writes its
 * own, which is often the same number.
 */
export const DOUBT_MS = 180_000;

/** The states in which nothing of a session is left to wait for. */
export const isEnded = (task: SessionTask): boolean =>
  ['stopped', 'closed', 'failed', 'completed', 'published', 'publishing'].includes(task.status);

/** It was made, but waits in no queue: a launch that is under way or was left half done. */
export const isDraft = (task: SessionTask): boolean => task.status === 'created';

/** It was asked to stop, and its agent has not stopped it yet. */
export const isStopping = (task: SessionTask): boolean =>
  task.status === 'in_progress' && task.statusMessage.includes('stopping');

/** Whether a task is a session at all. */
export const isSession = (task: SessionTask): boolean =>
  task.systemTags.includes('interactive') || Object.keys(task.params).length > 0;

/** What of a session can be used, and where it listens on its own machine. */
export interface Readiness {
  /** Of the SSH server, never of the keepalive proxy in front of it. */
  readonly ssh?: number;
  readonly jupyter?: number | 'failed';
  readonly vscode?: number | 'failed';
}

/**
 * Reads which ports are reported, and whether they are of this run.
 *
 * A clone (`--base-task-id`) and a task that was reset keep the ports of the run before. The payload writes its port
 * into `runtime` too, which clone and reset empty: a port there makes the others credible. Payloads that do not do
 * that, and tasks that were queued again without a reset, are believed when nothing speaks against it (no parent, and
 * the port was not there while the task waited), else {@link DOUBT_MS} after an agent took the task.
 */
export function readiness(task: SessionTask, seen: Seen | undefined, now: number): Readiness {
  if (task.status !== 'in_progress') return {};
  const stale = seen?.stale ?? {};
  const ssh = sshdPort(task);
  if (ssh === undefined) return {};
  const written = Boolean(task.runtime.internal_ssh_port || task.runtime._ssh_user) && !stale.runtime;
  const doubtful = task.parent !== undefined || stale.ssh === task.properties.internal_ssh_port;
  const pickedUpAt = timeOf(seen?.pickedUpAt) ?? task.started ?? seen?.firstAt ?? now;
  if (!written && doubtful && now - pickedUpAt < DOUBT_MS) return {};
  const sshAt = timeOf(seen?.sshAt) ?? seen?.firstAt ?? now;
  const tool = (text: string | undefined, before: string | undefined) => {
    const port = portOf(text);
    return text === before && now - sshAt < DOUBT_MS ? undefined : port;
  };
  return compact({
    ssh,
    jupyter: tool(task.properties.jupyter_port, stale.jupyter),
    vscode: tool(task.properties.vscode_port, stale.vscode),
  });
}

/** A port as the payload writes it: a number in text; 0 or less says that the tool could not start. */
function portOf(text: string | undefined): number | 'failed' | undefined {
  if (!text || !/^-?\d{1,5}$/.test(text.trim())) return undefined;
  const port = Number(text);
  if (port <= 0) return 'failed';
  return port <= 65_535 ? port : undefined;
}

const realPort = (text: string | undefined): number | undefined => {
  const port = portOf(text);
  return port === 'failed' ? undefined : port;
};

/**
 * The port of sshd on its machine. A router's `internal_tcp_port` comes first, unless it is that of the keepalive
 * proxy: that one hangs for ever when it hears anything but its own 70-byte header.
 */
function sshdPort({ runtime, properties }: SessionTask): number | undefined {
  const reported = realPort(properties.internal_ssh_port);
  const routed = realPort(runtime.internal_tcp_port);
  if (reported === undefined || routed === undefined) return reported;
  return routed === realPort(properties.internal_stable_ssh_port) ? reported : routed;
}

/** Notes what is seen for the first time in a task that was just read. */
export function observe(seen: Seen | undefined, task: SessionTask, now: number): Seen {
  const { runtime, properties } = task;
  const before = seen ?? { firstAt: now, stale: {} };
  const tools = {
    jupyter: properties.jupyter_port || undefined,
    vscode: properties.vscode_port || undefined,
  };
  if (task.status === 'created' || task.status === 'queued') {
    const ssh = properties.internal_ssh_port || undefined;
    const written = Boolean(runtime.internal_ssh_port || runtime._ssh_user) || undefined;
    return { firstAt: before.firstAt, stale: compact({ ...tools, ssh, runtime: written }) };
  }
  const running = task.status === 'in_progress';
  const when = (already: When | undefined, is: boolean): When | undefined =>
    already ?? (is ? (seen ? now : 'before') : undefined);
  const pickedUpAt = when(before.pickedUpAt, running);
  const ready = readiness(task, compact({ ...before, pickedUpAt }), now);
  // The tools start after sshd: a port of theirs that is there before it is left over.
  const early = seen !== undefined && running && ready.ssh === undefined;
  return compact({
    firstAt: before.firstAt,
    pickedUpAt,
    payloadAt: when(before.payloadAt, running && payloadRuns(task)),
    sshAt: when(before.sshAt, ready.ssh !== undefined),
    jupyterAt: when(before.jupyterAt, typeof ready.jupyter === 'number'),
    vscodeAt: when(before.vscodeAt, typeof ready.vscode === 'number'),
    stale: early ? compact({ ...before.stale, ...tools }) : before.stale,
  });
}

export const timeOf = (when: When | undefined): number | undefined => (when === 'before' ? undefined : when);

/** The SDK in the payload describes the machine as soon as it starts; the agent alone writes only one name. */
const payloadRuns = ({ runtime }: SessionTask): boolean =>
  Boolean(runtime.hostname || runtime.cpu_cores || runtime.external_address || runtime.internal_ssh_port);

/** What is needed to dial a session. Secret. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password?: string;
  /** The ends on the remote machine. */
  readonly remote: { readonly ssh: number; readonly jupyter?: number; readonly vscode?: number };
  readonly jupyterToken?: string;
  /** As far as the task says; see hostKeysFromText. */
  readonly hostKeys: readonly SeenHostKey[];
}

/** Where a task (read whole) that is ready wants to be dialled; undefined while something is missing. */
export function connection(task: SessionTask, ready: Readiness): Connection | undefined {
  const { runtime, properties, params } = task;
  const host = runtime.external_address || properties['k8s-gateway-address'] || properties.external_address;
  const port =
    realPort(runtime.external_tcp_port) ??
    realPort(properties['k8s-pod-port']) ??
    realPort(properties.external_ssh_port) ??
    ready.ssh;
  if (!host || port === undefined || ready.ssh === undefined) return undefined;
  return compact({
    host: host.trim(),
    port,
    username: runtime._ssh_user || 'root',
    password: runtime._ssh_password || params.ssh_password || undefined,
    remote: compact({ ssh: ready.ssh, jupyter: usable(ready.jupyter), vscode: usable(ready.vscode) }),
    jupyterToken: runtime._jupyter_token?.trim() || undefined,
    hostKeys: hostKeysFromTask(task),
  });
}

const usable = (port: Readiness['jupyter']): number | undefined => (port === 'failed' ? undefined : port);

/** The half of a SessionView that follows from the server's word. */
export type SessionFacts = Omit<SessionView, 'stages' | 'link' | 'ports' | 'ending'>;

export interface FactsContext {
  /** Id of the user whose credentials are used. */
  readonly me: string;
  /** Web UI, or empty. */
  readonly web: string;
  readonly seen: Seen | undefined;
  readonly now: number;
  /** Names of queues, for tasks that carry only the id. */
  readonly queueNames?: ReadonlyMap<string, string>;
  /** The last console lines, where they were read: why a session failed. */
  readonly lines?: readonly string[];
}

/** How long a tool may take after SSH before it is given up (the payload reports no failed download). */
export const TOOL_LIMIT_MS = 300_000;

export function sessionFacts(task: SessionTask, context: FactsContext): SessionFacts {
  const { me, web, seen, now, queueNames, lines = [] } = context;
  const ready = readiness(task, seen, now);
  const status = statusOf(task, ready);
  const ended = isEnded(task);
  const { queueId } = task;
  return compact({
    id: task.id,
    name: task.name || t.unnamed,
    mine: task.userId !== '' && task.userId === me,
    owner: task.userName || task.userId,
    status,
    note: noteOf(task, status, lines),
    queue: task.queueName ?? (queueId === undefined ? undefined : (queueNames?.get(queueId) ?? queueId)),
    image: task.image,
    workspace: task.params.store_workspace || undefined,
    createdAt: task.created ?? task.statusChanged ?? seen?.firstAt ?? now,
    startedAt: status === 'queued' ? undefined : task.started,
    endedAt: ended ? (task.completed ?? task.statusChanged) : undefined,
    machine: status === 'queued' ? {} : machineOf(task),
    jupyter: toolState('jupyter', task, ready, seen, now),
    vscode: toolState('vscode', task, ready, seen, now),
    webUrl: web ? webUrl(web, task.id, task.projectId) : undefined,
  });
}

function statusOf(task: SessionTask, ready: Readiness): SessionStatus {
  if (task.status === 'failed') return 'failed';
  if (isEnded(task)) return 'finished';
  if (task.status === 'created' || task.status === 'queued') return 'queued';
  if (isStopping(task)) return 'stopping';
  return ready.ssh === undefined ? 'starting' : 'running';
}

/** Whether a tool was asked for. The payload starts both unless it is told not to. */
export const wants = (tool: 'jupyter' | 'vscode', task: SessionTask): boolean =>
  !/^(false|no|off|0)$/i.test(task.params[tool === 'jupyter' ? 'jupyterlab' : 'vscode_server'] ?? '');

function toolState(
  tool: 'jupyter' | 'vscode',
  task: SessionTask,
  ready: Readiness,
  seen: Seen | undefined,
  now: number,
): ToolState {
  if (!wants(tool, task) || isEnded(task)) return 'off';
  if (ready[tool] === 'failed') return 'failed';
  if (ready[tool] !== undefined) return 'ready';
  return toolLate(ready, seen, now) ? 'failed' : 'pending';
}

/** A tool that is not there so long after SSH does not come. */
export const toolLate = (ready: Readiness, seen: Seen | undefined, now: number): boolean =>
  ready.ssh !== undefined && now - (timeOf(seen?.sshAt) ?? seen?.firstAt ?? now) >= TOOL_LIMIT_MS;

function noteOf(task: SessionTask, status: SessionStatus, lines: readonly string[]): string | undefined {
  if (isDraft(task)) return t.inNoQueue;
  if (/non-responsive/i.test(task.statusMessage + task.statusReason)) {
    return t.machineSilent;
  }
  if (status !== 'failed') return undefined;
  const found = logFinding(lines)?.message;
  const exit = /exit code (-?\d+)/.exec(`${task.statusReason} ${task.statusMessage}`)?.[1];
  if (found) return found;
  if (exit) return t.exitCode(exit);
  return task.statusMessage || task.statusReason || t.noReason;
}

export const webUrl = (web: string, id: SessionId, project?: string): string =>
  `${web}/projects/${project ?? '*'}/experiments/${id}/output/log`;

function machineOf({ runtime, properties }: SessionTask): Machine {
  const number = (text: string | undefined) =>
    text && Number.isFinite(Number(text)) ? Number(text) : undefined;
  return compact({
    hostname: runtime.hostname || runtime._exec_agent_hostname || undefined,
    address: runtime.external_address || properties.external_address || undefined,
    cores: number(runtime.cpu_cores),
    memoryGb: number(runtime.memory_gb),
    gpus: number(runtime.gpu_count),
    gpuType: runtime.gpu_type || undefined,
  });
}
