import type { CleanupResult, Notice } from '../../preload/contract/api.ts';
import { AppError, type Problem, toProblem } from '../../preload/contract/errors.ts';
import type { FinishedSession, SessionId } from '../../preload/contract/state.ts';
import { noticeTexts } from '../../preload/contract/texts/index.ts';
import {
  finishedSessions,
  type OwnSession,
  ownFiles,
  ownSession,
  pathOn,
  removableAlone,
} from './cleanup-plan.ts';
import { deleteTask, getClones, getOwnSessions } from './clearml/api.ts';
import type { ApiClient } from './clearml/client.ts';
import { readArtifacts } from './files/artifact.ts';
import { FilesServer } from './files/files-server.ts';
import type { Clock, Log } from './ports.ts';
import type { Memory } from './session/memory.ts';
import type { Store } from './store.ts';

/** Of 500 sessions each: more than anybody has. */
const MOST_PAGES = 10;
const AT_ONCE = 4;
const DAY_MS = 86_400_000;

export interface CleanupAccount {
  readonly client: ApiClient;
  readonly me: string;
  readonly memory: Memory;
}

export interface CleanupParts {
  readonly sessions: {
    /** Throws AppError while no server is spoken to. */
    readonly account: CleanupAccount;
    forget(ids: readonly SessionId[]): void;
  };
  readonly store: Store;
  readonly tell: (notice: Notice) => void;
  readonly clock: Clock;
  readonly log: Log;
  readonly progressed: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Removes sessions that are over, with their files: those that the person chose, or old ones once a day. */
export class Cleanup {
  readonly #parts: CleanupParts;
  #deleting = false;

  constructor(parts: CleanupParts) {
    this.#parts = parts;
  }

  async list(): Promise<{ sessions: readonly FinishedSession[]; more: boolean }> {
    const { sessions, more } = await this.#read(this.#parts.sessions.account);
    return { sessions: finishedSessions(sessions), more };
  }

  async delete(ids: readonly SessionId[], protectedToo: boolean): Promise<CleanupResult> {
    if (this.#deleting) throw new AppError('conflict', 'Sessions are being removed already.');
    this.#deleting = true;
    try {
      const { account } = this.#parts.sessions;
      const { sessions } = await this.#read(account);
      const kept = finishedSessions(sessions).find((s) => s.isProtected && ids.includes(s.id));
      if (kept && !protectedToo) {
        throw new AppError('conflict', `${kept.name} holds your newest workspace.`, {
          hint: 'Nothing was removed. Confirm it, or leave that session out.',
        });
      }
      return await this.#deleteAll(account, ids, sessions);
    } finally {
      this.#deleting = false;
    }
  }

  /** The list was read: does what the person has set, at most once a day, and tells about it. */
  async auto(): Promise<void> {
    const { store, clock, sessions } = this.#parts;
    const { auto, days } = store.state.preferences.cleanup;
    const { memory } = sessions.account;
    const now = clock.now();
    // A clock that was set back must not put it off for years.
    const sinceLast = Math.abs(now - memory.value.cleanedAt);
    if (!auto || this.#deleting || sinceLast < DAY_MS) return;
    memory.update('cleanedAt', () => now);
    const ids = removableAlone((await this.list()).sessions, days, now);
    if (ids.length > 0) this.#tell(await this.delete(ids, false), days);
  }

  #tell({ deleted, failed }: CleanupResult, days: number): void {
    const { tell, store, clock, log } = this.#parts;
    const cleaned = { at: clock.now(), removed: deleted.length, failed: failed.length };
    log.write('info', 'Old sessions were removed', cleaned);
    store.update((s) => ({ ...s, cleaned }));
    if (!store.state.preferences.notifications) return;
    const t = noticeTexts.cleanup;
    tell({
      key: 'cleanup',
      tone: failed.length > 0 ? 'bad' : 'info',
      title: t.title(deleted.length),
      body: failed.length > 0 ? t.bodyWithFailures(days, failed.length) : t.body(days),
      actions: [],
    });
  }

  async #read(account: CleanupAccount): Promise<{ sessions: readonly OwnSession[]; more: boolean }> {
    const sessions: OwnSession[] = [];
    for (let page = 0; page < MOST_PAGES; page++) {
      const { documents, full } = await getOwnSessions(account.client, account.me, page);
      sessions.push(...documents.flatMap((document) => ownSession(document) ?? []));
      if (!full) return { sessions, more: false };
    }
    return { sessions, more: true };
  }

  async #deleteAll(
    account: CleanupAccount,
    ids: readonly SessionId[],
    all: readonly OwnSession[],
  ): Promise<CleanupResult> {
    const files = new FilesServer(account.client, this.#parts.clock);
    const deleted: SessionId[] = [];
    const failed: { id: SessionId; name: string; problem: Problem }[] = [];
    let left = all;
    const work = async (waiting: SessionId[]): Promise<void> => {
      for (let id = waiting.shift(); id !== undefined; id = waiting.shift()) {
        const session = all.find((s) => s.id === id);
        try {
          await this.#deleteOne(account, session, left, files);
          left = left.filter((s) => s !== session);
          deleted.push(id);
        } catch (error) {
          this.#parts.log.write('warn', 'A session could not be removed', { id, error });
          failed.push({ id, name: session?.name ?? id, problem: toProblem(error) });
        }
        this.#parts.progressed({ done: deleted.length + failed.length, total: ids.length });
      }
    };
    const withFiles = all.filter(({ artifacts }) => artifacts.length > 0).map(({ id }) => id);
    const plain = ids.filter((id) => !withFiles.includes(id));
    await Promise.all(Array.from({ length: AT_ONCE }, () => work(plain)));
    // One by one: those that share a file must not wait for each other to let go of it.
    await work(ids.filter((id) => withFiles.includes(id)));
    this.#parts.sessions.forget(deleted);
    return { deleted, failed };
  }

  /** The files first: whatever fails, the session is still there to try again. */
  async #deleteOne(
    { client }: CleanupAccount,
    session: OwnSession | undefined,
    all: readonly OwnSession[],
    files: FilesServer,
  ): Promise<void> {
    if (!session) throw new AppError('not-found', 'It is not among your sessions any more.');
    if (!session.over) throw new AppError('conflict', `${session.name} is not over.`);
    if (session.artifacts.length > 0) {
      const clones = await getClones(client, session.id);
      const others = [
        ...all.filter((s) => s !== session),
        ...clones.map((clone) => ({ artifacts: readArtifacts(clone) })),
      ];
      for (const uri of ownFiles(session, others)) {
        const path = pathOn(client.config.files, uri);
        // What lies in another storage is deleted by the server, where it can.
        if (path !== undefined) await files.remove(path);
      }
    }
    await deleteTask(client, session.id);
  }
}
