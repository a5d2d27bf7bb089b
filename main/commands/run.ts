import { BUG, toProblem } from '../../preload/contract/errors.ts';
import type { Options } from '../cli/args.mjs';
import { type EndSignal, letGoOfTerminal, onEndSignals } from '../core/end-signals.ts';
import { FileLog } from '../core/log.ts';
import { askApp } from './ask-app.ts';
import { bugDetails } from './bug.ts';
import { runExec } from './exec/exec.ts';
import { LocalTerminal, printAsItIs } from './exec/local-terminal.ts';
import { EXIT, type ExitCode } from './exit.ts';
import { appFolderOf } from './files.ts';
import { handOverOf } from './hand-over.ts';
import { runHeadless } from './headless/headless.ts';
import { appChoices, fileChoices } from './remembered.ts';
import { isForHost, type Request } from './request.ts';
import { runStandalone } from './standalone.ts';
import { systemTerminal, type Terminal } from './terminal.ts';

/** Does what a command line asks for. Answers the exit code, or undefined while the app runs in this process. */
export async function runRequest(request: Request, options: Options): Promise<number | undefined> {
  // On Linux and macOS this takes the place of the command line, which other users can read, for as long as this runs.
  if ('options' in request && request.options.password) process.title = 'clearml-session-tray';
  if (isForHost(request)) {
    const { startBrowser } = await import('../browser/main.ts');
    return startBrowser(options, handOverOf(request, options.open && !options.hidden));
  }
  const terminal = systemTerminal();
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (error: unknown) => process.exit(failed(error, terminal)));
  }
  if (request.do === 'exec') return exec(request, options, terminal);
  try {
    return await inTerminal(request, options, terminal);
  } catch (error) {
    return failed(error, terminal);
  } finally {
    terminal.close();
  }
}

async function inTerminal(
  request: Exclude<Request, { readonly do: 'start' | 'connect' | 'open' | 'follow' | 'exec' }>,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const appFolder = appFolderOf(options);
  const log = new FileLog({});
  const ofApp = appChoices(appFolder, log);
  if (request.do === 'launch' || request.do === 'attach') {
    if (request.shell && !terminal.canType) return refuse(terminal, '--shell needs a terminal.');
    const { configFile, disableStoreDefaults } = request;
    const remembering = configFile ? fileChoices(configFile, ofApp, log) : ofApp;
    const choices = disableStoreDefaults ? { ...remembering, remember: async () => {} } : remembering;
    return untilSignal((stop) =>
      runHeadless({ request, terminal, appFolder, demo: options.demo, choices, stop }),
    );
  }
  if (options.demo) {
    return refuse(
      terminal,
      `${request.do} asks your ClearML server; the demo lives only while the app runs.`,
    );
  }
  if (request.do === 'reconnect' || request.do === 'disconnect') return inApp(request, appFolder, terminal);
  return runStandalone(request, { terminal, lastUsed: ofApp.lastUsed });
}

/** What only the app that runs can do. */
async function inApp(
  { do: what, session }: { readonly do: 'reconnect' | 'disconnect'; readonly session?: string },
  appFolder: string,
  terminal: Terminal,
): Promise<ExitCode> {
  const log = new FileLog({});
  const done = await askApp(appFolder, { do: what, ...(session === undefined ? {} : { session }) }, { log });
  if (done?.ok) {
    terminal.print(done.says);
    return EXIT.fine;
  }
  terminal.complain(done?.says ?? 'The app does not run, so that it has nothing connected.');
  return EXIT.failed;
}

async function exec(
  request: Extract<Request, { readonly do: 'exec' }>,
  options: Options,
  terminal: Terminal,
): Promise<number> {
  const { stdin, stdout, stderr } = process;
  const local = LocalTerminal.of({ stdin, outputs: [stdout, stderr], term: process.env.TERM, printAsItIs });
  if (request.tty && !local) terminal.complain('Nobody types here, so that the command gets no terminal.');
  const lent = request.tty ? local : undefined;
  const appFolder = appFolderOf(options);
  const log = new FileLog({});
  return runExec({
    request,
    appFolder,
    log,
    lastUsed: appChoices(appFolder, log).lastUsed,
    streams: { stdin: stdin.isTTY && !lent ? undefined : stdin, stdout, stderr },
    terminal: lent,
    say: (line) => {
      if (stderr.isTTY) terminal.complain(line);
    },
    complain: terminal.complain,
    onSignal(hear) {
      let first: EndSignal = 'SIGINT';
      onEndSignals({
        first: (signal) => {
          first = signal;
          hear(signal, false);
        },
        again: () => hear(first, true),
      });
    },
  });
}

function refuse(terminal: Terminal, sentence: string): ExitCode {
  terminal.complain(sentence);
  return EXIT.wrongUse;
}

/** The first signal asks for a clean end, the second one ends. */
async function untilSignal(run: (stop: AbortSignal) => Promise<ExitCode>): Promise<ExitCode> {
  const stop = new AbortController();
  const forget = onEndSignals({
    first: (signal) => stop.abort(signal),
    again: () => process.exit(EXIT.interrupted),
  });
  return run(stop.signal).finally(() => {
    forget();
    if (stop.signal.reason === 'SIGHUP') letGoOfTerminal();
  });
}

/** Says what failed. What an option was to blame for is wrong use. */
function failed(error: unknown, terminal: Terminal): ExitCode {
  const problem = toProblem(error);
  if (problem === BUG) {
    terminal.complain(`${problem.message} ${bugDetails(error)}`);
    return EXIT.failed;
  }
  terminal.complain(problem.hint ? `${problem.message} ${problem.hint}` : problem.message);
  if (problem.code === 'cancelled') return EXIT.failed;
  return problem.field === undefined ? EXIT.failed : EXIT.wrongUse;
}
