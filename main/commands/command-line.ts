import { homedir } from 'node:os';
import { toProblem } from '../../preload/contract/errors.ts';
import type { Options } from '../cli/args.mjs';
import { appFolderOf, standing, systemFiles } from './files.ts';
import { type CommandLine, parseCommandLine } from './parse.ts';
import { presetOptionsOf } from './preset.ts';
import type { Request } from './request.ts';
import { readStateFile } from './state-file.ts';
import { WrongUse } from './wrong-use.ts';

declare const __VERSION__: string;

export { handOverOf } from './hand-over.ts';
export { isForHost as needsHost } from './request.ts';

/** Reads a command line of this process, without the program and the script. */
export function readCommandLine(argv: readonly string[], { lenient = false } = {}): CommandLine {
  const files = systemFiles(standing(process.env, process.cwd()), homedir());
  const line = parseCommandLine(argv, { files, version: __VERSION__, lenient });
  return line.is === 'request' ? withItsFiles(line) : line;
}

/** With the options of the preset that it names; the state file that it names can be used. */
function withItsFiles(line: Extract<CommandLine, { is: 'request' }>): CommandLine {
  const { request, options } = line;
  try {
    if ('configFile' in request && request.configFile) readStateFile(request.configFile);
    if (request.do !== 'launch' || request.preset === undefined) return line;
    const { preset, ...launch } = request;
    const below = presetOptionsOf(preset, {
      appFolder: appFolderOf(options),
      folder: standing(process.env, process.cwd()),
      home: homedir(),
    });
    return { ...line, request: { ...launch, options: { ...below, ...request.options } } };
  } catch (error) {
    const message = error instanceof WrongUse ? error.message : toProblem(error).message;
    return { is: 'wrong', message };
  }
}

/** Does it; the exit code, or undefined while the app runs in this process. */
export async function runRequest(request: Request, options: Options): Promise<number | undefined> {
  // Only now: a mistake is told without loading the app.
  return (await import('./run.ts')).runRequest(request, options);
}
