import { type StdioOptions, spawn } from 'node:child_process';
import { setTimeout as pause } from 'node:timers/promises';
import { AppError } from '../../../preload/contract/errors.ts';

/** A session that has just been connected may still be putting the app's key into its authorized_keys. */
const KEY_TRIES = 8;
const KEY_PAUSE_MS = 250;

/** An interactive `ssh` in this terminal, to its end. Rejects with AppError where there is no such program. */
export async function runShell([program = 'ssh', ...args]: readonly string[]): Promise<void> {
  for (let n = 0; n < KEY_TRIES; n++) {
    if ((await run(program, ['-o', 'BatchMode=yes', ...args, 'true'], 'ignore')) === 0) break;
    await pause(KEY_PAUSE_MS);
  }
  await run(program, args, 'inherit');
}

function run(program: string, args: readonly string[], stdio: StdioOptions): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio, windowsHide: true });
    child.once('error', (cause) => {
      const hint = 'Install OpenSSH.';
      reject(new AppError('unsupported', `${program} cannot be run on this computer.`, { hint, cause }));
    });
    child.once('exit', resolve);
  });
}
