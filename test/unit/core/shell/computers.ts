import type { Computer } from '../../../../main/core/shell/computer.ts';

/** A computer on which these files are, of which those in `/bin` and `C:\bin` are on the search path. */
export function computer(
  platform: NodeJS.Platform,
  files: readonly string[] = [],
  env: NodeJS.ProcessEnv = {},
): Computer {
  const folder = platform === 'win32' ? 'C:\\bin\\' : '/bin/';
  const end = platform === 'win32' ? '.exe' : '';
  const exists = (path: string): boolean => files.includes(path);
  return {
    platform,
    env,
    exists,
    find: (program) => [`${folder}${program}${end}`].find(exists),
  };
}
