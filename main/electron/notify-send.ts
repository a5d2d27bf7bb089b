import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { EventEmitter } from 'node:events';
import type { NotificationConstructorOptions } from 'electron';
import { noticeTexts } from '../../preload/contract/texts/index.ts';

const PROGRAM = 'notify-send';
/** What it prints for a click on the notification itself. */
const CLICK = 'default';

/**
 * A notification with buttons on Linux, where Electron shows none (electron/electron#24333): the program that comes with
 * libnotify shows it, stays as long as it can be seen, and prints what was pressed.
 */
export class ButtonNotification extends EventEmitter {
  readonly #options: NotificationConstructorOptions;
  #child: ChildProcess | undefined;
  #isClosed = false;

  constructor(options: NotificationConstructorOptions) {
    super();
    this.#options = options;
  }

  show(): void {
    const child = spawn(PROGRAM, notifySendArgs(this.#options), { stdio: ['ignore', 'pipe', 'pipe'] });
    this.#child = child;
    let printed = '';
    let complaint = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      printed += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      complaint += text;
    });
    child.on('error', (error) => this.#fail(error.message));
    child.on('close', (code) => {
      if (code) this.#fail(complaint.trim());
      else this.#acted(printed.trim());
    });
  }

  /** It takes it away when it is interrupted, and only then. */
  close(): void {
    this.#isClosed = true;
    this.#child?.kill('SIGINT');
  }

  #acted(what: string): void {
    if (this.#isClosed) return;
    if (what === CLICK) this.emit('click', {});
    else if (/^\d+$/.test(what)) this.emit('action', { actionIndex: Number(what) });
  }

  #fail(why: string): void {
    if (!this.#isClosed) this.emit('failed', {}, why);
  }
}

export function notifySendArgs(options: NotificationConstructorOptions): string[] {
  const { title = '', body = '', silent, urgency = 'normal', actions = [] } = options;
  return [
    '--app-name=ClearML Session Tray',
    // By this, the desktop finds the icon.
    '--hint=string:desktop-entry:clearml-session-tray',
    ...(silent ? ['--hint=boolean:suppress-sound:true'] : []),
    `--urgency=${urgency}`,
    `--action=${CLICK}=${noticeTexts.show}`,
    ...actions.map(({ text = '' }, index) => `--action=${index}=${text}`),
    '--',
    title,
    // It reads escapes as C does.
    body.replaceAll('\\', '\\\\'),
  ];
}

/** Whether this desktop has one that shows buttons: libnotify 0.8 or later. */
export function showsButtons(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile(PROGRAM, ['--help'], { timeout: 2000 }, (error, stdout) => {
      resolve(error === null && stdout.includes('--action'));
    });
  });
}
