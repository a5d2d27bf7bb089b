import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** Of the app's own environment only what programs need to run; credentials stay where they are. */
const KEPT = [
  'PATH',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TZ',
  'TMPDIR',
  'TEMP',
  'TMP',
  'SystemRoot',
  'ComSpec',
  'PATHEXT',
];

/** The private home folder of one session. */
export interface Home {
  readonly path: string;
  readonly env: NodeJS.ProcessEnv;
  readonly shell: string;
  /** Lines of `~/.ssh/authorized_keys` at this moment. */
  authorizedKeys(): string[];
}

/** Makes the folder; the caller removes it. */
export function createHome(path: string, hostname: string): Home {
  mkdirSync(join(path, '.ssh'), { recursive: true, mode: 0o700 });
  const shell = loginShell();
  const env: NodeJS.ProcessEnv = {
    HOME: path,
    USERPROFILE: path,
    SHELL: shell,
    USER: userInfo().username,
    LOGNAME: userInfo().username,
  };
  for (const name of KEPT) if (process.env[name] !== undefined) env[name] = process.env[name];
  // What programs leave there goes with the session.
  env['TMPDIR'] = join(path, '.tmp');
  mkdirSync(env['TMPDIR'], { recursive: true, mode: 0o700 });
  // The relay sleeps and wakes with the app here: after a crash of it nobody will come back for it.
  env['CLEARML_SESSION_TRAY_GRACE_S'] = '60';
  writeFileSync(join(path, '.bashrc'), `PS1='root@${hostname}:\\w# '\n`);
  writeFileSync(
    join(path, 'README.txt'),
    'This folder is the home of a demo session. It lives on your own computer and goes away with the session.\n',
  );
  return {
    path,
    env,
    shell,
    authorizedKeys: () => {
      try {
        return readFileSync(join(path, '.ssh', 'authorized_keys'), 'utf8').split(/\r?\n/);
      } catch {
        return [];
      }
    },
  };
}

function loginShell(): string {
  if (process.platform === 'win32') return process.env['ComSpec'] ?? 'cmd.exe';
  return userInfo().shell ?? process.env['SHELL'] ?? '/bin/sh';
}
