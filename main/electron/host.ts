import type { Clipboard, Dialog, PowerMonitor, Shell } from 'electron';
import type { Notice, Question, TrayModel, View } from '../../preload/contract/api.ts';
import { AppError } from '../../preload/contract/errors.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { menuTexts } from '../../preload/contract/texts/index.ts';
import type { AllowedUrl, Host, StartAtLogin } from '../core/ports.ts';
import type { Notifications } from './notifications.ts';
import { batteryOf, watchPower } from './power.ts';
import type { SecretClipboard } from './secret-clipboard.ts';
import type { TrayIcon } from './tray.ts';
import type { Windows } from './windows.ts';

interface Parts {
  readonly windows: Pick<Windows, 'show' | 'front' | 'launching'>;
  readonly notifications: Pick<Notifications, 'show' | 'withdraw'>;
  readonly dialog: Pick<Dialog, 'showMessageBox' | 'showOpenDialog'>;
  readonly shell: Pick<Shell, 'openExternal'>;
  readonly clipboard: Pick<Clipboard, 'writeText'>;
  readonly secrets: Pick<SecretClipboard, 'copy'>;
  readonly powerMonitor: Pick<PowerMonitor, 'on' | 'off' | 'isOnBatteryPower'>;
  readonly startAtLogin: StartAtLogin | undefined;
  readonly choosesLinks: boolean;
  readonly answer: (key: string, yes: boolean) => void;
  readonly quit: () => void;
}

/** Gives the core what this desktop has. */
export class ElectronHost implements Host {
  readonly kind = 'electron';
  readonly #parts: Parts;
  readonly #questions = new Map<string, AbortController>();
  #tray: TrayIcon | undefined;
  #model: TrayModel | undefined;

  readonly startAtLogin: StartAtLogin | undefined;
  readonly onBattery: (() => boolean) | undefined;
  readonly choosesLinks: boolean;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.startAtLogin = parts.startAtLogin;
    this.choosesLinks = parts.choosesLinks;
    this.onBattery = batteryOf(parts.powerMonitor, process.platform);
  }

  show(view: View, session?: SessionId): void {
    this.#parts.windows.show(view, session);
  }

  drawTray(model: TrayModel): void {
    this.#model = model;
    this.#tray?.draw(model);
  }

  /** The tray may come later than the first model. */
  useTray(tray: TrayIcon): void {
    this.#tray = tray;
    if (this.#model) tray.draw(this.#model);
  }

  notify(notice: Notice): void {
    this.#parts.notifications.show(notice);
  }

  withdraw(key: string): void {
    this.#parts.notifications.withdraw(key);
  }

  ask(question: Question): void {
    const closing = new AbortController();
    this.#questions.set(question.key, closing);
    void this.#putQuestion(question, closing.signal).then((yes) => this.#parts.answer(question.key, yes));
  }

  unask(key: string): void {
    this.#questions.get(key)?.abort();
    this.#questions.delete(key);
  }

  /** Always attached to a window: without one, macOS holds up the whole app until it is answered. */
  async #putQuestion(question: Question, signal: AbortSignal): Promise<boolean> {
    const { windows, dialog } = this.#parts;
    const { response } = await dialog.showMessageBox(await windows.front(), {
      type: question.adds ? 'question' : 'warning',
      message: question.title,
      detail: [question.detail, ...(question.text ? [question.text] : [])].join('\n\n'),
      buttons: [question.yes, menuTexts.cancel],
      defaultId: 1,
      cancelId: 1,
      noLink: true,
      signal,
    });
    return response === 0;
  }

  async openExternal(url: AllowedUrl): Promise<void> {
    await this.#parts.shell.openExternal(url).catch((cause: unknown) => {
      throw new AppError('unsupported', 'The system could not open a browser.', { cause });
    });
  }

  async pickFiles(what: 'files' | 'folders'): Promise<readonly string[]> {
    const { windows, dialog } = this.#parts;
    // One dialog for both exists on macOS only.
    const kind = what === 'files' ? 'openFile' : 'openDirectory';
    const { filePaths } = await dialog.showOpenDialog(await windows.launching(), {
      properties: [kind, 'multiSelections', 'showHiddenFiles'],
    });
    return filePaths;
  }

  onSleep(asleep: () => void, awake: () => void): () => void {
    return watchPower(this.#parts.powerMonitor, asleep, awake);
  }

  copyText(text: string, { isSecret } = { isSecret: false }): Promise<void> {
    const { clipboard, secrets } = this.#parts;
    return isSecret ? secrets.copy(text) : clipboard.writeText(text);
  }

  quit(): void {
    this.#parts.quit();
  }
}
