import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { App } from 'electron';
import { SCHEME } from '../core/deep-links.ts';
import type { Log } from '../core/ports.ts';
import { replaceFile } from '../core/replace-file.ts';
import { execWord } from './start-at-login.ts';

/** Apart from the entry of an installed package, which it would hide. */
const ENTRY = 'clearml-session-tray-links.desktop';

/** Has the system open this app for links of its scheme. */
export interface LinkScheme {
  /** Whether the person has a say: what a package of the system has installed, it takes away itself. */
  readonly canChoose: boolean;
  /** Does nothing where it is so already. */
  set(on: boolean): void;
}

interface Parts {
  readonly app: Pick<
    App,
    'isPackaged' | 'isDefaultProtocolClient' | 'setAsDefaultProtocolClient' | 'removeAsDefaultProtocolClient'
  >;
  readonly platform: NodeJS.Platform;
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  /** Runs a program of the desktop that may be missing. */
  readonly run: (program: string, args: readonly string[]) => void;
  readonly log: Log;
}

/** Undefined for a checkout: the system would start Electron without the app. */
export function linkScheme(parts: Parts): LinkScheme | undefined {
  const { app, platform, env } = parts;
  if (!app.isPackaged) return undefined;
  if (platform === 'linux' && env.APPIMAGE) return ofAppImage(env.APPIMAGE, parts);
  // Its desktop entry says so. To say it again would leave a line in the person's own settings when the package is gone,
  // and Electron waits for xdg-settings to write it.
  if (platform === 'linux') return { canChoose: false, set: () => {} };
  // A portable app runs from a folder that is gone when it ends.
  const program = env.PORTABLE_EXECUTABLE_FILE;
  return {
    canChoose: true,
    set(on) {
      if (app.isDefaultProtocolClient(SCHEME, program) === on) return;
      if (on) app.setAsDefaultProtocolClient(SCHEME, program);
      else app.removeAsDefaultProtocolClient(SCHEME, program);
    },
  };
}

/** Nothing installs an AppImage: it makes itself known. */
function ofAppImage(program: string, { env, home, run, log }: Parts): LinkScheme {
  const file = join(env.XDG_DATA_HOME || join(home, '.local', 'share'), 'applications', ENTRY);
  const set = (on: boolean): void => {
    const text = on ? linksEntry(program) : undefined;
    if (textOf(file) === text) return;
    if (text === undefined) rmSync(file);
    else {
      mkdirSync(dirname(file), { recursive: true });
      replaceFile(file, text, 0o644);
    }
    run('update-desktop-database', [dirname(file)]);
    if (on) run('xdg-mime', ['default', ENTRY, `x-scheme-handler/${SCHEME}`]);
  };
  return {
    canChoose: true,
    set(on) {
      try {
        set(on);
      } catch (error) {
        log.write('warn', 'The desktop could not be told of the links of this app', { file, error });
      }
    },
  };
}

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

/** A desktop passes the entry over once the program is gone, and shows it in no menu. */
export const linksEntry = (program: string): string =>
  [
    '[Desktop Entry]',
    'Type=Application',
    'Name=ClearML Session Tray',
    `TryExec=${program.replaceAll('\\', '\\\\')}`,
    `Exec=${execWord(program)} %u`,
    'Icon=clearml-session-tray',
    'Terminal=false',
    'NoDisplay=true',
    `MimeType=x-scheme-handler/${SCHEME};`,
    '',
  ].join('\n');
