import { accessSync, closeSync, constants, openSync, readSync } from 'node:fs';
import { homedir } from 'node:os';
import { isAbsolute, resolve } from 'node:path';
import type { Options } from '../cli/args.mjs';
import { dataDir } from '../core/data-dir.ts';

/** The files that a command line names. */
export interface Files {
  /** An absolute path. A relative one is meant from `folder`, or from where the person stands; ~ is the home folder. */
  absolute(path: string, folder?: string): string;
  /** Throws as Node does where it is not there or may not be read. */
  check(path: string): void;
  /** The first `most` bytes of it. Throws as Node does. */
  read(path: string, most: number): Uint8Array;
}

export function systemFiles(folder: string, home: string): Files {
  return {
    absolute: (path, from = folder) => absolutePath(path.replace(/^~(?=$|[/\\])/, home), from),
    check: (path) => accessSync(path, constants.R_OK),
    // Not readFileSync: it may be a pipe, as in --init-script <(command), or endless.
    read(path, most) {
      const file = openSync(path, 'r');
      try {
        const bytes = Buffer.alloc(most);
        let length = 0;
        for (let n = -1; n !== 0 && length < most; length += n) {
          n = readSync(file, bytes, length, most - length, null);
        }
        return bytes.subarray(0, length);
      } finally {
        closeSync(file);
      }
    },
  };
}

/** One that is absolute stays as it was written. */
const absolutePath = (path: string, folder: string): string =>
  isAbsolute(path) ? path : resolve(folder, path);

/**
 * Where the person stands. npm runs the scripts of a package in its folder, and says in INIT_CWD where it was called;
 * in the scripts of other packages that is not what a relative path means.
 */
export function standing(env: NodeJS.ProcessEnv, folder: string): string {
  const isOurScript = env.npm_package_name === 'clearml-session-tray' && env.npm_lifecycle_event;
  return (isOurScript && env.INIT_CWD) || folder;
}

/** The data folder of the app. */
export const appFolderOf = ({ userDataDir }: Pick<Options, 'userDataDir'>): string =>
  resolve(userDataDir ?? dataDir(process.platform, process.env, homedir()));
