import { spawn } from 'node:child_process';
import type { EventName, Notice, Payload, Question, TrayModel, View } from '../../preload/contract/api.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import type { AllowedUrl, Host, Log } from '../core/ports.ts';
import { openUrlCommand } from '../core/shell/open-url.ts';
import type { Bridge } from './bridge.ts';

type Pages = Pick<Bridge, 'hasPages' | 'tell' | 'tellOne'>;

/**
 * Draws in a page what Electron gives to the system: tray, notices, questions.
 *
 * They are kept here too, so that a page that comes later (or again) is complete.
 */
export class BrowserHost implements Host {
  readonly kind = 'browser';
  readonly #bridge: () => Pages;
  readonly #link: () => Promise<AllowedUrl>;
  readonly #quit: () => void;
  readonly #log: Log;
  #tray: TrayModel | undefined;
  readonly #questions = new Map<string, Question>();
  /** What the page that is being opened is opened for. */
  #wanted: Payload<'view.shown'> | undefined;
  /** Told while there was no page, and still true. */
  readonly #unheard = new Map<string, Notice>();

  constructor(parts: {
    bridge: () => Pages;
    link: () => Promise<AllowedUrl>;
    quit: () => void;
    log: Log;
  }) {
    this.#bridge = parts.bridge;
    this.#link = parts.link;
    this.#quit = parts.quit;
    this.#log = parts.log;
  }

  greet(tell: (name: EventName, payload: unknown) => void): void {
    if (this.#wanted) tell('view.shown', this.#wanted);
    this.#wanted = undefined;
    if (this.#tray) tell('tray.drawn', this.#tray);
    for (const question of this.#questions.values()) tell('question.asked', question);
    for (const notice of this.#unheard.values()) tell('notice.shown', notice);
    this.#unheard.clear();
  }

  show(view: View, session?: SessionId): void {
    const wanted = session ? { view, session } : { view };
    if (this.#bridge().tellOne('view.shown', wanted)) return;
    this.#wanted = wanted;
    this.#link().then(
      (link) => openInBrowser(link, this.#log),
      (error: unknown) => this.#log.write('error', 'No link could be made', { error }),
    );
  }

  drawTray(model: TrayModel): void {
    this.#tray = model;
    this.#bridge().tell('tray.drawn', model);
  }

  notify(notice: Notice): void {
    this.#unheard.delete(notice.key);
    if (this.#bridge().hasPages) this.#bridge().tell('notice.shown', notice);
    else this.#unheard.set(notice.key, notice);
  }

  withdraw(key: string): void {
    this.#unheard.delete(key);
    this.#bridge().tell('notice.withdrawn', { key });
  }

  ask(question: Question): void {
    this.#questions.set(question.key, question);
    if (this.#bridge().hasPages) this.#bridge().tell('question.asked', question);
    // Who is to answer it has to see it: a command line that handed a link over waits for that.
    else this.show('sessions');
  }

  unask(key: string): void {
    this.#questions.delete(key);
    this.#bridge().tell('question.withdrawn', { key });
  }

  async openExternal(url: AllowedUrl): Promise<void> {
    if (!this.#bridge().tellOne('link.opened', { url })) openInBrowser(url, this.#log);
  }

  /** No event tells about sleep here; the core's own watch of the clock does. */
  onSleep(): () => void {
    return () => {};
  }

  /** Without a page there is no clipboard to be had. */
  async copyText(text: string, { isSecret } = { isSecret: false }): Promise<void> {
    if (!this.#bridge().tellOne('text.copied', { text, isSecret })) this.show('sessions');
  }

  quit(): void {
    this.#quit();
  }
}

export function openInBrowser(url: AllowedUrl, log: Log): void {
  const [program, ...args] = openUrlCommand(process.platform, url);
  const child = spawn(program, args, { stdio: 'ignore', detached: true });
  child.on('error', () => log.write('info', 'No browser could be opened from here'));
  child.unref();
}
