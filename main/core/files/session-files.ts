import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';
import type { LaunchForm } from '../../../preload/contract/options.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import type { Creating } from '../../../preload/contract/state.ts';
import { addArtifacts } from '../clearml/api.ts';
import type { ApiClient } from '../clearml/client.ts';
import type { UploadTarget } from '../clearml/launch.ts';
import type { Clock, Log } from '../ports.ts';
import { artifactDocument, previewOf, storagePath, uriOf } from './artifact.ts';
import { FilesServer } from './files-server.ts';
import { makeMeter } from './meter.ts';
import type { Scratch } from './scratch.ts';
import { planUpload, type UploadPlan } from './upload-plan.ts';
import { packZip } from './zip.ts';

/** The artifact that the payload unpacks into ~/session-files. */
const KEY = 'session-files';

export interface SessionFilesParts {
  readonly home: string;
  readonly scratch: Scratch;
  readonly clock: Clock;
  readonly log: Log;
}

/** The files that go with one launch. */
export class SessionFiles {
  readonly #parts: SessionFilesParts;
  readonly #plan: UploadPlan;
  #sentTo: { readonly server: FilesServer; readonly path: string } | undefined;

  constructor(parts: SessionFilesParts, plan: UploadPlan) {
    this.#parts = parts;
    this.#plan = plan;
  }

  /** Packs and uploads them, and adds them to the task. */
  async send(
    client: ApiClient,
    task: UploadTarget,
    { tell, signal }: { readonly tell: (creating: Creating) => void; readonly signal: AbortSignal },
  ): Promise<void> {
    const { scratch, clock } = this.#parts;
    const { kind, files, bytes } = this.#plan;
    const [only] = files;
    if (kind === 'file' && only) return this.#upload(client, task, only.path, tell, signal);
    await scratch.with(async (folder) => {
      const zip = join(folder, 'session-files.zip');
      const meter = makeMeter(clock, bytes, (progress) => tell({ step: 'packing', ...progress }));
      tell({ step: 'packing', sent: 0, total: bytes, bytesPerSecond: 0 });
      await packZip(this.#plan, zip, { read: meter.add, signal }).catch(packingFailed(signal));
      await this.#upload(client, task, zip, tell, signal);
    });
  }

  async #upload(
    client: ApiClient,
    task: UploadTarget,
    file: string,
    tell: (creating: Creating) => void,
    signal: AbortSignal,
  ): Promise<void> {
    const { clock } = this.#parts;
    const { kind, files, fileName } = this.#plan;
    const { size } = await stat(file);
    const server = new FilesServer(client, clock);
    const path = storagePath(task, KEY, fileName);
    const contentType = kind === 'zip' ? 'application/zip' : 'application/octet-stream';
    let meter = makeMeter(clock, size, () => {});
    this.#sentTo = { server, path };
    const hash = await server.upload({
      path,
      file,
      size,
      contentType,
      signal,
      field: 'uploadFiles',
      begun: () => {
        tell({ step: 'uploading', sent: 0, total: size, bytesPerSecond: 0 });
        meter = makeMeter(clock, size, (progress) => tell({ step: 'uploading', ...progress }));
      },
      sent: (bytes) => meter.add(bytes),
    });
    const artifact = artifactDocument({
      key: KEY,
      mode: 'output',
      type: kind === 'zip' ? 'archive' : 'custom',
      uri: uriOf(server.url, path),
      size,
      hash,
      at: clock.now(),
      contentType,
      preview: previewOf(fileName, files),
    });
    await addArtifacts(client, task.id, [artifact], { signal });
  }

  /** Takes the uploaded file back, when nothing came of the launch. */
  async discard(): Promise<void> {
    const sent = this.#sentTo;
    this.#sentTo = undefined;
    try {
      await sent?.server.remove(sent.path);
    } catch (error) {
      this.#parts.log.write('warn', 'The files of a launch that failed may still be on the server', {
        error,
      });
    }
  }
}

/**
 * Looks through the files that a launch uploads, if any. Throws AppError at the field `uploadFiles`, before anything is
 * created.
 */
export async function checkSessionFiles(
  form: LaunchForm,
  parts: SessionFilesParts,
): Promise<SessionFiles | undefined> {
  if (form.uploadFiles.length === 0) return undefined;
  const { home, scratch, log } = parts;
  const plan = await planUpload({ paths: form.uploadFiles, gitignore: form.uploadGitignore, home });
  if (plan.kind === 'zip') await mustFit(plan, scratch);
  if (plan.skipped.length > 0) {
    log.write('info', 'Left out of the upload: broken links, loops, sockets and devices', {
      count: plan.skipped.length,
      first: plan.skipped.slice(0, 20),
    });
  }
  return new SessionFiles(parts, plan);
}

async function mustFit({ bytes }: UploadPlan, scratch: Scratch): Promise<void> {
  const free = await scratch.freeBytes();
  if (bytes <= free) return;
  const message = `Packing ${sizeText(bytes)} may need more than the ${sizeText(free)} that are free on this computer.`;
  throw new AppError('invalid', message, {
    hint: 'Free some space, or upload less.',
    field: 'uploadFiles',
  });
}

function packingFailed(signal: AbortSignal) {
  return (error: unknown): never => {
    if (signal.aborted) throw new AppError('cancelled', 'The launch was cancelled.');
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
      throw new AppError('invalid', 'The disk of this computer is full: the files could not be packed.', {
        hint: 'Free some space, or upload less.',
        field: 'uploadFiles',
        cause: error,
      });
    }
    throw error;
  };
}
