import { spawn } from 'node:child_process';
import { accessSync, constants, existsSync, lstatSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AppError } from '../../../preload/contract/errors.ts';
import type { Shell } from '../ports.ts';
import { type EditorQuestion, findEditors, planEditor } from './editors.ts';
import { canOpenTerminal, planTerminal, SCRIPT, type TerminalQuestion } from './terminals.ts';

/** Opens the terminals of this computer. `custom`: the person's own command line, as it is in Settings at that moment. */
export function systemShell(platform: NodeJS.Platform, env: NodeJS.ProcessEnv, custom: () => string): Shell {
  // A program that is installed later is found by the next start of the app.
  const found = new Map<string, boolean>();
  const question = (): TerminalQuestion => ({
    platform,
    display: Boolean(env.DISPLAY || env.WAYLAND_DISPLAY),
    custom: custom(),
    has: (program) => {
      const known = found.get(program) ?? findProgram(program, platform, env) !== undefined;
      found.set(program, known);
      return known;
    },
  });
  const editorQuestion: EditorQuestion = {
    platform,
    env,
    find: (name) => findProgram(name, platform, env),
    exists: existsSync,
  };
  return {
    get available() {
      return canOpenTerminal(question());
    },
    async openTerminal(argv, title) {
      const { program, args, verbatim = false, script } = planTerminal(question(), argv, title);
      const file = script === undefined ? SCRIPT : writeScript(script);
      const words = args.map((word) => (word === SCRIPT ? file : word));
      await start(program, words, verbatim, env);
    },
    editors: findEditors(editorQuestion),
    async openEditor(id, remote) {
      const plan = planEditor(id, remote, editorQuestion);
      if (!plan) throw new AppError('unsupported', 'That editor is no longer installed.');
      await start(plan.program, plan.args, false, env);
    },
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
      if (windows) lstatSync(file);
      else accessSync(file, constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** It deletes itself when it runs. */
function writeScript(content: string): string {
  const file = join(mkdtempSync(join(tmpdir(), 'clearml-session-')), 'ssh.command');
  writeFileSync(file, content, { mode: 0o700 });
  return file;
}

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
          hint: 'Name another program in Settings, or copy the SSH command and run it yourself.',
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
