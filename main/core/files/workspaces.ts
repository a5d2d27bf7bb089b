import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { list as listArchive } from 'tar';
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
import { record, text } from '../clearml/task.ts';
import type { Clock, Log } from '../ports.ts';
import type { RemoteProcess } from '../ssh/exec.ts';
import type { Store } from '../store.ts';
import { artifactDocument, previewOf, readArtifacts, storagePath, uriOf } from './artifact.ts';
import { downloadsFolder, newFile } from './downloads.ts';
import { FilesServer } from './files-server.ts';
import { makeMeter, type Progress } from './meter.ts';
import { answerOf, saveScript, sizeScript } from './remote-workspace.ts';
import { estimateSave } from './save-estimate.ts';
import type { Scratch } from './scratch.ts';
import {
  artifactsAfterSave,
  artifactsAfterSwap,
  type Snapshot,
  snapshotsOf,
  WORKSPACE,
} from './snapshots.ts';

/** How long the question of the size may keep a person waiting. */
const SIZE_MS = 4000;

const FILE = 'workspace_snapshot.tar.gz';

export interface WorkspacesParts {
  readonly store: Store;
  readonly sessions: {
    readonly account: { readonly client: ApiClient; readonly me: string };
    view(id: SessionId): SessionView;
    exec(id: SessionId, command: string, input: string): Promise<RemoteProcess>;
    shutDown(id: SessionId): Promise<void>;
  };
  readonly scratch: Scratch;
  readonly home: string;
  readonly clock: Clock;
  readonly log: Log;
}

/** What lies in an archive that was made of a workspace. */
interface Packed {
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly bytes: number;
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
      const { body, size } = await server.download(artifact.uri, signal);
      const folder = await downloadsFolder(home);
      const stamp = new Date(view.at).toISOString().slice(0, 16).replace('T', ' ').replace(':', '');
      const file = await newFile(folder, `${view.name} workspace ${stamp}`, '.tar.gz');
      const hash = createHash('sha256');
      const total = size ?? artifact.size;
      const meter = makeMeter(clock, total, this.#teller(id, 'download', 'downloading'));
      let received = 0;
      try {
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
    return this.#transfer(id, 'save', (signal) => this.#save(session, signal));
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
    const { sessions, clock, log } = this.#parts;
    const session = sessions.view(id);
    if (!canSaveWorkspace(session)) return undefined;
    const mark = newMark();
    let process: RemoteProcess | undefined;
    const tooLate = new Promise<undefined>((resolve) => {
      clock.after(SIZE_MS, () => resolve(undefined));
    });
    const ask = async (): Promise<string | undefined> => {
      process = await sessions.exec(id, 'sh', sizeScript(mark, session.workspace ?? ''));
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
      process?.kill();
    }
  }

  async #save(session: SessionView, signal: AbortSignal): Promise<boolean> {
    const { client } = this.#parts.sessions.account;
    const before = readArtifacts(await getTaskWithFiles(client, session.id, { signal }));
    const current = before.find(({ key }) => key === WORKSPACE);
    const synced = await this.#run(session, { own: false, signal });
    if (synced.how === 'packed') return synced.done;
    const after = readArtifacts(await getTaskWithFiles(client, session.id, { signal }));
    const saved = after.find(({ key }) => key === WORKSPACE);
    if (saved && (saved.hash !== current?.hash || saved.at !== current?.at || saved.uri !== current?.uri)) {
      return true;
    }
    if (current && /Skipping workspace snapshot upload/.test(synced.said)) return false;
    this.#parts.log.write('warn', 'The session did not save its workspace by itself', {
      id: session.id,
      said: synced.said.slice(-500),
    });
    const packed = await this.#run(session, { own: true, signal });
    return packed.how === 'packed' && packed.done;
  }

  /** Has the session save by itself, or packs its folder over the SSH connection. */
  async #run(
    session: SessionView,
    { own, signal }: { readonly own: boolean; readonly signal: AbortSignal },
  ): Promise<
    { readonly how: 'synced'; readonly said: string } | { readonly how: 'packed'; readonly done: boolean }
  > {
    const { sessions } = this.#parts;
    const mark = newMark();
    const process = await sessions.exec(session.id, 'sh', saveScript(mark, session.workspace ?? '', { own }));
    const kill = (): void => process.kill();
    signal.addEventListener('abort', kill, { once: true });
    try {
      const answer = await answerOf(process, mark);
      if (signal.aborted) throw cancelled();
      switch (answer?.word) {
        case 'sync':
          return { how: 'synced', said: await textOf(answer.rest) };
        case 'tar':
          await this.#pack(session, process, answer.rest, signal);
          return { how: 'packed', done: true };
        case 'missing':
          throw new AppError('not-found', `There is no folder ${session.workspace} in ${session.name}.`, {
            hint: 'Make it there; what lies in it is saved.',
          });
        case 'notar':
          throw new AppError('unsupported', `${session.name} has no program tar to save its workspace with.`);
        default:
          throw new AppError('unreachable', `${session.name} did not answer.`, { hint: 'Try again.' });
      }
    } finally {
      signal.removeEventListener('abort', kill);
      process.kill();
    }
  }

  async #pack(
    session: SessionView,
    process: RemoteProcess,
    archive: AsyncIterable<Buffer>,
    signal: AbortSignal,
  ): Promise<void> {
    const { scratch, clock } = this.#parts;
    const { id } = session;
    const began = clock.now();
    await scratch.with(async (folder) => {
      const file = join(folder, FILE);
      const meter = makeMeter(clock, 0, this.#teller(id, 'save', 'packing'));
      await pipeline(
        archive,
        async function* (chunks: AsyncIterable<Buffer>) {
          for await (const chunk of chunks) {
            meter.add(chunk.length);
            yield chunk;
          }
        },
        createWriteStream(file, { mode: 0o600 }),
        { signal },
      ).catch((error: unknown) => {
        throw signal.aborted ? cancelled() : (diskFull(error) ?? error);
      });
      const code = await process.ended;
      if (signal.aborted) throw cancelled();
      // 1: a file changed while it was read, as files of a running session do.
      if (code !== 0 && code !== 1) throw packingFailed(session, code, process.stderr());
      const packed = await contents(file, session);
      await this.#store(session, file, packed, signal);
      const seconds = (clock.now() - began) / 1000;
      if (seconds > 0.5 && packed.bytes > 1_000_000) this.#rates.set(id, Math.round(packed.bytes / seconds));
    });
  }

  /** First all of it is on the server, under a name of its own; only then it becomes the session's workspace. */
  async #store(session: SessionView, file: string, packed: Packed, signal: AbortSignal): Promise<void> {
    const { clock, sessions } = this.#parts;
    const { client } = sessions.account;
    const { id } = session;
    const { size } = await stat(file);
    const task = await getTaskWithFiles(client, id, { signal });
    const at = clock.now();
    const project = text(record(task.project).name);
    const path = storagePath({ id, name: text(task.name), project }, `${WORKSPACE}/${at}`, FILE);
    const server = new FilesServer(client, clock);
    const tell = this.#teller(id, 'save', 'uploading');
    let meter = makeMeter(clock, size, tell);
    const uri = uriOf(server.url, path);
    try {
      const hash = await server.upload({
        path,
        file,
        size,
        contentType: 'application/x-tar',
        signal,
        begun: () => {
          meter = makeMeter(clock, size, tell);
          tell({ sent: 0, total: size, bytesPerSecond: 0 });
        },
        sent: (bytes) => meter.add(bytes),
      });
      const saved = artifactDocument({
        key: WORKSPACE,
        mode: 'input',
        type: 'custom',
        uri,
        size,
        hash,
        at,
        contentType: 'application/x-tar',
        preview: previewOf(session.workspace ?? '', packed.files),
        display: [
          ['timestamp', new Date(at).toISOString().replace('T', ' ').replace('Z', '+00:00')],
          ['created_by_session', id],
        ],
      });
      // From here on it is not cancelled half-way.
      const before = readArtifacts(await getTaskWithFiles(client, id));
      await addArtifacts(client, id, artifactsAfterSave(before, saved, id));
    } catch (error) {
      await this.#takeBack(server, id, path, uri);
      throw error;
    }
  }

  /** Removes an upload that the session does not have; where that cannot be told, it stays. */
  async #takeBack(server: FilesServer, id: SessionId, path: string, uri: string): Promise<void> {
    try {
      const { client } = this.#parts.sessions.account;
      const held = readArtifacts(await getTaskWithFiles(client, id));
      if (!held.some((artifact) => artifact.uri === uri)) await server.remove(path);
    } catch (error) {
      this.#parts.log.write('warn', 'A snapshot that was not finished may still be on the server', {
        id,
        error,
      });
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

  #teller(id: string, kind: Transfer['kind'], step: Transfer['step']) {
    return (progress: Progress): void => this.#tell({ id, kind, step, ...progress });
  }

  #tell(transfer: Transfer): void {
    this.#parts.store.update((s) => ({
      ...s,
      transfers: [...s.transfers.filter((t) => t.id !== transfer.id), transfer],
    }));
  }
}

const newMark = (): string => `mark-${randomBytes(12).toString('hex')}`;

const gone = (): AppError => new AppError('not-found', 'That workspace is no longer on the ClearML server.');

const cancelled = (): AppError => new AppError('cancelled', 'Cancelled.');

function cannotSave(session: SessionView): AppError {
  return session.workspace === undefined
    ? new AppError('conflict', `${session.name} was launched without a workspace folder.`)
    : new AppError('conflict', `${session.name} has to be running and connected to be saved.`);
}

function diskFull(error: unknown): AppError | undefined {
  if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') return undefined;
  return new AppError('invalid', 'The disk of this computer is full.', {
    hint: 'Free some space and try again.',
    cause: error,
  });
}

function packingFailed(session: SessionView, code: number | undefined, said: string): AppError {
  if (code === undefined) {
    return new AppError(
      'unreachable',
      `The connection to ${session.name} broke while its workspace was read.`,
      {
        hint: 'Try again.',
      },
    );
  }
  const line = said.trim().split('\n')[0]?.slice(0, 200) ?? '';
  return new AppError(
    'server',
    `The workspace of ${session.name} could not be packed: ${line || `tar ended with ${code}`}`,
  );
}

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  let said = '';
  for await (const chunk of chunks) said = (said + chunk.toString('utf8')).slice(-16_384);
  return said;
}

/** Reads the archive through; throws where it is not whole. */
async function contents(file: string, session: SessionView): Promise<Packed> {
  const files: { name: string; size: number }[] = [];
  try {
    await listArchive({
      file,
      strict: true,
      onReadEntry: (entry) => {
        if (entry.type === 'File' || entry.type === 'OldFile') {
          files.push({ name: entry.path.replace(/^\.\//, ''), size: entry.size });
        }
      },
    });
  } catch (cause) {
    throw new AppError('unreachable', `The workspace of ${session.name} did not arrive whole.`, {
      hint: 'Try again.',
      cause,
    });
  }
  files.sort((a, b) => (a.name < b.name ? -1 : 1));
  return { files, bytes: files.reduce((sum, { size }) => sum + size, 0) };
}
