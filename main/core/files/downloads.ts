import { type FileHandle, open, readFile, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';
import { diskFull } from './failures.ts';

/** The person's folder for downloads, whatever it is called; their home where there is none. */
export async function downloadsFolder(home: string): Promise<string> {
  const named = home === homedir() ? await xdgDownloads(home) : undefined;
  for (const folder of [named, join(home, 'Downloads')]) {
    if (folder && (await stat(folder).catch(() => undefined))?.isDirectory()) return folder;
  }
  return home;
}

/** Linux desktops name it in the person's language. */
async function xdgDownloads(home: string): Promise<string | undefined> {
  const text = await readFile(join(home, '.config', 'user-dirs.dirs'), 'utf8').catch(() => '');
  const value = /^XDG_DOWNLOAD_DIR="(.+)"$/m.exec(text)?.[1];
  return value?.replace(/^\$HOME(?=\/|$)/, home);
}

/** A file that is being written beside the name that it gets when it is whole. */
export interface NewFile {
  readonly partial: FileHandle;
  readonly partialName: string;
  readonly name: string;
}

const notWritable = (folder: string, cause: unknown): AppError =>
  new AppError('forbidden', `Nothing can be written into ${folder}.`, {
    hint: 'Look at its permissions.',
    cause,
  });

/** File systems take names of 255 bytes, and more is added to this one. */
const LONGEST_NAME = 180;

/** Under a name that nothing has yet: "name.tar.gz", "name (2).tar.gz", … Throws AppError where none can be written. */
export async function newFile(folder: string, wanted: string, ending: string): Promise<NewFile> {
  const plain = wanted.replace(/[^\p{L}\p{N} ._()-]+/gu, '_').replace(/^\.+/, '_');
  // The last character may have been cut in two.
  const safe = Buffer.from(plain)
    .subarray(0, LONGEST_NAME)
    .toString()
    .replace(/\ufffd$/, '');
  for (let n = 1; ; n++) {
    const name = join(folder, `${safe}${n === 1 ? '' : ` (${n})`}${ending}`);
    if (await stat(name).catch(() => undefined)) continue;
    const partialName = `${name}.part`;
    try {
      return { partial: await open(partialName, 'wx', 0o600), partialName, name };
    } catch (error) {
      // Another download is on its way to that name.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw diskFull(error) ?? notWritable(folder, error);
    }
  }
}
