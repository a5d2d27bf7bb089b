import { createReadStream, createWriteStream } from 'node:fs';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ZipFile } from 'yazl';
import { AppError } from '../../../preload/contract/errors.ts';
import type { PlannedFile, UploadPlan } from './upload-plan.ts';

/** Compressing these again takes long and gains nothing. */
const COMPRESSED = /\.(zip|gz|tgz|bz2|xz|zst|7z|rar|jpe?g|png|gif|webp|mp[34]|mkv|mov|whl|npz|parquet)$/i;

/**
 * Writes the archive, one file after another. What a file grows by meanwhile is left out; one that shrinks is packed
 * as far as it goes.
 */
export async function packZip(
  plan: Pick<UploadPlan, 'files' | 'emptyFolders'>,
  to: string,
  options: { readonly read: (bytes: number) => void; readonly signal: AbortSignal },
): Promise<void> {
  const zip = new ZipFile();
  const failed = new AbortController();
  let reading: Readable | undefined;
  for (const file of plan.files) {
    zip.addReadStreamLazy(entryName(file.name), entryOptions(file), (give) => {
      reading = reader(file, options.read, (error) => failed.abort(error));
      give(null, reading);
    });
  }
  for (const name of plan.emptyFolders) zip.addEmptyDirectory(entryName(name));
  zip.on('error', (error) => failed.abort(error));
  zip.end();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  try {
    await pipeline(zip.outputStream, createWriteStream(to, { mode: 0o600 }), { signal });
  } catch (error) {
    reading?.destroy();
    throw failed.signal.aborted ? failed.signal.reason : error;
  }
}

/** A name that begins like a drive of Windows would be refused as one. */
const entryName = (name: string): string => (/^[a-z]:/i.test(name) ? `./${name}` : name);

const entryOptions = ({ name, mtimeMs, mode }: PlannedFile) => ({
  mtime: new Date(mtimeMs),
  mode,
  compress: !COMPRESSED.test(name),
});

function reader(file: PlannedFile, read: (bytes: number) => void, fail: (error: Error) => void): Readable {
  const counted = new PassThrough({
    transform(chunk: Buffer, _encoding, done) {
      read(chunk.length);
      done(null, chunk);
    },
  });
  if (file.size === 0) return counted.end();
  const source = createReadStream(file.path, { end: file.size - 1, highWaterMark: 256 * 1024 });
  source.on('error', (cause) =>
    fail(
      new AppError('invalid', `${file.path} can no longer be read.`, {
        hint: 'It was changed or removed while it was packed; try again.',
        field: 'uploadFiles',
        cause,
      }),
    ),
  );
  counted.on('close', () => source.destroy());
  return source.pipe(counted);
}
