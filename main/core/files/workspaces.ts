import { createHash } from 'node:crypto';
import { rename, rm } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { AppError } from '../../../preload/contract/errors.ts';
import type { SomeOptions } from '../../../preload/contract/options.ts';
import {
  canSaveWorkspace,
  type SaveEstimate,
  type SessionId,
  type SessionView,
  type SnapshotView,
  type Transfer,
} from '../../../preload/contract/state.ts';
import { addArtifacts, getTasksWithFiles, getTaskWithFiles } from '../clearml/api.ts';
import type { ApiClient } from '../clearml/client.ts';
import type { Clock, Log } from '../ports.ts';
import type { RemoteProcess } from '../ssh/exec.ts';
import type { Exec } from '../ssh/local-exec.ts';
import type { Store } from '../store.ts';
import { readArtifacts } from './artifact.ts';
import { downloadsFolder, newFile } from './downloads.ts';
import { cancelled, diskFull } from './failures.ts';
import { FilesServer } from './files-server.ts';
import { makeMeter } from './meter.ts';
import { answerOf, newMark, sizeScript } from './remote-workspace.ts';
import { estimateSave } from './save-estimate.ts';
import type { Scratch } from './scratch.ts';
import { artifactsAfterSwap, type Snapshot, snapshotsOf } from './snapshots.ts';
import { saveWorkspace } from './workspace-save.ts';

/** How long the question of the size may keep a person waiting. */
const SIZE_MS = 4000;

export interface WorkspacesParts {
  readonly store: Store;
  readonly sessions: {
    readonly account: { readonly client: ApiClient; readonly me: string };
    view(id: SessionId): SessionView;
    shutDown(id: SessionId): Promise<void>;
  };
  readonly exec: Exec;
  readonly scratch: Scratch;
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** The saved workspaces of a person: listed, brought here, and saved while their session runs. */
export class Workspaces {
  readonly #parts: WorkspacesParts;
  readonly #running = new Map<string, AbortController>();
  /** Bytes of the folder per second, of the last save in each session. */
  readonly #rates = new Map<SessionId, number>();

  constructor(parts: WorkspacesParts) {
    this.#parts = parts;
  }

  async list(): Promise<readonly SnapshotView[]> {
    return (await this.#snapshots()).map(({ view }) => view);
  }

  async #snapshots(): Promise<readonly Snapshot[]> {
    const { client, me } = this.#parts.sessions.account;
    return snapshotsOf(await getTasksWithFiles(client, me), me);
  }

  /** Stops a save or a download; a save that is stopped changes nothing. */
  cancel(id: string): void {
    this.#running.get(id)?.abort();
  }

  /** Another server is spoken to, or the app ends. */
  cancelAll(): void {
    for (const control of this.#running.values()) control.abort();
  }

  /** What a launch needs to start with this snapshot. */
  async restore(id: string): Promise<SomeOptions> {
    const { artifact, view } = await this.#find(id);
    const { client } = this.#parts.sessions.account;
    const from = view.restoreFrom ?? view.session;
    if (view.restoreFrom === undefined) {
      if (view.running) {
        throw new AppError(
          'conflict',
          `${view.name} still runs, and starts a new session with its latest workspace.`,
          {
            hint: 'Shut it down first, or download this one.',
          },
        );
      }
      const held = readArtifacts(await getTaskWithFiles(client, from));
      const swapped = artifactsAfterSwap(held, artifact);
      if (!swapped) throw gone();
      await addArtifacts(client, from, swapped);
    }
    return { continueSession: from, storeWorkspace: view.folder ?? '~/workspace' };
  }

  // --- To this computer ---

  /** Into the folder for downloads. Nothing is there under its name before all of it is, and is right. */
  async download(id: string): Promise<string> {
    const snapshot = await this.#find(id);
    return this.#transfer(id, 'download', async (signal) => {
      const { home, clock, sessions } = this.#parts;
      const { artifact, view } = snapshot;
      const server = new FilesServer(sessions.account.client, clock);
      const folder = await downloadsFolder(home);
      const stamp = new Date(view.at).toISOString().slice(0, 16).replace('T', ' ').replace(':', '');
      const file = await newFile(folder, `${view.name} workspace ${stamp}`, '.tar.gz');
      const hash = createHash('sha256');
      let received = 0;
      try {
        const { body, size } = await server.download(artifact.uri, signal);
        const meter = makeMeter(clock, size ?? artifact.size, (progress) =>
          this.#tell({ id, kind: 'download', step: 'downloading', ...progress }),
        );
        await pipeline(
          body,
          async function* (chunks: AsyncIterable<Buffer>) {
            for await (const chunk of chunks) {
              hash.update(chunk);
              received += chunk.length;
              meter.add(chunk.length);
              yield chunk;
            }
          },
          file.partial.createWriteStream(),
          { signal },
        );
        const expected = artifact.hash;
        const isWhole = artifact.size === 0 || received === artifact.size;
        if (!isWhole || (expected !== '' && hash.digest('hex') !== expected)) {
          throw new AppError('server', `The workspace of ${view.name} did not arrive as it was saved.`, {
            hint: 'Try again; if that does not help, the file on the server is damaged.',
          });
        }
        await rename(file.partialName, file.name);
        return file.name;
      } catch (error) {
        // Its stream has closed it, unless nothing was ever written.
        await file.partial.close().catch(() => {});
        await rm(file.partialName, { force: true });
        throw diskFull(error) ?? error;
      }
    });
  }

  async #find(id: string): Promise<Snapshot> {
    const snapshot = (await this.#snapshots()).find(({ view }) => view.id === id);
    if (!snapshot) throw gone();
    return snapshot;
  }

  // --- From a running session ---

  /** Resolves with whether there was anything new to save. Whatever fails, the earlier snapshots stay as they are. */
  async saveNow(id: SessionId): Promise<boolean> {
    const session = this.#parts.sessions.view(id);
    if (!canSaveWorkspace(session)) throw cannotSave(session);
    const { sessions, exec, scratch, clock, log } = this.#parts;
    const { client } = sessions.account;
    return this.#transfer(id, 'save', async (signal) => {
      const { saved, rate } = await saveWorkspace({
        session,
        client,
        exec,
        scratch,
        clock,
        log,
        tell: (step, progress) => this.#tell({ id, kind: 'save', step, ...progress }),
        signal,
      });
      if (rate !== undefined) this.#rates.set(id, rate);
      return saved;
    });
  }

  /** A failed save leaves the session running. */
  async saveAndShutDown(id: SessionId): Promise<void> {
    const { sessions } = this.#parts;
    const { name } = sessions.view(id);
    try {
      await this.saveNow(id);
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { code, message, hint } = error;
      throw new AppError(code, `${name} goes on running, since its workspace was not saved: ${message}`, {
        hint,
        cause: error,
      });
    }
    await sessions.shutDown(id);
  }

  /** Whether a shut-down leaves time enough to save; undefined where that cannot be told quickly. */
  async estimate(id: SessionId): Promise<SaveEstimate | undefined> {
    const { sessions, exec, clock, log } = this.#parts;
    const session = sessions.view(id);
    if (!canSaveWorkspace(session)) return undefined;
    const mark = newMark();
    let process: RemoteProcess | undefined;
    let isOver = false;
    let stopWaiting = (): void => {};
    const tooLate = new Promise<undefined>((resolve) => {
      stopWaiting = clock.after(SIZE_MS, () => resolve(undefined));
    });
    const ask = async (): Promise<string | undefined> => {
      process = await exec(id, 'sh', sizeScript(mark, session.workspace ?? ''));
      // Nobody is left who would end it.
      if (isOver) process.kill();
      return (await answerOf(process, mark))?.word;
    };
    try {
      const word = await Promise.race([ask(), tooLate]);
      const kilobytes = Number(/^size (\d+)$/.exec(word ?? '')?.[1]);
      return Number.isNaN(kilobytes) ? undefined : estimateSave(kilobytes * 1024, this.#rates.get(id));
    } catch (error) {
      log.write('info', 'The size of a workspace could not be asked for', { id, error });
      return undefined;
    } finally {
      isOver = true;
      stopWaiting();
      process?.kill();
    }
  }

  async #transfer<T>(
    id: string,
    kind: Transfer['kind'],
    run: (signal: AbortSignal) => Promise<T>,
  ): Promise<T> {
    if (this.#running.has(id)) {
      const doing = kind === 'save' ? 'saved' : 'downloaded';
      throw new AppError('conflict', `This workspace is being ${doing} already.`);
    }
    const control = new AbortController();
    this.#running.set(id, control);
    this.#tell({
      id,
      kind,
      step: kind === 'save' ? 'packing' : 'downloading',
      sent: 0,
      total: 0,
      bytesPerSecond: 0,
    });
    try {
      return await run(control.signal);
    } catch (error) {
      throw control.signal.aborted ? cancelled() : error;
    } finally {
      this.#running.delete(id);
      const { store } = this.#parts;
      store.update((s) => ({ ...s, transfers: s.transfers.filter((t) => t.id !== id) }));
    }
  }

  #tell(transfer: Transfer): void {
    this.#parts.store.update((s) => ({
      ...s,
      transfers: [...s.transfers.filter((t) => t.id !== transfer.id), transfer],
    }));
  }
}

const gone = (): AppError => new AppError('not-found', 'That workspace is no longer on the ClearML server.');

function cannotSave(session: SessionView): AppError {
  return session.workspace === undefined
    ? new AppError('conflict', `${session.name} was launched without a workspace folder.`)
    : new AppError('conflict', `${session.name} has to be running and connected to be saved.`);
}
