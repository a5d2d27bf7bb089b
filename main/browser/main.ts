import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Options } from '../cli/args.mjs';
import { createApp } from '../core/app.ts';
import { systemClock } from '../core/clock.ts';
import { dataDir } from '../core/data-dir.ts';
import { FileLog } from '../core/log.ts';
import { MemorySecrets } from '../core/memory-secrets.ts';
import { systemShell } from '../core/shell/system-shell.ts';
import { Bridge } from './bridge.ts';
import { BrowserHost, openInBrowser } from './host.ts';
import { announceInstance, runningInstance } from './instance.ts';
import { confSettings } from './settings.ts';

declare const __VERSION__: string;

const STOP_WITHIN_MS = 5000;

/** Runs the app for a browser on this computer. Resolves once its link is printed; the process then lives on. */
export async function startBrowser(options: Options): Promise<void> {
  const folder = resolve(options.userDataDir ?? dataDir(process.platform, process.env, homedir()));
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
  } catch {
    process.stderr.write(
      `${folder} cannot be used for the settings. Name another folder: --user-data-dir DIR\n`,
    );
    process.exit(1);
  }
  const running = await runningInstance(folder);
  if (running) {
    process.stdout.write(`ClearML Session Tray is running already: ${running.link}\n`);
    return;
  }
  const log = new FileLog({ file: join(folder, 'logs', 'app.log') });
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
    secrets: new MemorySecrets('the memory of this app, until it quits'),
    settings,
    clock: systemClock,
    shell: systemShell(process.platform, process.env, () => settings.get('preferences').terminal),
    log,
    env: process.env,
    home: homedir(),
    userDataDir: folder,
    version: __VERSION__,
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
    process.stderr.write(`${portSentence(options.port ?? 0, error)}\n`);
    process.exit(1);
  }
  const forget = announceInstance(folder, link());
  let stopping = false;
  async function stop(code: number): Promise<void> {
    if (stopping) process.exit(code);
    stopping = true;
    setTimeout(() => process.exit(code), STOP_WITHIN_MS).unref();
    forget();
    await app.stop();
    await bridge.stop();
    process.exit(code);
  }
  process.on('SIGINT', () => void stop(0));
  process.on('SIGTERM', () => void stop(0));
  process.on('SIGHUP', () => void stop(0));
  for (const kind of ['uncaughtException', 'unhandledRejection'] as const) {
    process.on(kind, (error: unknown) => {
      log.write('error', 'The app ended because of a bug', { error });
      process.stderr.write('ClearML Session Tray ended because of a bug. The log has the details.\n');
      void stop(1);
    });
  }
  process.stdout.write(`ClearML Session Tray: ${link()}\n`);
  await app.start();
  if (options.open && !options.hidden) openInBrowser(await app.hideInLink(link()), log);
}

/** Why the page cannot be served at that port, and what to do. */
export function portSentence(port: number, error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program. Choose another one, or none: --port 0.`;
  if (code === 'EACCES')
    return `Port ${port} may not be used by you. Choose one above 1023, or none: --port 0.`;
  return `The page cannot be served at port ${port}: ${message}`;
}
