import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, lstatSync, mkdtempSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';
import type { Shell } from '../ports.ts';
import type { Computer } from './computer.ts';
import { findEditors, planEditor } from './editors.ts';
import { SCRIPT, type TerminalPlan } from './terminal.ts';
import { canOpenTerminal, findTerminals, planTerminal, type TerminalQuestion } from './terminals.ts';

/** The programs of this computer. `choice`: the terminal that the person has chosen, as it is at that moment. */
export function systemShell(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, choice: () => string): Shell {
  const computer = computerOf(platform, env);
  const display = Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
  const question = (): TerminalQuestion => ({ computer, display, choice: choice() });
  return {
    get available() {
      return canOpenTerminal(question());
    },
    terminals: findTerminals({ computer, display }),
    async openTerminal(argv, title) {
      const { program, args, verbatim = false, script, missing } = planTerminal(question(), argv, title);
      const file = script ? writeScript(script) : '';
      await start(
        program,
        args.map((word) => withScript(word, file)),
        verbatim,
        env,
      );
      return missing === undefined ? {} : { missing };
    },
    editors: findEditors(computer),
    async openEditor(id, remote) {
      const plan = planEditor(id, remote, computer);
      if (!plan) throw new AppError('unsupported', 'That editor is no longer installed.');
      await start(plan.program, plan.args, false, env);
    },
  };
}

/** A program that is installed later is found by the next start of the app. */
function computerOf(platform: NodeJS.Platform, env: NodeJS.ProcessEnv): Computer {
  const found = new Map<string, string | undefined>();
  return {
    platform,
    env,
    find(program) {
      if (!found.has(program)) found.set(program, findProgram(program, platform, env));
      return found.get(program);
    },
    exists: existsSync,
  };
}

/** Its path. */
function findProgram(name: string, platform: NodeJS.Platform, env: NodeJS.ProcessEnv): string | undefined {
  const windows = platform === 'win32';
  const folders = (env.PATH ?? env.Path ?? '').split(windows ? ';' : ':').filter(Boolean);
  const files = folders.map((folder) => join(folder, windows ? `${name}.exe` : name));
  return files.find((file) => {
    try {
      // Windows Terminal is an alias of the Store there, which exists but cannot be opened.
      if (windows) return !lstatSync(file).isDirectory();
      accessSync(file, constants.X_OK);
      return statSync(file).isFile();
    } catch {
      return false;
    }
  });
}

function writeScript({ name, text }: NonNullable<TerminalPlan['script']>): string {
  const file = join(mkdtempSync(join(tmpdir(), 'clearml-session-')), name);
  writeFileSync(file, text, { mode: 0o700 });
  return file;
}

/** As a part of an address its path is written as addresses are. */
const withScript = (word: string, file: string): string =>
  word === SCRIPT ? file : word.replace(SCRIPT, () => encodeURI(file));

function start(
  program: string,
  args: readonly string[],
  verbatim: boolean,
  env: NodeJS.ProcessEnv,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      env,
      // The terminal outlives this app.
      detached: true,
      stdio: 'ignore',
      windowsVerbatimArguments: verbatim,
    });
    child.once('error', (cause) =>
      reject(
        new AppError('unsupported', `${program} could not be started.`, {
          hint: 'Choose another one in Settings, or copy the SSH command and run it yourself.',
          cause,
        }),
      ),
    );
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}
