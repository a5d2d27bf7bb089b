import { spawn } from 'node:child_process';
import { AppError } from '../../../preload/contract/errors.ts';

/** An interactive `ssh` in this terminal, to its end. Rejects with AppError where there is no such program. */
export function runShell([program = 'ssh', ...args]: readonly string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', windowsHide: true });
    child.once('error', (cause) => {
      const hint = 'Install OpenSSH.';
      reject(new AppError('unsupported', `${program} cannot be run on this computer.`, { hint, cause }));
    });
    child.once('exit', () => resolve());
  });
}
