import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import { AppError } from '../../preload/contract/errors.ts';
import type { StartAtLogin } from '../core/ports.ts';
import { replaceFile } from '../core/replace-file.ts';

/** Begins the app in the tray; a window at every login would be in the way. */
const ARGS = ['--hidden'];

interface Parts {
  readonly app: Pick<App, 'isPackaged' | 'getLoginItemSettings' | 'setLoginItemSettings'>;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly execPath: string;
}

/** Undefined where it cannot be done: a checkout is started by hand, and Electron alone would come up without the app. */
export function startAtLogin({ app, platform, env, home, execPath }: Parts): StartAtLogin | undefined {
  if (!app.isPackaged) return undefined;
  if (platform === 'darwin') return macLogin(app);
  // What runs of a portable app is unpacked elsewhere each time.
  if (platform === 'win32') return windowsLogin(app, env.PORTABLE_EXECUTABLE_FILE ?? execPath);
  // Electron leaves Linux to the autostart folder of the desktops; an AppImage is mounted elsewhere each time.
  return autostart(
    join(configHome(env, home), 'autostart', 'clearml-session-tray.desktop'),
    env.APPIMAGE ?? execPath,
  );
}

function macLogin(app: Parts['app']): StartAtLogin {
  return {
    get: () => app.getLoginItemSettings().openAtLogin,
    set(on) {
      app.setLoginItemSettings({ openAtLogin: on });
      if (on && app.getLoginItemSettings().status === 'requires-approval') {
        throw new AppError('unsupported', 'macOS does not let the app start at login yet.', {
          hint: 'Allow it in System Settings > General > Login Items.',
        });
      }
    },
  };
}

function windowsLogin(app: Parts['app'], path: string): StartAtLogin {
  return {
    get() {
      const { openAtLogin, executableWillLaunchAtLogin } = app.getLoginItemSettings({ path, args: ARGS });
      // The task manager switches it off and leaves it in its list.
      return openAtLogin && executableWillLaunchAtLogin;
    },
    set: (on) => app.setLoginItemSettings({ openAtLogin: on, path, args: ARGS }),
  };
}

const configHome = (env: NodeJS.ProcessEnv, home: string): string =>
  env.XDG_CONFIG_HOME || join(home, '.config');

function autostart(file: string, program: string): StartAtLogin {
  const read = (): string => {
    try {
      return readFileSync(file, 'utf8');
    } catch {
      return '';
    }
  };
  const write = (): void => {
    mkdirSync(dirname(file), { recursive: true });
    replaceFile(file, desktopEntry(program), 0o644);
  };
  return {
    get() {
      const entry = read();
      if (!startsAnything(entry)) return false;
      // A newer AppImage has another name: the desktop would look for the old one.
      const started = programOf(entry);
      if (started !== undefined && !existsSync(started)) tolerate(write);
      return true;
    },
    set(on) {
      try {
        if (on) write();
        else rmSync(file, { force: true });
      } catch (cause) {
        throw new AppError('unsupported', `${file} cannot be written.`, {
          hint: 'Check its permissions, or add the app to the start-up programs of your desktop.',
          cause,
        });
      }
    },
  };
}

/**
 * A program in the Exec line of a desktop entry. In quotes, the characters `"`, `` ` ``, `$` and `\` are escaped, and the
 * whole once more as a value; `%` is a field code.
 */
export function execWord(program: string): string {
  const escaped = program
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%');
  return `"${escaped}"`;
}

export function desktopEntry(program: string): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=ClearML Session Tray',
    `Exec=${execWord(program)} ${ARGS.join(' ')}`,
    'Icon=clearml-session-tray',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** Desktops switch an entry off by a key of theirs, and leave the file. */
function startsAnything(entry: string): boolean {
  return (
    /^Exec *=/m.test(entry) &&
    !/^Hidden *= *true *$/m.test(entry) &&
    !/^X-GNOME-Autostart-enabled *= *false *$/m.test(entry)
  );
}

/** What an entry that we have written starts; undefined of one that somebody has changed. */
function programOf(entry: string): string | undefined {
  const quoted = /^Exec="(.*)" --hidden$/m.exec(entry)?.[1];
  return quoted
    ?.replaceAll('%%', '%')
    .replaceAll('\\\\', '\\')
    .replace(/\\(["`$\\])/g, '$1');
}

function tolerate(work: () => void): void {
  try {
    work();
  } catch {
    // It stays as it was; the switch in the settings says why it cannot be written.
  }
}
