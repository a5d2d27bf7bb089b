import type { SessionId } from '../../../preload/contract/state.ts';
import { compact } from './compact.ts';

/** The server's own words; `unknown` also stands for words that this app does not know. */
export type TaskStatus =
  | 'created'
  | 'queued'
  | 'in_progress'
  | 'stopped'
  | 'closed'
  | 'failed'
  | 'completed'
  | 'published'
  | 'publishing'
  | 'unknown';

type Texts = Readonly<Record<string, string>>;

/** What this app reads of a ClearML task that is a session. Times are epoch ms. */
export interface SessionTask {
  readonly id: SessionId;
  readonly name: string;
  readonly status: TaskStatus;
  readonly statusMessage: string;
  readonly statusReason: string;
  readonly comment: string;
  readonly systemTags: readonly string[];
  /** Those of people, when they were asked for. */
  readonly tags?: readonly string[];
  readonly userId: string;
  readonly userName: string;
  /** The task that it was cloned from. */
  readonly parent?: string;
  readonly projectId?: string;
  /** When it was asked for. */
  readonly projectName?: string;
  readonly queueId?: string;
  readonly queueName?: string;
  /** The agent that pulled it. */
  readonly worker?: string;
  readonly image?: string;
  readonly created?: number;
  readonly started?: number;
  readonly completed?: number;
  readonly statusChanged?: number;
  /** The hyperparameter section `interactive_session`: what was asked for. */
  readonly params: Texts;
  /** The hyperparameter section `properties`: what was reported. */
  readonly properties: Texts;
  /** Secret in part, when the task was read whole. */
  readonly runtime: Texts;
  /** The text of the configuration `SSH`, when the task was read whole. Secret. */
  readonly sshConfiguration?: string;
}

/**
 * What a poll asks for: no password, key or token (`runtime` holds some), and no configuration, which holds the
 * private host keys.
 */
export const LIST_FIELDS: readonly string[] = [
  'name',
  'status',
  'status_message',
  'status_reason',
  'comment',
  'system_tags',
  'user.id',
  'user.name',
  'parent',
  'project',
  'execution.queue.id',
  'execution.queue.name',
  'last_worker',
  'container.image',
  'created',
  'started',
  'completed',
  'status_changed',
  ...['jupyterlab', 'vscode_server', 'store_workspace', 'user_base_directory'].map(
    (name) => `hyperparams.interactive_session.${name}`,
  ),
  ...[
    'external_address',
    'external_ssh_port',
    'internal_ssh_port',
    'internal_stable_ssh_port',
    'jupyter_port',
    'vscode_port',
    'k8s-gateway-address',
    'k8s-pod-port',
  ].map((name) => `hyperparams.properties.${name}`),
  ...[
    'external_address',
    'external_tcp_port',
    'internal_tcp_port',
    'internal_ssh_port',
    '_ssh_user',
    'hostname',
    '_exec_agent_hostname',
    'cpu_cores',
    'memory_gb',
    'gpu_count',
    'gpu_type',
  ].map((name) => `runtime.${name}`),
];

/** What a list in words needs besides: tags, and the name of the project. */
export const NAMED_FIELDS: readonly string[] = [
  ...LIST_FIELDS.filter((field) => field !== 'project'),
  'project.id',
  'project.name',
  'tags',
];

/** What connecting needs besides: the login, the notebook's token and the host keys. */
export const SECRET_FIELDS: readonly string[] = [
  'runtime._ssh_password',
  'runtime._jupyter_token',
  'hyperparams.interactive_session.ssh_password',
  'configuration.SSH',
];

const STATUSES: ReadonlySet<string> = new Set<TaskStatus>([
  'created',
  'queued',
  'in_progress',
  'stopped',
  'closed',
  'failed',
  'completed',
  'published',
  'publishing',
]);

/**
 * Reads a task document of any endpoint, whole or projected. Whatever is missing or of another shape than expected
 * is left out; undefined where there is not even an id.
 */
export function readTask(raw: unknown): SessionTask | undefined {
  const task = record(raw);
  const id = text(task.id);
  if (!id) return undefined;
  const status = text(task.status);
  const execution = record(task.execution);
  const hyperparams = record(task.hyperparams);
  return compact({
    id,
    name: text(task.name),
    status: STATUSES.has(status) ? (status as TaskStatus) : ('unknown' as const),
    statusMessage: text(task.status_message),
    statusReason: text(task.status_reason),
    comment: text(task.comment),
    systemTags: list(task.system_tags).map(text),
    tags: Array.isArray(task.tags) ? list(task.tags).map(text) : undefined,
    userId: reference(task.user).id ?? '',
    userName: reference(task.user).name ?? '',
    parent: reference(task.parent).id,
    projectId: reference(task.project).id,
    projectName: reference(task.project).name,
    queueId: reference(execution.queue).id,
    queueName: reference(execution.queue).name,
    worker: text(task.last_worker) || undefined,
    image: text(record(task.container).image) || undefined,
    created: time(task.created),
    started: time(task.started),
    completed: time(task.completed),
    statusChanged: time(task.status_changed),
    params: values(hyperparams.interactive_session),
    properties: values(hyperparams.properties),
    runtime: Object.fromEntries(Object.entries(record(task.runtime)).map(([k, v]) => [k, text(v)])),
    sshConfiguration: text(record(record(task.configuration).SSH).value) || undefined,
  });
}

export const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};

export const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The SDK writes numbers and booleans where the CLI writes their text. */
export const text = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'number' || typeof value === 'boolean'
      ? String(value)
      : '';

/** A field that is an id, or where the server resolved it, `{id, name}`. */
function reference(value: unknown): { readonly id?: string; readonly name?: string } {
  if (typeof value === 'string') return value ? { id: value } : {};
  const { id, name, display_name: shown } = record(value);
  return compact({ id: text(id) || undefined, name: text(shown) || text(name) || undefined });
}

/** Hyperparameters are `{name: {value, …}}`. */
const values = (section: unknown): Texts =>
  Object.fromEntries(Object.entries(record(section)).map(([k, v]) => [k, text(record(v).value)]));

/** ISO 8601 with microseconds; one without a zone is UTC, as in the server's database. */
export function time(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  const iso = text(value);
  const at = Date.parse(/T.*(Z|[+-]\d\d:?\d\d)$/.test(iso) ? iso : `${iso}Z`);
  return Number.isNaN(at) ? undefined : at;
}
