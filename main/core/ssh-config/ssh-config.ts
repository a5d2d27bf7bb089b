import { isUtf8 } from 'node:buffer';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  statSync,
} from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';
import type { SshConfigPreview } from '../../../preload/contract/state.ts';
import type { Log } from '../ports.ts';
import { replaceFile } from '../replace-file.ts';
import { type OwnHosts, readOwnHosts } from './own-hosts.ts';
import {
  BYTE_ORDER_MARK,
  hostsText,
  includeLines,
  includes,
  type SshFiles,
  type SshHost,
  withInclude,
  withoutInclude,
} from './text.ts';
import { protectOnWindows } from './windows-acl.ts';

interface Parts {
  /** That of the account, which ssh alone goes by. */
  readonly home: string;
  /** The file of ours. Absolute. */
  readonly file: string;
  readonly files: SshFiles;
  readonly log: Log;
}

/**
 * Makes `ssh <alias>` work in every program: a file of ours with a block for each session, and one `Include` line in
 * the person's own ~/.ssh/config, which is written only when they say so.
 */
export class SshConfig {
  readonly #parts: Parts;
  readonly #own: string;
  #written: string | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.#own = join(parts.home, '.ssh', 'config');
  }

  /** Whether the person's file includes ours. */
  get isIncluded(): boolean {
    const { file, home } = this.#parts;
    return includes(this.#read() ?? '', file, home);
  }

  /** What the person's own files say about hosts. */
  get ownHosts(): OwnHosts {
    return readOwnHosts(this.#parts.home, this.#parts.file);
  }

  /** What `include` would add, and to which file. */
  preview(): SshConfigPreview {
    const { file, home } = this.#parts;
    return {
      file: '~/.ssh/config',
      exists: this.#read() !== undefined,
      included: this.isIncluded,
      lines: includeLines(file, home),
    };
  }

  include(): void {
    const { file, home } = this.#parts;
    if (/[%*?[\]"$]/.test(file)) {
      throw new AppError('unsupported', `ssh cannot include ${file}: its path has special characters.`, {
        hint: 'Start the app with another folder: --user-data-dir DIR.',
      });
    }
    if (this.#read()?.startsWith(BYTE_ORDER_MARK) && process.platform !== 'win32') {
      throw new AppError(
        'unsupported',
        '~/.ssh/config begins with a byte order mark, which ssh cannot read.',
        {
          hint: 'Save it as UTF-8 without one, and try again.',
        },
      );
    }
    this.#protect(dirname(file));
    const byHand = 'put the lines at its top yourself.';
    this.#change(byHand, (config, as) => withInclude(config, as(file), as(home)));
  }

  exclude(): void {
    const { file, home } = this.#parts;
    if (this.#read() === undefined) return;
    const byHand = `take this line out yourself: ${includeLines(file, home)[1]}`;
    this.#change(byHand, (config, as) => withoutInclude(config, as(file), as(home)));
  }

  /** Writes the file of ours, if anything in it is new. */
  update(hosts: readonly SshHost[]): void {
    const { file, files, home, log } = this.#parts;
    const text = hostsText(hosts, files, home);
    if (text === this.#written) return;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      replaceFile(file, text, 0o600);
      this.#written = text;
    } catch (error) {
      log.write('warn', 'The names of sessions for ssh cannot be written', { file, error });
    }
  }

  /** Undefined where there is none. */
  #read(): string | undefined {
    return this.#bytes()?.toString('utf8');
  }

  #bytes(): Buffer | undefined {
    try {
      return readFileSync(this.#own);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
      throw new AppError('unsupported', `~/.ssh/config cannot be read${reasonOf(error)}.`, {
        hint: 'Check what it is and its permissions, and try again.',
        cause: error,
      });
    }
  }

  #protect(folder: string): void {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      protectOnWindows(folder);
    } catch (error) {
      this.#parts.log.write('warn', 'ssh may refuse the files in a folder that others can write', {
        folder,
        error,
      });
    }
  }

  /**
   * `as` writes a text as it stands in the file: of one that is no UTF-8, every byte has to come back. `byHand`: what
   * else the person can do.
   */
  #change(byHand: string, change: (config: string, as: (text: string) => string) => string): void {
    const before = this.#bytes();
    const encoding = before && !isUtf8(before) ? 'latin1' : 'utf8';
    const as = (text: string): string => Buffer.from(text, 'utf8').toString(encoding);
    const after = Buffer.from(change(before?.toString(encoding) ?? '', as), encoding);
    if (before?.equals(after)) return;
    try {
      const file = behindLinks(this.#own);
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      const mode = before === undefined ? 0o600 : statSync(file).mode & 0o777;
      if (before !== undefined && (mode & 0o200) === 0) throw Object.assign(new Error(), { code: READ_ONLY });
      replaceFile(file, after, mode);
    } catch (error) {
      throw new AppError('unsupported', `~/.ssh/config cannot be changed${reasonOf(error)}.`, {
        hint: `Mend that and try again, or ${byHand}`,
        cause: error,
      });
    }
  }
}

/** People keep the file in a repository of dotfiles, behind a link, where it need not be yet. */
function behindLinks(file: string): string {
  if (existsSync(file)) return realpathSync(file);
  const link = lstatSync(file, { throwIfNoEntry: false })?.isSymbolicLink();
  return link ? resolve(dirname(file), readlinkSync(file)) : file;
}

/** Of a file that only a replacement could change: whoever has taken the right to write away wants it as it is. */
const READ_ONLY = 'READ_ONLY';

const REASONS: Readonly<Record<string, string>> = {
  [READ_ONLY]: 'it is marked as read-only',
  EACCES: 'you may not write it or its folder',
  EPERM: 'the system does not permit it',
  EROFS: 'its file system is read-only',
  ENOSPC: 'the disk is full',
  EDQUOT: 'your disk quota is used up',
  EISDIR: 'it is a folder',
  ELOOP: 'it is a link that leads nowhere',
};

function reasonOf(error: unknown): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  const reason = REASONS[code] ?? message;
  return reason ? `: ${reason}` : '';
}
