import { execFileSync } from 'node:child_process';
import { win32 } from 'node:path';

/**
 * The command that leaves a folder, and what is made in it, to this account, the system and administrators: the ssh of
 * Windows refuses keys and files that others may write. Undefined where the folder of the account sees to that already.
 */
export function aclCommand(
  folder: string,
  env: NodeJS.ProcessEnv,
): readonly [string, ...string[]] | undefined {
  const { USERPROFILE: profile, USERNAME: name, USERDOMAIN: domain } = env;
  if (!name || (profile && isWithin(folder, profile))) return undefined;
  // The last two by their SIDs: their names are translated.
  const grants = [domain ? `${domain}\\${name}` : name, '*S-1-5-18', '*S-1-5-32-544'];
  return ['icacls', folder, '/inheritance:r', '/grant:r', ...grants.map((who) => `${who}:(OI)(CI)F`)];
}

/** Throws where the system refuses. */
export function protectOnWindows(folder: string): void {
  const [program, ...args] = (process.platform === 'win32' && aclCommand(folder, process.env)) || [];
  if (program) execFileSync(program, args, { windowsHide: true, stdio: 'ignore' });
}

function isWithin(folder: string, other: string): boolean {
  const relative = win32.relative(other, folder);
  return !relative.startsWith('..') && !win32.isAbsolute(relative);
}
