import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';

/** Unpacks an archive. Names that lead out of the folder are refused by the library. */
export async function unzip(file: string, folder: string): Promise<void> {
  const zip = await openPromise(file);
  for await (const entry of zip.eachEntry()) {
    const to = join(folder, entry.fileName);
    await mkdir(entry.fileName.endsWith('/') ? to : dirname(to), { recursive: true });
    if (!entry.fileName.endsWith('/')) {
      await pipeline(await zip.openReadStreamPromise(entry), createWriteStream(to));
    }
  }
}
