import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import type { LocalEntry, LocalFolder } from '../../preload/contract/api.ts';
import { AppError } from '../../preload/contract/errors.ts';

/** Of a folder with more, nobody scrolls to the end. */
const MOST = 1000;

/** What a folder of this computer holds, folders first; without a name the person's home. */
export async function listFolder(named: string, home: string): Promise<LocalFolder> {
  const folder = resolve(
    home,
    named.trim().replace(/^~(?=$|[/\\])/, () => home),
  );
  const found = await readdir(folder, { withFileTypes: true }).catch((error: NodeJS.ErrnoException) => {
    throw unlistable(folder, error);
  });
  const entries = await Promise.all(
    found
      .sort(byName)
      .slice(0, MOST)
      .map((entry) => describe(folder, entry)),
  );
  const parent = dirname(folder);
  return {
    folder,
    ...(parent === folder ? {} : { parent }),
    // A link to a folder is one, which is known only by now.
    entries: entries
      .flatMap((entry) => entry ?? [])
      .sort((a, b) => rank(a) - rank(b) || a.name.localeCompare(b.name)),
    more: Math.max(0, found.length - MOST),
  };
}

const byName = (a: Dirent, b: Dirent): number =>
  Number(b.isDirectory()) - Number(a.isDirectory()) || a.name.localeCompare(b.name);
const rank = ({ kind }: LocalEntry): number => (kind === 'folder' ? 0 : 1);

/** Nothing for what is neither a file nor a folder, such as a broken link. */
async function describe(folder: string, entry: Dirent): Promise<LocalEntry | undefined> {
  const path = join(folder, entry.name);
  if (entry.isDirectory()) return { name: entry.name, path, kind: 'folder' };
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory()) return { name: entry.name, path, kind: 'folder' };
  return info?.isFile() ? { name: entry.name, path, kind: 'file', bytes: info.size } : undefined;
}

function unlistable(folder: string, cause: NodeJS.ErrnoException): AppError {
  switch (cause.code) {
    case 'ENOENT':
      return new AppError('not-found', `There is no folder ${folder} on this computer.`, { cause });
    case 'ENOTDIR':
      return new AppError('invalid', `${folder} is a file, not a folder.`, { cause });
    default:
      return new AppError('forbidden', `${folder} cannot be read.`, {
        hint: 'Look at its permissions.',
        cause,
      });
  }
}
