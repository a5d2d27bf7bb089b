import { randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, link, lstat, mkdir, open, readlink, realpath, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';
import type { ServerConfig } from './config.ts';
import { withTilde } from './with-tilde.ts';

/**
 * Writes the credentials as a clearml.conf, whole or not at all, readable by its owner only.
 *
 * A file that exists is a `conflict` unless `replace` is set; then it is first copied to
 * `clearml.conf.backup-<time>` beside it, whose path is the answer, and then replaced whole. Where `path` is a
 * symbolic link, what it points at is written and the link stays.
 */
export async function writeConfFile(
  path: string,
  config: ServerConfig,
  options: { readonly replace: boolean; readonly now: Date; readonly home?: string },
): Promise<{ readonly backup?: string }> {
  if (config.token) {
    throw new AppError('unsupported', 'A token expires; only a pair of keys can be written to clearml.conf.');
  }
  const shown = withTilde(path, options.home ?? homedir());
  const before = await kindOf(path);
  if (before === 'unreadable') throw new AppError('invalid', `${shown} cannot be read.`);
  if (before === 'folder') throw new AppError('invalid', `${shown} is a folder, not a file.`);
  if (before === 'file' && !options.replace) {
    throw new AppError('conflict', `${shown} exists already.`, {
      hint: 'Replacing it keeps a copy of the old file beside it.',
    });
  }
  try {
    const backup = before === 'file' ? await copyAside(path, options.now) : undefined;
    if (!(await writeWhole(await target(path), confText(config), before === 'file'))) {
      throw new AppError('conflict', `${shown} exists already.`);
    }
    return backup === undefined ? {} : { backup };
  } catch (error) {
    if (error instanceof AppError) throw error;
    throw new AppError('invalid', `${shown} cannot be written.`, {
      hint: 'Check the permissions of its folder and the space on the disk.',
      cause: error,
    });
  }
}

/** The text of a clearml.conf that the ClearML SDK and agent read as well. */
export function confText(config: ServerConfig): string {
  const { verify } = config;
  const lines = [
    '# Written by ClearML Session Tray.',
    'api {',
    `  api_server: ${JSON.stringify(config.api)}`,
    ...(config.web ? [`  web_server: ${JSON.stringify(config.web)}`] : []),
    ...(config.files ? [`  files_server: ${JSON.stringify(config.files)}`] : []),
    ...(verify === true
      ? []
      : [`  verify_certificate: ${verify === false ? 'false' : JSON.stringify(verify.ca)}`]),
    '  credentials {',
    `    access_key: ${JSON.stringify(config.accessKey)}`,
    `    secret_key: ${JSON.stringify(config.secretKey)}`,
    '  }',
    '}',
  ];
  return `${lines.join('\n')}\n`;
}

/** What is at `path`, behind links; a link to nothing is nothing, and one to itself is unreadable. */
export async function kindOf(path: string): Promise<'file' | 'folder' | 'nothing' | 'unreadable'> {
  try {
    return (await lstat(await realpath(path))).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'nothing' : 'unreadable';
  }
}

/** Where a symbolic link leads, also when there is nothing yet. */
async function target(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch {
    const to = await readlink(path).catch(() => undefined);
    return to === undefined ? path : resolve(dirname(path), to);
  }
}

async function copyAside(path: string, now: Date): Promise<string> {
  const stamp = now
    .toISOString()
    .replace(/[-:]|\..*$/g, '')
    .replace('T', '-');
  for (let n = 1; ; n++) {
    const backup = `${path}.backup-${stamp}${n === 1 ? '' : `-${n}`}`;
    try {
      await copyFile(path, backup, constants.COPYFILE_EXCL);
      await chmod(backup, 0o600);
      return backup;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** False where a file that must not be replaced appeared in the meantime. */
async function writeWhole(path: string, text: string, replace: boolean): Promise<boolean> {
  const folder = dirname(path);
  await mkdir(folder, { recursive: true });
  const temp = join(folder, `.${basename(path)}.${randomUUID()}`);
  try {
    const file = await open(temp, 'wx', 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    // Unlike rename, link refuses it.
    if (replace) await rename(temp, path);
    else await link(temp, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    await rm(temp, { force: true });
  }
}
