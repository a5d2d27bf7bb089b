import type { ActivationArguments, Notification, NotificationConstructorOptions } from 'electron';
import type { Command, Notice } from '../../preload/contract/api.ts';
import { noticeTexts } from '../../preload/contract/texts/index.ts';
import type { Log } from '../core/ports.ts';
import { asMarkup } from './notification-daemon.ts';

const t = noticeTexts.inAppOnly;

/** Said in the app, the first time that the system shows nothing. */
const WHY_HERE: { readonly [P in NodeJS.Platform]?: string } = {
  darwin: t.macOS,
  win32: t.windows,
};

/** What is used of a notification. */
interface Shown {
  show(): void;
  close(): void;
  on(event: 'click', hear: () => void): unknown;
  on(event: 'action', hear: (details: { readonly actionIndex: number }) => void): unknown;
  on(event: 'failed', hear: (event: unknown, error: string) => void): unknown;
}
type Kind = new (options: NotificationConstructorOptions) => Shown;

interface Parts {
  readonly kind: typeof Notification;
  readonly platform: NodeJS.Platform;
  readonly run: (command: Command) => void;
  /** The windows of the app; `show` answers whether there is one. */
  readonly inApp: { show(notice: Notice): boolean; withdraw(key: string): void };
  readonly log: Log;
}

/**
 * Shows notices as notifications of the system, or in the app's windows where the system shows none.
 *
 * Each is held until it is replaced or withdrawn: one that nobody holds is collected and loses its clicks, and one
 * that has moved to the notification centre can still be clicked or taken back.
 */
export class Notifications {
  readonly #parts: Parts;
  readonly #shown = new Map<string, { readonly notification: Shown; readonly hasActions: boolean }>();
  #toldWhy = false;
  /** Whether this system takes the text for markup. */
  takesMarkup = false;
  /** Shows those with buttons where Electron cannot. */
  buttons: Kind | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  show(notice: Notice): void {
    this.withdraw(notice.key);
    const { buttons } = this;
    if (buttons && notice.actions.length > 0)
      this.#showBy(buttons, notice, () => this.#showByElectron(notice));
    else this.#showByElectron(notice);
  }

  #showByElectron(notice: Notice): void {
    const { kind } = this.#parts;
    if (kind.isSupported()) this.#showBy(kind, notice, () => this.#showInApp(notice));
    else this.#showInApp(notice);
  }

  #showBy(kind: Kind, notice: Notice, otherwise: () => void): void {
    const { run, log } = this.#parts;
    const id = idOf(notice.key);
    const notification = new kind({
      id,
      title: notice.title,
      body: this.takesMarkup ? asMarkup(notice.body) : notice.body,
      silent: notice.silent ?? false,
      // The default on Linux is "low", which some desktops do not show at all; "critical" ones break through when the
      // person has asked the system for quiet.
      urgency: 'normal',
      actions: notice.actions.map(({ label }) => ({ type: 'button', text: label })),
    });
    notification.on('click', () => run(clickOf(id)));
    notification.on('action', ({ actionIndex }) => {
      const action = notice.actions[actionIndex];
      if (action) run(action.command);
    });
    notification.on('failed', (_event, error) => {
      log.write('warn', 'The system did not show a notification', { error });
      if (this.#shown.get(id)?.notification === notification) otherwise();
    });
    this.#shown.set(id, { notification, hasActions: notice.actions.length > 0 });
    notification.show();
  }

  withdraw(key: string): void {
    this.#close(idOf(key));
    this.#parts.inApp.withdraw(key);
  }

  /** Makes those work that an earlier run has left behind. */
  async adopt(): Promise<void> {
    const { kind, platform, run } = this.#parts;
    if (platform === 'win32') {
      kind.handleActivation((details) => {
        const id = activatedId(details);
        // Those of this run hear of it themselves.
        const isOurs = id === undefined ? this.#shown.size > 0 : this.#shown.has(id);
        if (!isOurs) run(clickOf(id));
      });
    }
    if (platform !== 'darwin') return;
    for (const notification of await kind.getHistory()) {
      if (this.#shown.has(notification.id)) continue;
      notification.on('click', () => run(clickOf(notification.id)));
      this.#shown.set(notification.id, { notification, hasActions: false });
    }
  }

  /** The app ends: what is left may be read and clicked, but not offer what only the app can do. */
  leave(): void {
    for (const [id, { hasActions }] of this.#shown) if (hasActions) this.#close(id);
  }

  #close(id: string): void {
    this.#shown.get(id)?.notification.close();
    this.#shown.delete(id);
  }

  #showInApp(notice: Notice): void {
    const { inApp, platform } = this.#parts;
    if (!inApp.show(notice) || this.#toldWhy) return;
    this.#toldWhy = true;
    inApp.show({
      key: 'no-notifications',
      tone: 'info',
      title: t.title,
      body: WHY_HERE[platform] ?? t.linux,
      actions: [],
    });
  }
}

/** By which the system knows a notice, beyond the end of the app: Windows takes letters and digits only. */
const idOf = (key: string): string => key.replace(/[^0-9a-z]/gi, '');

/** What a click on a notice does, whichever run of the app has shown it. */
function clickOf(id = ''): Command {
  const [, session] = /^[a-z]+?([0-9a-f]{32})$/.exec(id) ?? [];
  return session === undefined ? { do: 'showWindow' } : { do: 'showSession', id: session };
}

/** The notice that was clicked on Windows, as far as `type=click&tag=TAG` tells: the tag may be a hash of its id. */
function activatedId({ arguments: said }: Pick<ActivationArguments, 'arguments'>): string | undefined {
  const tag = new URLSearchParams(said).get('tag') ?? '';
  return /^[a-z]/.test(tag) ? tag : undefined;
}

/** What macOS says of the click that has started the app. */
export function startingClick(launchInfo: unknown): Command | undefined {
  const { identifier } = (launchInfo ?? {}) as { readonly identifier?: unknown };
  return typeof identifier === 'string' ? clickOf(identifier) : undefined;
}
