import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import { AppError } from '../../preload/contract/errors.ts';
import type { StartAtLogin } from '../core/ports.ts';

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
  if (platform === 'darwin' || platform === 'win32') {
    return {
      get: () => app.getLoginItemSettings({ args: ARGS }).openAtLogin,
      set: (on) => app.setLoginItemSettings({ openAtLogin: on, args: ARGS }),
    };
  }
  // Electron leaves Linux to the autostart folder of the desktops; an AppImage is mounted elsewhere each time.
  return autostart(
    join(configHome(env, home), 'autostart', 'clearml-session-tray.desktop'),
    env.APPIMAGE ?? execPath,
  );
}

const configHome = (env: NodeJS.ProcessEnv, home: string): string =>
  env.XDG_CONFIG_HOME || join(home, '.config');

function autostart(file: string, program: string): StartAtLogin {
  return {
    get() {
      try {
        return !/^Hidden=true$/m.test(readFileSync(file, 'utf8'));
      } catch {
        return false;
      }
    },
    set(on) {
      try {
        mkdirSync(dirname(file), { recursive: true });
        if (on) writeFileSync(file, desktopEntry(program));
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

/** In quotes, the characters `"`, `` ` ``, `$` and `\` are escaped, and the whole once more as a value; `%` is a field code. */
export const execWord = (program: string): string =>
  `"${program
    .replace(/["`$\\]/g, '\\$&')
    .replaceAll('\\', '\\\\')
    .replaceAll('%', '%%')}"`;

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
