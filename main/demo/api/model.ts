import { randomBytes } from 'node:crypto';
import { invalidProject, invalidQueue, invalidTask } from './fault.ts';

/** A JSON object whose keys are not known beforehand. */
export type Fields = Record<string, unknown>;

export type TaskStatus =
  | 'created'
  | 'queued'
  | 'in_progress'
  | 'stopped'
  | 'closed'
  | 'failed'
  | 'completed'
  | 'publishing'
  | 'published'
  | 'unknown';

export type User = { readonly id: string; readonly name: string; readonly role: string };

export type Param = { section: string; name: string; value: string; type?: string; description?: string };

export type ConfigItem = { name: string; value: string; type?: string; description?: string };

export type Artifact = Fields & { key: string; mode: string };

export type Metric = {
  metric: string;
  variant: string;
  value: number;
  min_value: number;
  min_value_iteration: number;
  max_value: number;
  max_value_iteration: number;
};

/** A task as the server stores it. Dates are ISO strings in UTC, so that they sort as text. */
export type Task = {
  id: string;
  name: string;
  type: string;
  user: string;
  company: string;
  status: TaskStatus;
  status_reason: string;
  status_message: string;
  status_changed: string;
  comment?: string;
  parent?: string;
  project?: string;
  created: string;
  started?: string;
  completed?: string;
  published?: string;
  active_duration?: number;
  last_update: string;
  last_change: string;
  last_changed_by: string;
  last_worker?: string;
  last_worker_report?: string;
  last_iteration: number;
  /** Keyed by the md5 of the metric's, then of the variant's name. */
  last_metrics: Record<string, Record<string, Metric>>;
  tags: string[];
  system_tags: string[];
  script: Fields;
  execution: Fields & { queue?: string; artifacts: Artifact[] };
  models: { input: Fields[]; output: Fields[] };
  output: Fields;
  container: Fields;
  hyperparams: Record<string, Record<string, Param>>;
  configuration: Record<string, ConfigItem>;
  runtime: Fields;
  /** The status to fall back to when the task leaves its queue unrun. */
  enqueue_status?: TaskStatus;
};

export type Project = {
  id: string;
  name: string;
  basename: string;
  description: string;
  parent?: string;
  user: string;
  company: string;
  tags: string[];
  system_tags: string[];
  created: string;
  last_update: string;
};

export type Queue = {
  id: string;
  name: string;
  display_name?: string;
  user: string;
  company: string;
  tags: string[];
  system_tags: string[];
  created: string;
  last_update: string;
  entries: { task: string; added: string }[];
};

export type MachineReport = { readonly at: number; readonly stats: Fields };

export type Worker = {
  id: string;
  user: string;
  company: string;
  ip: string;
  tags: string[];
  system_tags: string[];
  queues: string[];
  /** Epoch ms; a worker that has not reported for `timeoutMs` is forgotten. */
  registeredAt: number;
  timeoutMs: number;
  lastActivityAt: number;
  lastReportAt?: number;
  task?: string;
  queue?: string;
  /** The newest last, at most {@link MAX_REPORTS}. */
  reports: MachineReport[];
};

/** One `log` event; `msg` may hold many lines. */
export type LogEvent = {
  type: 'log';
  task: string;
  timestamp: number;
  level: string;
  worker: string;
  msg: string;
};

/** The console of one task, in the order of the timestamps. */
export type TaskLog = { events: LogEvent[]; chars: number };

/** What happened, for those in this process who would otherwise have to poll. */
export type Change =
  | { readonly what: 'task'; readonly id: string }
  | { readonly what: 'deleted'; readonly id: string }
  | { readonly what: 'queue'; readonly id: string };

/**
 * All that the demo's ClearML server knows: plain data, changed by the endpoints only.
 */
export interface Model {
  readonly company: { readonly id: string; readonly name: string };
  /** Epoch ms. */
  now(): number;
  readonly users: Map<string, User>;
  readonly projects: Map<string, Project>;
  readonly queues: Map<string, Queue>;
  readonly tasks: Map<string, Task>;
  readonly workers: Map<string, Worker>;
  /** By task. */
  readonly logs: Map<string, TaskLog>;
  readonly listeners: Set<(change: Change) => void>;
}

/** Two hours at one each 30 s. */
export const MAX_REPORTS = 240;

export function createModel(now: () => number = Date.now): Model {
  return {
    company: { id: 'd1bd92a3b039400cbafc60a7a5b1e52b', name: 'Demo' },
    now,
    users: new Map(),
    projects: new Map(),
    queues: new Map(),
    tasks: new Map(),
    workers: new Map(),
    logs: new Map(),
    listeners: new Set(),
  };
}

/** 32 hex characters, as ClearML's ids are. */
export const newId = (): string => randomBytes(16).toString('hex');

/** ClearML writes dates with microseconds and an offset. */
export const isoDate = (at: number): string => new Date(at).toISOString().replace('Z', '000+00:00');

export const nowIso = (model: Model): string => isoDate(model.now());

export function tell(model: Model, change: Change): void {
  for (const listener of [...model.listeners]) listener(change);
}

export function findTask(model: Model, id: string): Task {
  const task = model.tasks.get(id);
  if (!task) throw invalidTask(id);
  return task;
}

export function findQueue(model: Model, id: string): Queue {
  const queue = model.queues.get(id);
  if (!queue) throw invalidQueue(id);
  return queue;
}

export function findProject(model: Model, id: string): Project {
  const project = model.projects.get(id);
  if (!project) throw invalidProject(id);
  return project;
}
