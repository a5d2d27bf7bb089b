import { AppError } from '../../../preload/contract/errors.ts';
import type { QueueView, SessionId } from '../../../preload/contract/state.ts';
import { type ApiClient, ApiError, type CallOptions } from './client.ts';
import { consoleLines } from './console.ts';
import { isBusy } from './load.ts';
import { OPTION_FIELDS } from './options-of-task.ts';
import {
  LIST_FIELDS,
  list,
  NAMED_FIELDS,
  readTask,
  record,
  SECRET_FIELDS,
  type SessionTask,
  text,
  time,
} from './task.ts';

/** The only file that knows the names of endpoints: one function for each thing this app asks of the server. */

type Options = Pick<CallOptions, 'signal' | 'timeoutMs'> & {
  /** A poll is not repeated: the next one comes anyway. */
  readonly once?: boolean;
};

const reading = ({ once, ...options }: Options = {}): CallOptions => ({ ...options, repeat: !once });

export interface CurrentUser {
  readonly id: string;
  readonly name: string;
}

export async function getCurrentUser(client: ApiClient, options?: Options): Promise<CurrentUser> {
  const data = record(await client.call('users.get_current_user', {}, reading(options)));
  const { id, name } = record(data.user);
  return { id: text(id), name: text(name) || text(id) };
}

/** The largest page that the server gives. */
export const PAGE_SIZE = 500;

/** A page of a list, and whether there may be more. */
export interface TaskPage {
  readonly tasks: readonly SessionTask[];
  readonly full: boolean;
}

/** Everybody's sessions that are not over, and drafts of some. The order does not change while they live. */
export async function getLiveTasks(client: ApiClient, page: number, options?: Options): Promise<TaskPage> {
  return getTasks(client, options, {
    system_tags: ['interactive'],
    status: ['created', 'queued', 'in_progress'],
    order_by: ['-created'],
    page,
    page_size: PAGE_SIZE,
  });
}

/** Whose living sessions are listed; left out, all of them. */
export interface SessionFilter {
  readonly user?: string;
  /** Id. */
  readonly project?: string;
  /** One of them is enough. */
  readonly tags?: readonly string[];
}

/** The same with names of projects and with tags, without the drafts. */
export async function getNamedTasks(
  client: ApiClient,
  { user, project, tags = [] }: SessionFilter,
  page: number,
  options?: Options,
): Promise<TaskPage> {
  const filter = {
    system_tags: ['interactive'],
    status: ['queued', 'in_progress'],
    ...(user === undefined ? {} : { user: [user] }),
    ...(project === undefined ? {} : { project: [project] }),
    ...(tags.length === 0 ? {} : { tags }),
    order_by: ['-created'],
    page,
    page_size: PAGE_SIZE,
  };
  return getTasks(client, options, filter, NAMED_FIELDS);
}

/** One task, whatever it is, with the name of its project and its tags. */
export async function getNamedTask(
  client: ApiClient,
  id: SessionId,
  options?: Options,
): Promise<SessionTask | undefined> {
  return (await getTasks(client, options, { id: [id], page: 0, page_size: 1 }, NAMED_FIELDS)).tasks[0];
}

/** Sessions of one user that are over, the latest first. */
export async function getFinishedTasks(
  client: ApiClient,
  user: string,
  count: number,
  options?: Options,
): Promise<readonly SessionTask[]> {
  const { tasks } = await getTasks(client, options, {
    system_tags: ['interactive'],
    user: [user],
    status: ['failed', 'stopped', 'closed', 'completed', 'published'],
    order_by: ['-last_update'],
    page: 0,
    page_size: count,
  });
  return tasks;
}

/** A page of the sessions of one user, running or over, with what says whether they may be removed. */
export async function getOwnSessions(
  client: ApiClient,
  user: string,
  page: number,
  options?: Options,
): Promise<{ readonly documents: readonly unknown[]; readonly full: boolean }> {
  const body = {
    system_tags: ['interactive'],
    user: [user],
    only_fields: [
      'name',
      'status',
      'parent',
      'created',
      'completed',
      'status_changed',
      'execution.artifacts',
    ],
    order_by: ['-created'],
    page,
    page_size: PAGE_SIZE,
    search_hidden: true,
  };
  const data = record(await client.call('tasks.get_all', body, reading(options)));
  const documents = list(data.tasks);
  return { documents, full: documents.length >= PAGE_SIZE };
}

/** The tasks of everybody that were made out of a task, with their files. */
export async function getClones(
  client: ApiClient,
  id: SessionId,
  options?: Options,
): Promise<readonly unknown[]> {
  const body = { parent: id, only_fields: ['execution.artifacts'], search_hidden: true };
  return list(record(await client.call('tasks.get_all', body, reading(options))).tasks);
}

/** The latest sessions of everybody that are still being made, or were left so. */
export async function getDrafts(client: ApiClient, options?: Options): Promise<readonly SessionTask[]> {
  const { tasks } = await getTasks(client, options, {
    system_tags: ['interactive'],
    status: ['created'],
    order_by: ['-created'],
    page: 0,
    page_size: PAGE_SIZE,
  });
  return tasks;
}

/** These tasks, whatever they are; those that no longer exist are missing. */
export async function getTasksById(
  client: ApiClient,
  ids: readonly SessionId[],
  options?: Options,
): Promise<readonly SessionTask[]> {
  if (ids.length === 0) return [];
  return (await getTasks(client, options, { id: ids, page: 0, page_size: PAGE_SIZE })).tasks;
}

/** The same with what is secret in them: all that is needed to connect to them, in one request. */
export async function getSecretTasks(
  client: ApiClient,
  ids: readonly SessionId[],
  options?: Options,
): Promise<readonly SessionTask[]> {
  const filter = { id: ids, page: 0, page_size: PAGE_SIZE };
  const { tasks } = await getTasks(client, options, filter, [...LIST_FIELDS, ...SECRET_FIELDS]);
  for (const task of tasks) hideSecrets(client, task);
  return tasks;
}

/** Whether the machines of these tasks compute; undefined where that is not known. */
export async function getBusy(
  client: ApiClient,
  ids: readonly SessionId[],
  options?: Options,
): Promise<ReadonlyMap<SessionId, boolean | undefined>> {
  const body = {
    id: ids,
    only_fields: ['last_metrics'],
    page: 0,
    page_size: PAGE_SIZE,
    search_hidden: true,
  };
  const data = record(await client.call('tasks.get_all_ex', body, reading(options)));
  return new Map(
    list(data.tasks)
      .map(record)
      .map((task) => [text(task.id), isBusy(task.last_metrics)]),
  );
}

async function getTasks(
  client: ApiClient,
  options: Options | undefined,
  filter: Readonly<Record<string, unknown>>,
  fields: readonly string[] = LIST_FIELDS,
): Promise<TaskPage> {
  const body = { ...filter, only_fields: fields, search_hidden: true };
  const data = record(await client.call('tasks.get_all_ex', body, reading(options)));
  // No list is not an empty one: every session would seem to be gone.
  if (!Array.isArray(data.tasks)) {
    throw new AppError('server', 'The ClearML server answered without a list of sessions.');
  }
  const raw = list(data.tasks);
  const tasks = raw.map(readTask).filter((task) => task !== undefined);
  return { tasks, full: raw.length >= PAGE_SIZE };
}

function hideSecrets(client: ApiClient, { runtime, params }: SessionTask): void {
  const { _ssh_password, _jupyter_token, _user_key, _user_secret } = runtime;
  for (const secret of [
    _ssh_password,
    params.ssh_password,
    _jupyter_token?.trim(),
    _user_key,
    _user_secret,
  ]) {
    if (secret) client.hide(secret);
  }
}

/** The last lines of a task's console, without colours and secrets. */
export async function getLog(
  client: ApiClient,
  id: SessionId,
  lines: number,
  options?: Options,
): Promise<readonly string[]> {
  // An event holds one line or many; this many hold enough.
  const body = { task: id, order: 'asc', navigate_earlier: true, batch_size: lines };
  const data = record(await client.call('events.get_task_log', body, reading(options)));
  const messages = list(data.events).map((event) => text(record(event).msg));
  return consoleLines(messages).slice(-lines);
}

export interface Queue extends QueueView {
  /** In the order in which they will be pulled. */
  readonly tasks: readonly SessionId[];
}

/** These queues, or all of them, with what waits in them and the agents that are registered for them. */
export async function getQueues(
  client: ApiClient,
  ids?: readonly string[],
  options?: Options,
): Promise<readonly Queue[]> {
  const body = { ...(ids ? { id: ids } : {}), search_hidden: true };
  const data = record(await client.call('queues.get_all_ex', body, reading(options)));
  return list(data.queues).map((raw) => {
    const queue = record(raw);
    const workers = list(queue.workers).map(record);
    const tasks = list(queue.entries).map((entry) => {
      const { task } = record(entry);
      return text(task) || text(record(task).id);
    });
    return {
      id: text(queue.id),
      name: text(queue.name),
      ...(text(queue.display_name) ? { displayName: text(queue.display_name) } : {}),
      tags: list(queue.tags).map(text),
      systemTags: list(queue.system_tags).map(text),
      waiting: tasks.length,
      agents: workers.length,
      idle: workers.filter((worker) => !text(record(worker.task).id)).length,
      workers: workers.map((worker) => ({
        name: text(worker.name),
        at: text(record(worker.task).id) ? ('busy' as const) : ('idle' as const),
      })),
      tasks,
    };
  });
}

/** An agent, as it has registered. */
export interface RegisteredWorker {
  readonly name: string;
  /** Ids of the queues that it serves. */
  readonly queues: readonly string[];
  readonly tags: readonly string[];
  readonly busy: boolean;
  /** Of its last report or registration. Epoch ms. */
  readonly seenAt?: number;
}

/** The agents that were heard of within the hour. */
export async function getWorkers(client: ApiClient, options?: Options): Promise<readonly RegisteredWorker[]> {
  const data = record(await client.call('workers.get_all', { last_seen: 3600 }, reading(options)));
  return list(data.workers).map((raw) => {
    const worker = record(raw);
    const seen = [worker.last_report_time, worker.last_activity_time].flatMap((at) => time(at) ?? []);
    return {
      name: text(worker.id),
      queues: list(worker.queues).map((queue) => text(record(queue).id) || text(queue)),
      tags: list(worker.tags).map(text),
      busy: text(record(worker.task).id) !== '',
      ...(seen.length > 0 ? { seenAt: Math.max(...seen) } : {}),
    };
  });
}

/** A text as a pattern of Python that matches just that. */
const literally = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/-]/g, '\\$&');

/** Matches what holds the text, whatever the case. */
const holding = (text: string): string => `(?i)${literally(text)}`;

/** The project's id, or undefined. */
export async function findProject(
  client: ApiClient,
  name: string,
  options?: Options,
): Promise<string | undefined> {
  const body = {
    name: `^${literally(name)}$`,
    only_fields: ['id', 'name'],
    search_hidden: true,
    shallow_search: true,
  };
  const data = record(await client.call('projects.get_all', body, reading(options)));
  // Some servers match patterns whatever the case.
  const found = list(data.projects)
    .map(record)
    .find((project) => text(project.name) === name);
  return text(found?.id) || undefined;
}

/** The latest projects whose name holds a text. */
export async function findProjects(
  client: ApiClient,
  held: string,
  count: number,
  options?: Options,
): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const body = {
    ...(held ? { name: holding(held) } : {}),
    only_fields: ['id', 'name'],
    order_by: ['-last_update'],
    page: 0,
    page_size: count,
  };
  const data = record(await client.call('projects.get_all', body, reading(options)));
  return list(data.projects)
    .map(record)
    .map(({ id, name }) => ({ id: text(id), name: text(name) }));
}

/** The tags of all tasks that people gave. */
export async function getTaskTags(client: ApiClient, options?: Options): Promise<readonly string[]> {
  const data = record(await client.call('projects.get_task_tags', {}, reading(options)));
  return list(data.tags).map(text);
}

/** Which tasks to look for; an id alone names one, archived or not. */
export interface TaskSearch {
  readonly id?: string;
  /** A part of it. */
  readonly name?: string;
  /** Id of their owner. */
  readonly user?: string;
  readonly sessionsOnly?: boolean;
  /** Their files, too, which may be many. */
  readonly withFiles?: boolean;
}

/** Documents of the latest tasks, as far as it takes to choose one. */
export async function findTasks(
  client: ApiClient,
  { id, name, user, sessionsOnly, withFiles }: TaskSearch,
  count: number,
  options?: Options,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const filter = {
    ...(name ? { name: holding(name) } : {}),
    ...(user ? { user: [user] } : {}),
    system_tags: [...(sessionsOnly ? ['interactive'] : []), '-archived'],
  };
  const body = {
    ...(id ? { id: [id], search_hidden: true } : filter),
    only_fields: [
      'name',
      'project.name',
      'user.id',
      'user.name',
      'last_update',
      'system_tags',
      'script.repository',
      ...(withFiles ? ['execution.artifacts'] : []),
    ],
    order_by: ['-last_update'],
    page: 0,
    page_size: count,
  };
  const data = record(await client.call('tasks.get_all_ex', body, reading(options)));
  return list(data.tasks).map(record);
}

/** The images of a user's latest sessions, the newest first. */
export async function getUsedImages(
  client: ApiClient,
  user: string,
  options?: Options,
): Promise<readonly string[]> {
  const body = {
    system_tags: ['interactive'],
    user: [user],
    only_fields: ['container.image'],
    order_by: ['-created'],
    page: 0,
    page_size: 100,
    search_hidden: true,
  };
  const data = record(await client.call('tasks.get_all', body, reading(options)));
  return list(data.tasks).map((task) => text(record(record(task).container).image));
}

export async function createProject(client: ApiClient, name: string, options?: Options): Promise<string> {
  return idOf(await client.call('projects.create', { name, description: '' }, options));
}

function idOf(data: unknown): string {
  const id = text(record(data).id);
  if (!id) throw new AppError('server', 'The ClearML server did not say what it created.');
  return id;
}

/** What a session was launched with, as far as its task says, and nothing secret. */
export async function getLaunchedDocument(
  client: ApiClient,
  id: SessionId,
  options?: Options,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  const body = { id: [id], page: 0, page_size: 1, only_fields: OPTION_FIELDS, search_hidden: true };
  const data = record(await client.call('tasks.get_all_ex', body, reading(options)));
  return list(data.tasks).map(record)[0];
}

export async function createTask(client: ApiClient, task: object, options?: Options): Promise<SessionId> {
  return idOf(await client.call('tasks.create', task, options));
}

/** The whole document of any task. */
export async function getTaskDocument(
  client: ApiClient,
  id: string,
  options?: Options,
): Promise<Readonly<Record<string, unknown>>> {
  return record(record(await client.call('tasks.get_by_id', { task: id }, reading(options))).task);
}

/** A draft with everything that the task has, but for its results. */
export async function cloneTask(
  client: ApiClient,
  id: string,
  its: {
    readonly name: string;
    readonly comment: string;
    readonly systemTags: readonly string[];
    /** Id; the task's own when left out. */
    readonly project?: string | undefined;
  },
  options?: Options,
): Promise<SessionId> {
  const body = {
    task: id,
    new_task_name: its.name,
    new_task_comment: its.comment,
    new_task_system_tags: its.systemTags,
    new_task_parent: id,
    ...(its.project ? { new_task_project: its.project } : {}),
  };
  return idOf(await client.call('tasks.clone', body, options));
}

/** Replaces each of these fields; `script` and `execution` are merged. */
export async function editTask(
  client: ApiClient,
  id: SessionId,
  fields: Readonly<Record<string, unknown>>,
  options?: Options,
): Promise<void> {
  await client.call('tasks.edit', { task: id, force: true, ...fields }, { ...options, repeat: true });
}

/** What a task says of its files, besides what says whose they are. */
const FILE_FIELDS: readonly string[] = [
  'name',
  'status',
  'user.id',
  'user.name',
  'parent',
  'project.id',
  'project.name',
  'created',
  'completed',
  'hyperparams.interactive_session.store_workspace',
  'execution.artifacts',
];
/** The previews of their files come along. */
const WITH_FILES = 200;

/** The person's latest sessions, with their files, as the server has them. */
export async function getTasksWithFiles(
  client: ApiClient,
  user: string,
  options?: Options,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const body = {
    system_tags: ['interactive'],
    user: [user],
    status: ['in_progress', 'failed', 'stopped', 'closed', 'completed', 'published'],
    order_by: ['-last_update'],
    page: 0,
    page_size: WITH_FILES,
    only_fields: FILE_FIELDS,
    search_hidden: true,
  };
  const data = record(await client.call('tasks.get_all_ex', body, reading(options)));
  return list(data.tasks).map(record);
}

/** Throws AppError `not-found`. */
export async function getTaskWithFiles(
  client: ApiClient,
  id: SessionId,
  options?: Options,
): Promise<Readonly<Record<string, unknown>>> {
  const body = { id: [id], only_fields: FILE_FIELDS, search_hidden: true };
  const data = record(await client.call('tasks.get_all_ex', body, reading(options)));
  const [task] = list(data.tasks);
  if (task === undefined) {
    throw new AppError('not-found', 'There is no such session on this ClearML server.');
  }
  return record(task);
}

/** Adds artifacts to a task; one of the same key and mode is replaced. */
export async function addArtifacts(
  client: ApiClient,
  id: SessionId,
  artifacts: readonly object[],
  options?: Options,
): Promise<void> {
  const body = { task: id, artifacts, force: true };
  const data = record(await client.call('tasks.add_or_update_artifacts', body, { ...options, repeat: true }));
  if (Number(text(data.updated)) > 0) return;
  throw new AppError('server', 'The ClearML server did not add the files to the session.');
}

export async function enqueueTask(
  client: ApiClient,
  id: SessionId,
  queue: string,
  options?: Options,
): Promise<void> {
  await client.call('tasks.enqueue', { task: id, queue }, options);
}

/**
 * Asks for a stop. A task that waits, or whose agent is gone, is `stopped` at once; otherwise it is `stopping` and
 * its agent ends it.
 */
export async function stopTask(
  client: ApiClient,
  id: SessionId,
  options?: Options,
): Promise<'stopping' | 'stopped'> {
  const body = { task: id, force: false, status_reason: 'abort request' };
  const data = record(await client.call('tasks.stop', body, { ...options, repeat: true }));
  return text(record(data.fields).status) === 'stopped' ? 'stopped' : 'stopping';
}

/** Says that it has stopped, without asking anybody. */
export async function markStopped(client: ApiClient, id: SessionId, options?: Options): Promise<void> {
  const body = { task: id, force: false, status_reason: 'abort request failed, setting forcefully' };
  await client.call('tasks.stopped', body, { ...options, repeat: true });
}

/** Deletes a task in whatever state it is; one that does not exist is fine. */
export async function deleteTask(client: ApiClient, id: SessionId, options?: Options): Promise<void> {
  const body = { task: id, force: true, move_to_trash: false, delete_external_artifacts: true };
  try {
    await client.call('tasks.delete', body, { ...options, repeat: true });
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'not-found')) throw error;
  }
}

/**
 * The text of the last vault with SSH host keys, which wins over what a task says. Only enterprise servers have
 * vaults; the others answer 404.
 */
export async function getHostKeyVault(client: ApiClient, options?: Options): Promise<string | undefined> {
  const body = { enabled: true, types: ['remote_session_ssh_server'] };
  try {
    const data = record(await client.call('users.get_vaults', body, reading(options)));
    return text(record(list(data.vaults).at(-1)).data) || undefined;
  } catch (error) {
    if (error instanceof ApiError && (error.code === 'unsupported' || error.result === 400)) return undefined;
    throw error;
  }
}
