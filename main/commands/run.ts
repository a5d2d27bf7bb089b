import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { BUG, toProblem } from '../../preload/contract/errors.ts';
import type { Options } from '../cli/args.mjs';
import { dataDir } from '../core/data-dir.ts';
import { FileLog } from '../core/log.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { runHeadless } from './headless/headless.ts';
import { lastWanted, readSaved } from './remembered.ts';
import type { Request } from './request.ts';
import { runStandalone } from './standalone.ts';
import { systemTerminal, type Terminal } from './terminal.ts';

/** Where and how the app starts. */
export type HostOptions = Pick<Options, 'demo' | 'port' | 'open' | 'hidden' | 'userDataDir' | 'host'>;

/** Does what a command line asks for. Answers the exit code, or undefined while the app runs in this process. */
export async function runRequest(request: Request, options: Options): Promise<ExitCode | undefined> {
  const appFolder = resolve(options.userDataDir ?? dataDir(process.platform, process.env, homedir()));
  const isHeadless = (request.do === 'launch' || request.do === 'attach') && request.headless;
  if (request.do === 'start' || ((request.do === 'launch' || request.do === 'attach') && !isHeadless)) {
    const { startBrowser } = await import('../browser/main.ts');
    await startBrowser(options);
    return undefined;
  }
  const terminal = systemTerminal();
  try {
    return await inTerminal(request, options, appFolder, terminal);
  } catch (error) {
    return failed(error, terminal);
  } finally {
    terminal.close();
  }
}

async function inTerminal(
  request: Exclude<Request, { readonly do: 'start' }>,
  options: Options,
  appFolder: string,
  terminal: Terminal,
): Promise<ExitCode> {
  if (request.do === 'launch' || request.do === 'attach') {
    if (request.shell && !terminal.canType) return refuse(terminal, '--shell needs a terminal.');
    return untilSignal((stop) => runHeadless({ request, terminal, appFolder, demo: options.demo, stop }));
  }
  if (options.demo) {
    return refuse(
      terminal,
      `${request.do} asks your ClearML server; the demo lives only while the app runs.`,
    );
  }
  const lastUsed = (api: string): string | undefined => {
    const log = new FileLog({});
    return lastWanted(readSaved(appFolder, log).servers[api]);
  };
  return runStandalone(request, { terminal, lastUsed });
}

function refuse(terminal: Terminal, sentence: string): ExitCode {
  terminal.complain(sentence);
  return EXIT.wrongUse;
}

/** The first signal asks for a clean end, the second one ends. */
async function untilSignal(run: (stop: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  const stop = new AbortController();
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
  const hear = (signal: NodeJS.Signals): void => {
    if (stop.signal.aborted) process.exit(EXIT.interrupted);
    stop.abort(signal);
  };
  for (const signal of signals) process.on(signal, hear);
  try {
    return await run(stop.signal);
  } finally {
    for (const signal of signals) process.off(signal, hear);
  }
}

/** Says what failed. What an option was to blame for is wrong use. */
function failed(error: unknown, terminal: Terminal): ExitCode {
  const problem = toProblem(error);
  if (problem === BUG)
    terminal.complain(error instanceof Error ? (error.stack ?? error.message) : String(error));
  terminal.complain(problem.hint ? `${problem.message} ${problem.hint}` : problem.message);
  if (problem.code === 'cancelled') return EXIT.failed;
  return problem.field === undefined ? EXIT.failed : EXIT.wrongUse;
}
