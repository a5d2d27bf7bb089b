import { homedir } from 'node:os';
import { AppError } from '../../preload/contract/errors.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { findProject, getCurrentUser, getNamedTask, getNamedTasks } from '../core/clearml/api.ts';
import { ApiClient } from '../core/clearml/client.ts';
import { readConfig } from '../core/clearml/config.ts';
import { isSession, observe, sessionFacts } from '../core/clearml/facts.ts';
import type { SessionTask } from '../core/clearml/task.ts';
import { FileLog } from '../core/log.ts';
import { noServer } from '../core/when.ts';

/** A session in words, and as `--json` prints it: every key is always there. Times are ISO 8601 in UTC. */
export interface SessionRow {
  readonly id: SessionId;
  readonly name: string;
  readonly status: 'queued' | 'starting' | 'running' | 'stopping' | 'failed' | 'finished';
  readonly mine: boolean;
  readonly owner: string;
  readonly project: string | null;
  readonly tags: readonly string[];
  readonly queue: string | null;
  readonly image: string | null;
  readonly agent: string | null;
  readonly machine: {
    readonly hostname: string | null;
    readonly address: string | null;
    readonly cores: number | null;
    readonly memoryGb: number | null;
    readonly gpus: number | null;
    readonly gpuType: string | null;
  };
  readonly created: string;
  readonly started: string | null;
  readonly ended: string | null;
  readonly url: string | null;
}

/** The ClearML server of this computer, asked directly: no app needs to run. */
export interface Account {
  readonly client: ApiClient;
  /** Id of the user. */
  readonly me: string;
}

/** Throws AppError where there are no credentials, or the server refuses them. */
export async function openAccount(env: NodeJS.ProcessEnv = process.env, home = homedir()): Promise<Account> {
  const found = await readConfig({ env, home });
  if (found.at === 'broken') throw noServer(found.problem);
  if (found.at === 'missing') throw noServer();
  const client = new ApiClient(found.config, { log: new FileLog({}), version: __VERSION__ });
  const { id: me } = await getCurrentUser(client);
  return { client, me };
}

declare const __VERSION__: string;

/** Living sessions, waiting ones too, the youngest first. Throws AppError `not-found` for an unknown project. */
export async function listSessions(
  { client, me }: Account,
  which: { readonly allUsers: boolean; readonly project?: string; readonly tags: readonly string[] },
): Promise<readonly SessionRow[]> {
  const project = which.project === undefined ? undefined : await projectId(client, which.project);
  const filter = {
    ...(which.allUsers ? {} : { user: me }),
    ...(project === undefined ? {} : { project }),
    tags: which.tags,
  };
  const rows: SessionRow[] = [];
  for (let page = 0, full = true; full; page++) {
    const got = await getNamedTasks(client, filter, page);
    rows.push(...got.tasks.map((task) => rowOf(task, { client, me })));
    full = got.full;
  }
  return rows;
}

async function projectId(client: ApiClient, name: string): Promise<string> {
  const id = await findProject(client, name);
  if (id !== undefined) return id;
  throw new AppError('not-found', `There is no project "${name}" on this ClearML server.`, {
    field: 'project',
  });
}

/** Throws AppError `not-found`, and `invalid` for a task that is no session. */
export async function readSession(account: Account, id: SessionId): Promise<SessionRow> {
  const task = await getNamedTask(account.client, id);
  if (!task) throw new AppError('not-found', `There is no session ${id} on this ClearML server.`);
  if (!isSession(task)) throw new AppError('invalid', `${task.name} is a ClearML task, but not a session.`);
  return rowOf(task, account);
}

export function rowOf(task: SessionTask, { client, me }: Account, now = Date.now()): SessionRow {
  const seen = observe(undefined, task, now);
  const facts = sessionFacts(task, { me, web: client.config.web, seen, now });
  const { machine } = facts;
  return {
    id: task.id,
    name: facts.name,
    status: facts.status,
    mine: facts.mine,
    owner: facts.owner,
    project: task.projectName ?? null,
    tags: task.tags ?? [],
    queue: facts.queue ?? null,
    image: facts.image ?? null,
    agent: task.worker ?? null,
    machine: {
      hostname: machine.hostname ?? null,
      address: machine.address ?? null,
      cores: machine.cores ?? null,
      memoryGb: machine.memoryGb ?? null,
      gpus: machine.gpus ?? null,
      gpuType: machine.gpuType ?? null,
    },
    created: iso(facts.createdAt),
    started: facts.startedAt === undefined ? null : iso(facts.startedAt),
    ended: facts.endedAt === undefined ? null : iso(facts.endedAt),
    url: facts.webUrl ?? null,
  };
}

const iso = (ms: number): string => new Date(ms).toISOString();
