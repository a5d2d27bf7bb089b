import type { Stats } from 'node:fs';
import { lstat, open, readdir, realpath, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';
import { type IgnoreRules, isIgnored, rulesBelow, rulesFor } from './ignore-rules.ts';

export interface PlannedFile {
  readonly path: string;
  /** Its name in the archive, with `/`. */
  readonly name: string;
  readonly size: number;
  readonly mtimeMs: number;
  readonly mode: number;
}

/** What is uploaded for a session, looked through before anything is created. */
export interface UploadPlan {
  /** A single file goes as it is; everything else as a zip archive. */
  readonly kind: 'file' | 'zip';
  /** Of the file on the server. */
  readonly fileName: string;
  readonly files: readonly PlannedFile[];
  /** Names of folders with nothing in them. */
  readonly emptyFolders: readonly string[];
  /** Before packing. */
  readonly bytes: number;
  /** Paths that cannot be uploaded: broken links, links that lead back up, sockets and devices. */
  readonly skipped: readonly string[];
}

export interface UploadWish {
  readonly paths: readonly string[];
  /** Leave out what .gitignore files name. */
  readonly gitignore: boolean;
  readonly home: string;
}

/** Looks through files and folders. Throws AppError at the field `uploadFiles` for what cannot be uploaded. */
export async function planUpload(wish: UploadWish): Promise<UploadPlan> {
  const found = new Found();
  const [first = '', ...others] = wish.paths.map((path) => absolute(path, wish.home));
  const top = await existing(first);
  if (others.length === 0 && top.isFile()) {
    await found.addFile(first, basename(first), top);
    return { ...found.plan(), kind: 'file', fileName: basename(first) };
  }
  const alone = others.length === 0;
  const names = new Set<string>();
  for (const path of [first, ...others]) {
    const info = path === first ? top : await existing(path);
    const name = alone ? '' : freeName(basename(path) || 'files', names);
    if (info.isDirectory()) {
      await found.addFolder(path, name, wish.gitignore ? await rulesFor(path) : undefined, []);
    } else if (info.isFile()) await found.addFile(path, name, info);
    else throw refused(`${path} is neither a file nor a folder.`);
  }
  const plan = found.plan();
  if (plan.files.length === 0) {
    const why = wish.gitignore ? 'no files, or only files that git ignores' : 'no files';
    throw refused(`${wish.paths.join(', ')} ${wish.paths.length === 1 ? 'holds' : 'hold'} ${why}.`);
  }
  const fileName = `${alone ? basename(first) || 'session-files' : 'session-files'}.zip`;
  return { ...plan, kind: 'zip', fileName };
}

class Found {
  readonly #files: PlannedFile[] = [];
  readonly #emptyFolders: string[] = [];
  readonly #skipped: string[] = [];

  plan() {
    const bytes = this.#files.reduce((sum, file) => sum + file.size, 0);
    return { files: this.#files, emptyFolders: this.#emptyFolders, bytes, skipped: this.#skipped };
  }

  async addFile(path: string, name: string, { size, mtimeMs, mode }: Stats): Promise<void> {
    await mustBeReadable(path);
    this.#files.push({ path, name, size, mtimeMs, mode });
  }

  /** `within`: the real paths of the folders that it is in. */
  async addFolder(
    path: string,
    name: string,
    rules: IgnoreRules | undefined,
    within: readonly string[],
  ): Promise<void> {
    const real = await realpath(path);
    if (within.includes(real)) {
      this.#skipped.push(path);
      return;
    }
    const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => {
      throw unreadable(path, error);
    });
    let isEmpty = true;
    for (const entry of entries.sort()) {
      const below = join(path, entry);
      const info = await stat(below).catch(() => undefined);
      if (rules && (entry === '.git' || isIgnored(rules, below, info?.isDirectory() ?? false))) continue;
      isEmpty = false;
      const belowName = joined(name, entry);
      if (info?.isDirectory()) {
        await this.addFolder(below, belowName, rules && (await rulesBelow(rules, below)), [...within, real]);
      } else if (info?.isFile()) await this.addFile(below, belowName, info);
      else if (info || (await lstat(below).catch(() => undefined))) this.#skipped.push(below);
    }
    if (isEmpty && name) this.#emptyFolders.push(name);
  }
}

/** A backslash in a name would part folders where the archive is unpacked. */
const joined = (folder: string, entry: string): string => {
  const name = entry.replaceAll('\\', '_');
  return folder ? `${folder}/${name}` : name;
};

/** Two folders of the same name lie beside each other. */
function freeName(name: string, taken: Set<string>): string {
  const plain = name.replaceAll('\\', '_');
  let free = plain;
  for (let n = 2; taken.has(free); n++) free = `${plain} (${n})`;
  taken.add(free);
  return free;
}

const absolute = (path: string, home: string): string =>
  /^~(?=$|[/\\])/.test(path) ? join(home, path.slice(1)) : resolve(path);

async function existing(path: string): Promise<Stats> {
  return stat(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw unreadable(path, error);
    throw refused(`There is no ${path} on this computer.`, error);
  });
}

/** By opening it: permission bits do not tell everything, above all not on Windows. */
async function mustBeReadable(path: string): Promise<void> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw unreadable(path, error);
  });
  await file.close();
}

const unreadable = (path: string, cause: unknown): AppError =>
  new AppError('invalid', `${path} cannot be read.`, {
    hint: 'Look at its permissions, or leave it out.',
    field: 'uploadFiles',
    cause,
  });

const refused = (message: string, cause?: unknown): AppError =>
  new AppError('invalid', message, { field: 'uploadFiles', cause });
