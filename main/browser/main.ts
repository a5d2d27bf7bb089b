import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { toProblem } from '../../preload/contract/errors.ts';
import { stateTexts } from '../../preload/contract/texts/index.ts';
import type { Options } from '../cli/args.mjs';
import { createApp } from '../core/app.ts';
import { systemClock } from '../core/clock.ts';
import { dataDir } from '../core/data-dir.ts';
import { letGoOfTerminal, onEndSignals } from '../core/end-signals.ts';
import type { HandOver } from '../core/hand-over.ts';
import { claimFolder, type Done, type Running } from '../core/instance.ts';
import { FileLog } from '../core/log.ts';
import { startFolder } from '../core/project-file.ts';
import { SECRET_FILE, UnkeyedSecrets } from '../core/secret-file.ts';
import { systemShell } from '../core/shell/system-shell.ts';
import { Bridge } from './bridge.ts';
import { BrowserHost, openInBrowser } from './host.ts';
import { confSettings } from './settings.ts';

declare const __VERSION__: string;

const STOP_WITHIN_MS = 5000;
/** After these, a person may want to look at the page of the app that runs. */
const NEEDS_PAGE: readonly HandOver['do'][] = ['launch', 'attach'];
const SAY_WAITING_MS = 2000;
const WAITS_FOR: { readonly [D in HandOver['do']]?: string } = {
  connect: 'Waiting until the session is connected.',
  open: 'Waiting until the session is connected.',
  follow: 'The app asks before it follows a link: answer there.',
};

/**
 * Runs the app for a browser on this computer; where it runs already, that one does what is handed over.
 *
 * Resolves with the exit code where nothing is left to do, else with nothing once the link is printed: the process then
 * lives on.
 */
export async function startBrowser(options: Options, handOver?: HandOver): Promise<number | undefined> {
  const folder = resolve(options.userDataDir ?? dataDir(process.platform, process.env, homedir()));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch {
    giveUp(`${folder} cannot be used for the settings. Name another folder: --user-data-dir DIR`);
  }
  const log = new FileLog({ file: join(folder, 'logs', 'app.log') });
  const opens = options.open && !options.hidden;
  const mine = { host: 'browser', show: opens, handOver, log } as const;
  const claim = await saidWhatFor(handOver, claimFolder(folder, mine)).catch((error: unknown) => {
    const { message, hint = '' } = toProblem(error);
    log.write('error', 'The data folder cannot be taken', { error });
    giveUp(`${message} ${hint}`);
  });
  if ('running' in claim) {
    if (!handOver || NEEDS_PAGE.includes(handOver.do)) {
      process.stdout.write(`${runningSentence(claim.running, opens && !handOver)}\n`);
    }
    return claim.done ? say(claim.done) : 0;
  }
  const { ours } = claim;
  const secret = randomBytes(32).toString('base64url');
  log.hide(secret);

  const settings = confSettings(folder, log);
  const host = new BrowserHost({
    bridge: () => bridge,
    link: () => app.hideInLink(link()),
    quit: () => void stop(0),
    log: log.scope('host'),
  });
  const app = createApp({
    host,
    secrets: new UnkeyedSecrets({
      file: join(folder, SECRET_FILE),
      why: stateTexts.secrets.page,
      log: log.scope('secrets'),
    }),
    settings,
    clock: systemClock,
    shell: systemShell(process.platform, process.env, () => settings.get('preferences').terminal),
    log,
    env: process.env,
    home: homedir(),
    userDataDir: folder,
    version: __VERSION__,
    tunnelThread: resolve(import.meta.dirname, 'tunnels.cjs'),
    projectDir: startFolder(process.env, process.cwd(), resolve(import.meta.dirname, '../..')),
    demo: options.demo,
  });
  const bridge = new Bridge({
    port: options.port ?? 0,
    pages: resolve(import.meta.dirname, '../renderer'),
    secret,
    call: app.call,
    greet: (tell) => host.greet(tell),
    log: log.scope('bridge'),
  });
  const link = (): string => `${bridge.origin}/#${secret}`;
  app.onEvent((name, payload) => bridge.tell(name, payload));

  try {
    await bridge.listen();
  } catch (error) {
    ours.release();
    giveUp(portSentence(options.port ?? 0, error));
  }
  ours.serve({ link: link(), show: () => host.show('sessions'), take: app.take });
  let stopping = false;
  async function stop(code: number): Promise<void> {
    if (stopping) process.exit(code);
    stopping = true;
    setTimeout(() => process.exit(code), STOP_WITHIN_MS).unref();
    ours.leave();
    await app.stop();
    await bridge.stop();
    ours.release();
    process.exit(code);
  }
  onEndSignals({
    first: (signal) => {
      if (signal === 'SIGHUP') letGoOfTerminal();
      void stop(0);
    },
    again: () => process.exit(0),
  });
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (error: unknown) => {
      log.write('error', 'The app ended because of a bug', { error });
      process.stderr.write('ClearML Session Tray ended because of a bug. The log has the details.\n');
      void stop(1);
    });
  }
  process.stdout.write(`ClearML Session Tray: ${link()}\n`);
  // What is handed over opens it where it belongs.
  if (opens && !handOver) openInBrowser(await app.hideInLink(link()), log);
  await app.start();
  if (handOver && say(await saidWhatFor(handOver, app.take(handOver))) !== 0 && opens) host.show('sessions');
  return undefined;
}

/** Tells a person who waits longer for what. */
function saidWhatFor<T>(handOver: HandOver | undefined, done: Promise<T>): Promise<T> {
  const what = handOver && WAITS_FOR[handOver.do];
  if (!what) return done;
  const waiting = setTimeout(() => process.stderr.write(`${what}\n`), SAY_WAITING_MS);
  return done.finally(() => clearTimeout(waiting));
}

/** Tells what became of what was handed over; answers the exit code. */
function say({ ok, says }: Done): number {
  (ok ? process.stdout : process.stderr).write(`${says}\n`);
  return ok ? 0 : 1;
}

/** Ends a start that cannot go on. */
function giveUp(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

/** What a start says where the app runs already, and was asked to show itself or not. */
function runningSentence({ host, link }: Running, shown: boolean): string {
  if (host === 'browser') return `ClearML Session Tray is running already: ${link}`;
  return `ClearML Session Tray is running already, in Electron${shown ? '; its window was opened' : ''}.`;
}

/** Why the page cannot be served at that port, and what to do. */
function portSentence(port: number, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Choose another one, or none: --port 0.`;
  if (code === 'EACCES')
    return `Port ${port} may not be used by you. Choose one above 1023, or none: --port 0.`;
  return `The page cannot be served at port ${port}: ${message}`;
}
