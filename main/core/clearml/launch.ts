import { randomBytes } from 'node:crypto';
import { hostname, userInfo } from 'node:os';
import { AppError } from '../../../preload/contract/errors.ts';
import { DEFAULTS, formErrors, type LaunchForm } from '../../../preload/contract/options.ts';
import type { Leftover, SessionId } from '../../../preload/contract/state.ts';
import {
  cloneTask,
  createProject,
  createTask,
  deleteTask,
  editTask,
  enqueueTask,
  findProject,
  getDrafts,
  getTaskDocument,
  markStopped,
  stopTask,
} from './api.ts';
import { type ApiClient, ApiError } from './client.ts';
import { isDraft } from './facts.ts';
import { findQueue } from './queues.ts';
import { parseTaskRef } from './session-ref.ts';
import {
  artifactsOf,
  type GitFiles,
  type Purpose,
  sessionEdit,
  sessionRuntime,
  sessionTask,
  type TaskParts,
} from './session-task.ts';
import { record, type SessionTask, text } from './task.ts';

export interface LaunchParts {
  /** Freshly made; the answer of the launch is pinned to it. */
  readonly hostKey: TaskParts['hostKey'];
  /** Remembers the launches that are under way across a crash, to find what one left; see findLeftovers. */
  readonly journal: { begin(launch: string): void; end(launch: string): void };
  /** The texts of the files that `gitCredentials` sends. */
  readonly git?: GitFiles | undefined;
  /** Brings `uploadFiles` to the server, as an artifact of the task. */
  readonly upload?: ((task: UploadTarget, signal: AbortSignal | undefined) => Promise<void>) | undefined;
  /** Told of a task that is not wanted but could not be taken back at once: stop and delete it later. */
  readonly discard: (id: SessionId) => void;
  readonly signal?: AbortSignal;
}

/** The task that files are uploaded for. */
export interface UploadTarget {
  readonly id: SessionId;
  readonly name: string;
  readonly project: string;
}

/**
 * Creates the task of a session and puts it into its queue, in at most 8 requests, the login included.
 *
 * When it fails or is cancelled, nothing is left on the server. Where even the clean-up fails, its task is told to
 * `discard`; where it is not known whether there is one, the launch stays in the journal.
 */
export async function launchSession(
  client: ApiClient,
  form: LaunchForm,
  parts: LaunchParts,
): Promise<{ readonly id: SessionId }> {
  refuseErrors(form);
  const { hostKey, journal, signal } = parts;
  const queue = await findQueue(client, form.queue, signal);
  const source = await readSource(client, form, signal);
  const project = staysInProject(form, source) ? undefined : await projectId(client, form.project, signal);
  checkCancelled(signal);
  const launch = randomBytes(8).toString('hex');
  const password = form.password || randomBytes(32).toString('hex');
  client.hide(password);
  const { accessKey, secretKey } = client.config;
  const runtime = sessionRuntime({ password, accessKey, secretKey, git: parts.git });
  const progress: Progress = { launch, asked: 'create' };
  journal.begin(launch);
  try {
    // Not cancelled half-way, and so are enqueue's: what a request did that nobody waited for cannot be known.
    const made: TaskParts = { comment: commentOf(launch), hostKey };
    const name = nameOf(form, source);
    progress.id = source
      ? await cloneTask(client, source.id, {
          name,
          project,
          comment: made.comment,
          systemTags: ['interactive'],
        })
      : await createTask(client, sessionTask(form, { ...made, project: project ?? '' }));
    checkCancelled(signal);
    await parts.upload?.({ id: progress.id, name, project: form.project }, signal);
    const edit = source ? sessionEdit(form, source.purpose, source.document, made) : {};
    await editTask(client, progress.id, { ...edit, runtime }, { signal });
    progress.asked = 'enqueue';
    await enqueueTask(client, progress.id, queue.id);
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

/** Options may each be right and still not go together. */
function refuseErrors(form: LaunchForm): void {
  const [wrong] = Object.entries(formErrors(form));
  if (wrong) throw new AppError('invalid', wrong[1], { field: wrong[0] });
}

/** The earlier task that a session is made out of. */
interface Source {
  readonly id: string;
  readonly purpose: Purpose;
  readonly document: Readonly<Record<string, unknown>>;
}

const PURPOSES = [
  ['debuggingSession', 'debug'],
  ['baseTaskId', 'base'],
  ['continueSession', 'continue'],
] as const;

/** Throws AppError where there is no such task, or it cannot serve. */
async function readSource(
  client: ApiClient,
  form: LaunchForm,
  signal: AbortSignal | undefined,
): Promise<Source | undefined> {
  const asked = PURPOSES.find(([field]) => form[field] !== '');
  if (!asked) return undefined;
  const [field, purpose] = asked;
  const id = parseTaskRef(form[field], field);
  const document = await getTaskDocument(client, id, { signal }).catch((error: unknown) => {
    if (!(error instanceof ApiError && error.code === 'not-found')) throw error;
    throw new AppError('not-found', `There is no task ${id} on this ClearML server.`, { field });
  });
  const name = text(document.name);
  if (purpose === 'debug' && !text(record(document.script).repository)) {
    throw new AppError('invalid', `${name} has no git repository, so it cannot be debugged in a session.`, {
      hint: 'Choose a task that ran from a git repository.',
      field,
    });
  }
  if (purpose === 'continue' && !artifactsOf(document).some(({ key }) => key === 'workspace')) {
    throw new AppError('invalid', `${name} has no saved workspace to continue with.`, {
      hint: 'Only a session with a workspace folder saves one when it ends.',
      field,
    });
  }
  return { id, purpose, document };
}

/** A copy for debugging belongs beside its experiment, unless the person says otherwise. */
const staysInProject = (form: LaunchForm, source: Source | undefined): boolean =>
  source?.purpose === 'debug' && form.project === DEFAULTS.project;

const nameOf = (form: LaunchForm, source: Source | undefined): string =>
  source?.purpose === 'debug' && form.sessionName === DEFAULTS.sessionName
    ? text(source.document.name)
    : form.sessionName;

async function projectId(client: ApiClient, name: string, signal: AbortSignal | undefined): Promise<string> {
  const found = await findProject(client, name, { signal });
  if (found !== undefined) return found;
  checkCancelled(signal);
  try {
    return await createProject(client, name, { signal });
  } catch (error) {
    // Somebody else created it in between.
    const again = error instanceof ApiError ? await findProject(client, name, { signal }) : undefined;
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
