import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';
import { claimFolder, type Instance } from '../../core/instance.ts';
import { FileLog } from '../../core/log.ts';

/** More at a time than anybody has sessions. */
const MOST = 100;

const nameOf = (n: number): string => (n === 1 ? 'headless' : `headless-${n}`);

export const isHeadlessFolder = (name: string): boolean => /^headless(-\d+)?$/.test(name);

/** A data folder for one headless run. */
export interface HeadlessFolder {
  readonly folder: string;
  readonly log: FileLog;
  readonly instance: Instance;
}

/**
 * Takes the first data folder below the app's own that no other headless run has: `headless`, `headless-2`, …
 *
 * The app itself may run beside it: settings and keys have one writer each.
 */
export async function takeFolder(appFolder: string): Promise<HeadlessFolder> {
  for (let n = 1; n <= MOST; n++) {
    const folder = join(appFolder, nameOf(n));
    makeFolder(folder);
    const log = new FileLog({ file: join(folder, 'logs', 'app.log') });
    const claim = await claimFolder(folder, { host: 'headless', show: false, log }).catch(nobodyAnswers);
    if (claim && 'ours' in claim) return { folder, log, instance: claim.ours };
  }
  throw new AppError('conflict', `${MOST} headless sessions run already.`);
}

/** Somebody has it who was stopped, by Ctrl-Z for instance. */
function nobodyAnswers(error: unknown): undefined {
  if (!(error instanceof AppError && error.code === 'timeout')) throw error;
}

function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new AppError('invalid', `${folder} cannot be made.`, {
      hint: 'Name another folder: --user-data-dir DIR',
      cause: error,
    });
  }
}
