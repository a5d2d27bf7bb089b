import { homedir } from 'node:os';
import { toProblem } from '../../preload/contract/errors.ts';
import type { Options } from '../cli/args.mjs';
import { standing, systemFiles } from './files.ts';
import { type CommandLine, parseCommandLine } from './parse.ts';
import type { Request } from './request.ts';
import { readStateFile } from './state-file.ts';

declare const __VERSION__: string;

export { handOverOf } from './hand-over.ts';
export { isForHost as needsHost } from './request.ts';

/** Reads a command line of this process, without the program and the script. */
export function readCommandLine(argv: readonly string[], { lenient = false } = {}): CommandLine {
  const files = systemFiles(standing(process.env, process.cwd()), homedir());
  const line = parseCommandLine(argv, { files, version: __VERSION__, lenient });
  return line.is === 'request' ? withUsableStateFile(line) : line;
}

function withUsableStateFile(line: Extract<CommandLine, { is: 'request' }>): CommandLine {
  try {
    if ('configFile' in line.request && line.request.configFile) readStateFile(line.request.configFile);
    return line;
  } catch (error) {
    return { is: 'wrong', message: toProblem(error).message };
  }
}

/** Does it; the exit code, or undefined while the app runs in this process. */
export async function runRequest(request: Request, options: Options): Promise<number | undefined> {
  // Only now: a mistake is told without loading the app.
  return (await import('./run.ts')).runRequest(request, options);
}
