import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { AppError } from '../../../preload/contract/errors.ts';
import type { LaunchForm, Leftover, SessionId } from '../../../preload/contract/state.ts';
import {
  createProject,
  createTask,
  deleteTask,
  enqueueTask,
  findProject,
  getDrafts,
  markStopped,
  stopTask,
  writeRuntime,
} from './api.ts';
import { type ApiClient, ApiError } from './client.ts';
import { isDraft } from './facts.ts';
import { sessionRuntime, sessionTask, type TaskParts } from './session-task.ts';
import type { SessionTask } from './task.ts';

/** The project that clearml-session puts its sessions into. */
const PROJECT = 'DevOps';

export interface LaunchParts {
  /** Freshly made; the answer of the launch is pinned to it. */
  readonly hostKey: TaskParts['hostKey'];
  /** Remembers the launches that are under way across a crash, to find what one left; see findLeftovers. */
  readonly journal: { begin(launch: string): void; end(launch: string): void };
  /** Told of a task that is not wanted but could not be taken back at once: stop and delete it later. */
  readonly discard: (id: SessionId) => void;
  readonly signal?: AbortSignal;
}

/**
 * Creates the task of a session and puts it into its queue, in at most 6 requests, the login included.
 *
 * When it fails or is cancelled, nothing is left on the server. Where even the clean-up fails, its task is told to
 * `discard`; where it is not known whether there is one, the launch stays in the journal.
 */
export async function launchSession(
  client: ApiClient,
  form: LaunchForm,
  parts: LaunchParts,
): Promise<{ readonly id: SessionId }> {
  const { hostKey, journal, signal } = parts;
  const project = await projectId(client, signal);
  checkCancelled(signal);
  const launch = randomBytes(8).toString('hex');
  const password = randomBytes(32).toString('hex');
  client.hide(password);
  const { accessKey, secretKey } = client.config;
  const progress: Progress = { launch, asked: 'create' };
  journal.begin(launch);
  try {
    // Not cancelled half-way, and so are enqueue's: what a request did that nobody waited for cannot be known.
    const task = sessionTask(form, { project, comment: commentOf(launch), hostKey });
    progress.id = await createTask(client, task);
    checkCancelled(signal);
    await writeRuntime(client, progress.id, sessionRuntime({ password, accessKey, secretKey }), { signal });
    progress.asked = 'enqueue';
    await enqueueTask(client, progress.id, form.queue);
    checkCancelled(signal);
  } catch (error) {
    if (await cleanUp(client, progress, parts, error)) journal.end(launch);
    throw error;
  }
  journal.end(launch);
  return { id: progress.id };
}

interface Progress {
  readonly launch: string;
  /** The last thing that the server was asked to do to the task. */
  asked: 'create' | 'enqueue';
  id?: SessionId;
}

/** Takes back what a launch did; whether nothing of it is left to be found. */
async function cleanUp(
  client: ApiClient,
  { launch, asked, id }: Progress,
  { discard }: LaunchParts,
  cause: unknown,
): Promise<boolean> {
  if (id !== undefined) {
    try {
      if (asked === 'create') await deleteTask(client, id);
      else if ((await discardTask(client, id)) === 'stopping') discard(id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      discard(id);
    }
    return true;
  }
  // An answer that never came does not say that nothing was created.
  if (cause instanceof ApiError && cause.result < 500) return true;
  try {
    const left = findLeftovers(await getDrafts(client), [launch]);
    for (const task of left) await deleteTask(client, task.id);
    return left.length > 0;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

async function projectId(client: ApiClient, signal: AbortSignal | undefined): Promise<string> {
  const found = await findProject(client, PROJECT, { signal });
  if (found !== undefined) return found;
  checkCancelled(signal);
  try {
    return await createProject(client, PROJECT, { signal });
  } catch (error) {
    // Somebody else created it in between.
    const again = error instanceof ApiError ? await findProject(client, PROJECT, { signal }) : undefined;
    if (again === undefined) throw error;
    return again;
  }
}

function checkCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new AppError('cancelled', 'The launch was cancelled.');
}

function commentOf(launch: string): string {
  const at = new Date().toISOString().slice(0, 19).replace('T', ' ');
  return `Auto-generated at ${at} UTC by ${userName()}@${hostname()}, launch ${launch}`;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // The system knows no name for the user of this process, as in some containers.
    return 'user';
  }
}

/** The launch of this app, here or on another computer, that made a task. */
export const launchOf = (task: SessionTask): string | undefined =>
  /, launch ([0-9a-f]{16})$/.exec(task.comment)?.[1];

/** Whether this app launched it: then its host keys were made for it alone. */
export const isOurLaunch = (task: SessionTask): boolean => launchOf(task) !== undefined;

/** The drafts among `tasks` that these launches, which never ended, left behind. */
export function findLeftovers(
  tasks: readonly SessionTask[],
  launches: readonly string[],
): readonly (Leftover & { readonly launch: string })[] {
  return tasks.flatMap((task) => {
    const launch = launchOf(task);
    if (launch === undefined || !isDraft(task) || !launches.includes(launch)) return [];
    return [{ id: task.id, name: task.name, createdAt: task.created ?? 0, launch }];
  });
}

/**
 * Shuts a session down; its workspace is saved by itself where that was asked for. `stopping`: its agent does it.
 *
 * Throws AppError `conflict` when it is not running any more.
 */
export async function stopSession(client: ApiClient, id: SessionId): Promise<'stopping' | 'stopped'> {
  try {
    return await stopTask(client, id);
  } catch (error) {
    if (!(error instanceof ApiError && error.code === 'conflict')) throw error;
  }
  await markStopped(client, id);
  return 'stopped';
}

/**
 * Stops and deletes a task that is not wanted any more, in whatever state it is. `stopping`: an agent runs it; ask
 * again once it has stopped.
 */
export async function discardTask(client: ApiClient, id: SessionId): Promise<'deleted' | 'stopping'> {
  try {
    if ((await stopTask(client, id)) === 'stopping') return 'stopping';
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    if (error.code === 'not-found') return 'deleted';
    // A draft cannot be stopped, and need not be.
    if (error.code !== 'conflict') throw error;
  }
  await deleteTask(client, id);
  return 'deleted';
}
