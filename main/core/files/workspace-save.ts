import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { list as listArchive } from 'tar';
import { AppError } from '../../../preload/contract/errors.ts';
import type { SessionView, Transfer } from '../../../preload/contract/state.ts';
import { addArtifacts, getTaskWithFiles } from '../clearml/api.ts';
import type { ApiClient } from '../clearml/client.ts';
import { record, text } from '../clearml/task.ts';
import type { Clock, Log } from '../ports.ts';
import type { RemoteProcess } from '../ssh/exec.ts';
import type { Exec } from '../ssh/local-exec.ts';
import { artifactDocument, previewOf, readArtifacts, storagePath, uriOf } from './artifact.ts';
import { cancelled } from './failures.ts';
import { FilesServer } from './files-server.ts';
import { makeMeter, type Progress } from './meter.ts';
import { answerOf, newMark, saveScript } from './remote-workspace.ts';
import type { Scratch } from './scratch.ts';
import { artifactsAfterSave, WORKSPACE } from './snapshots.ts';

const FILE = 'workspace_snapshot.tar.gz';

/** One save of one session's workspace. */
export interface Save {
  readonly session: SessionView;
  readonly client: ApiClient;
  readonly exec: Exec;
  readonly scratch: Scratch;
  readonly clock: Clock;
  readonly log: Log;
  readonly tell: (step: Transfer['step'], progress: Progress) => void;
  readonly signal: AbortSignal;
}

export interface Saved {
  /** False where nothing has changed since the last time. */
  readonly saved: boolean;
  /** Bytes of the folder per second; where it was worth measuring. */
  readonly rate?: number;
}

/** What lies in an archive that was made of a workspace. */
interface Packed {
  readonly files: readonly { readonly name: string; readonly size: number }[];
  readonly bytes: number;
}

/** Has the session save by itself where it can, and else packs its folder over the SSH connection. */
export async function saveWorkspace(save: Save): Promise<Saved> {
  const before = await currentOf(save);
  const first = await run(save, { own: false });
  if (first.how === 'packed') return first.saved;
  const after = await currentOf(save);
  if (after && (after.hash !== before?.hash || after.at !== before?.at || after.uri !== before?.uri)) {
    return { saved: true };
  }
  if (before && /Skipping workspace snapshot upload/.test(first.said)) return { saved: false };
  const { id } = save.session;
  save.log.write('warn', 'The session did not save its workspace by itself', {
    id,
    said: first.said.slice(-500),
  });
  const second = await run(save, { own: true });
  return second.how === 'packed' ? second.saved : { saved: false };
}

async function currentOf({ client, session, signal }: Save) {
  const artifacts = readArtifacts(await getTaskWithFiles(client, session.id, { signal }));
  return artifacts.find(({ key }) => key === WORKSPACE);
}

type Outcome =
  | { readonly how: 'synced'; readonly said: string }
  | { readonly how: 'packed'; readonly saved: Saved };

async function run(save: Save, options: { readonly own: boolean }): Promise<Outcome> {
  const { session, exec, signal } = save;
  const mark = newMark();
  const process = await exec(session.id, 'sh', saveScript(mark, session.workspace ?? '', options));
  const kill = (): void => process.kill();
  signal.addEventListener('abort', kill, { once: true });
  try {
    const answer = await answerOf(process, mark);
    if (signal.aborted) throw cancelled();
    switch (answer?.word) {
      case 'sync':
        return { how: 'synced', said: await textOf(answer.rest) };
      case 'tar':
        return { how: 'packed', saved: await pack(save, process, answer.rest) };
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

async function textOf(chunks: AsyncIterable<Buffer>): Promise<string> {
  let said = '';
  for await (const chunk of chunks) said = (said + chunk.toString('utf8')).slice(-16_384);
  return said;
}

async function pack(save: Save, process: RemoteProcess, archive: AsyncIterable<Buffer>): Promise<Saved> {
  const { session, scratch, clock, tell, signal } = save;
  const began = clock.now();
  return scratch.with(async (folder) => {
    const file = join(folder, FILE);
    const meter = makeMeter(clock, 0, (progress) => tell('packing', progress));
    async function* counted(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
      for await (const chunk of chunks) {
        meter.add(chunk.length);
        yield chunk;
      }
    }
    const written = createWriteStream(file, { mode: 0o600 });
    await pipeline(archive, counted, written, { signal }).catch((error: unknown) => {
      throw signal.aborted ? cancelled() : error;
    });
    const code = await process.ended;
    if (signal.aborted) throw cancelled();
    // 1: a file changed while it was read, as files of a running session do.
    if (code !== 0 && code !== 1) throw packingFailed(session, code, process.stderr());
    const packed = await contents(file, session);
    await store(save, file, packed);
    const seconds = (clock.now() - began) / 1000;
    const isMeasured = seconds > 0.5 && packed.bytes > 1_000_000;
    return { saved: true, ...(isMeasured ? { rate: Math.round(packed.bytes / seconds) } : {}) };
  });
}

function packingFailed({ name }: SessionView, code: number | undefined, said: string): AppError {
  if (code === undefined) {
    return new AppError('unreachable', `The connection to ${name} broke while its workspace was read.`, {
      hint: 'Try again.',
    });
  }
  const line = said.trim().split('\n')[0]?.slice(0, 200) || `tar ended with ${code}`;
  return new AppError('server', `The workspace of ${name} could not be packed: ${line}`);
}

/** Reads the archive through; throws where it is not whole. */
async function contents(file: string, session: SessionView): Promise<Packed> {
  const files: { name: string; size: number }[] = [];
  try {
    await listArchive({
      file,
      strict: true,
      onReadEntry: ({ type, path, size }) => {
        if (type === 'File' || type === 'OldFile') files.push({ name: path.replace(/^\.\//, ''), size });
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

/** First all of it is on the server, under a path of its own; only then it becomes the session's workspace. */
async function store(save: Save, file: string, packed: Packed): Promise<void> {
  const { client, clock, session, tell, signal } = save;
  const { id } = session;
  const { size } = await stat(file);
  const task = await getTaskWithFiles(client, id, { signal });
  const at = clock.now();
  const project = text(record(task.project).name);
  const path = storagePath({ id, name: text(task.name), project }, `${WORKSPACE}/${at}`, FILE);
  const server = new FilesServer(client, clock);
  const uri = uriOf(server.url, path);
  let meter = makeMeter(clock, size, () => {});
  try {
    const hash = await server.upload({
      path,
      file,
      size,
      contentType: 'application/x-tar',
      signal,
      begun: () => {
        meter = makeMeter(clock, size, (progress) => tell('uploading', progress));
        tell('uploading', { sent: 0, total: size, bytesPerSecond: 0 });
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
    await takeBack(save, server, { path, uri });
    throw error;
  }
}

/** Removes an upload that the session does not have; where that cannot be told, it stays. */
async function takeBack(
  { client, session: { id }, log }: Save,
  server: FilesServer,
  { path, uri }: { readonly path: string; readonly uri: string },
): Promise<void> {
  try {
    const held = readArtifacts(await getTaskWithFiles(client, id));
    if (!held.some((artifact) => artifact.uri === uri)) await server.remove(path);
  } catch (error) {
    log.write('warn', 'A snapshot that was not finished may still be on the server', { id, error });
  }
}
