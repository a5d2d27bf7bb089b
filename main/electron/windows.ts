import type {
  BrowserWindow,
  BrowserWindowConstructorOptions,
  Size,
  WebContents,
  WebPreferences,
} from 'electron';
import type { View } from '../../preload/contract/api.ts';
import type { KeyedAction } from '../../preload/contract/keys.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { menuTexts } from '../../preload/contract/texts/index.ts';
import type { Log, Settings } from '../core/ports.ts';
import type { DockIcon } from './dock-icon.ts';
import { viewUrl } from './scheme.ts';

const MAIN = { width: 960, height: 680, minWidth: 360, minHeight: 420 };
const WIZARD = { width: 520, height: 720, minWidth: 360, minHeight: 420 };

/** `--bg` of renderer/styles/tokens.css, so that nothing flashes before the first paint. */
const BACKGROUND = { light: '#f4f4f6', dark: '#17171a' };

/** The defaults of Electron, spelt out: a page is a page and no more. */
const PAGE: WebPreferences = {
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInSubFrames: false,
  nodeIntegrationInWorker: false,
  sandbox: true,
  webSecurity: true,
  webviewTag: false,
  navigateOnDragDrop: false,
  // Would fetch dictionaries from a server of Google's.
  spellcheck: false,
};

interface Parts {
  readonly create: (options: BrowserWindowConstructorOptions) => BrowserWindow;
  readonly preload: string;
  readonly platform: NodeJS.Platform;
  readonly developer: boolean;
  readonly settings: Settings;
  readonly isDark: () => boolean;
  /** What the screen has room for. */
  readonly room: () => Size;
  /** Called the first time that the person closes the window where no tray brings it back. */
  readonly closedWithoutTray: () => void;
  readonly dock: Pick<DockIcon, 'show' | 'hide'> | undefined;
  /** The person logs out, or Windows shuts down: it waits for nobody for long, and tells only windows. */
  readonly sessionEnds: () => void;
  readonly log: Log;
}

/** The main window, which hides instead of closing, and the wizard's. */
export class Windows {
  readonly #parts: Parts;
  #main: BrowserWindow | undefined;
  #wizard: BrowserWindow | undefined;
  /**
   * Those that were shown and not hidden since. Not asked of the windows: on macOS one that another app covers, or that
   * rests in the Dock, says that it was hidden.
   */
  readonly #shown = new Set<BrowserWindow>();
  #leaving = false;
  /** Whether a hidden window can be brought back from the tray. */
  hasTray = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  show(view: View, session?: SessionId): void {
    if (view === 'launch') {
      if (this.#wizard) this.#reveal(this.#wizard);
      else this.#wizard = this.#openWizard();
    } else if (this.#main) {
      this.#main.webContents.send('event', 'view.shown', session ? { view, session } : { view });
      this.#reveal(this.#main);
    } else {
      this.#main = this.#openMain(view, session);
    }
  }

  /** Has the main window do something, as its own keys would. */
  act(id: KeyedAction): void {
    if (this.#main) this.#reveal(this.#main);
    const window = this.#main ?? this.#openMain('sessions');
    const ask = (): void => window.webContents.send('event', 'action.wanted', { id });
    if (this.#main) ask();
    // A page hears nothing before that.
    else window.webContents.once('did-finish-load', ask);
    this.#main = window;
  }

  /** The main window, in front of the person: what a question is attached to. */
  async front(): Promise<BrowserWindow> {
    if (this.#main) {
      this.#reveal(this.#main);
      return this.#main;
    }
    const opened = this.#openMain('sessions');
    this.#main = opened;
    return new Promise((resolve) => opened.once('show', () => resolve(opened)));
  }

  /** The window that a launch is written in. */
  async launching(): Promise<BrowserWindow> {
    return this.#wizard ?? this.front();
  }

  /** Answers whether anybody heard it. */
  tell(name: string, payload: unknown): boolean {
    const open = this.#open();
    for (const window of open) window.webContents.send('event', name, payload);
    return open.length > 0;
  }

  isOurs(sender: WebContents): boolean {
    return this.#open().some((window) => window.webContents === sender);
  }

  themeChanged(): void {
    for (const window of this.#open()) window.setBackgroundColor(this.#background());
  }

  /** From here on, closing closes. */
  leave(): void {
    this.#leaving = true;
    for (const window of this.#open()) this.#hide(window);
  }

  #open(): BrowserWindow[] {
    return [this.#main, this.#wizard].filter((window) => window !== undefined);
  }

  #openMain(view: View, session?: SessionId): BrowserWindow {
    const { settings, room, closedWithoutTray } = this.#parts;
    const sayOnce = once(closedWithoutTray);
    const size = settings.get('window') ?? MAIN;
    const window = this.#create({
      ...MAIN,
      width: Math.min(size.width, room().width),
      height: Math.min(size.height, room().height),
    });
    window.on('close', (event) => {
      const { width, height } = window.getNormalBounds();
      settings.set('window', { width, height });
      if (this.#leaving) return;
      event.preventDefault();
      if (this.hasTray) {
        this.#hide(window);
        return;
      }
      window.minimize();
      sayOnce();
    });
    window.on('closed', () => {
      this.#main = undefined;
      this.#gone(window);
    });
    void window.loadURL(viewUrl(view, session));
    return window;
  }

  #openWizard(): BrowserWindow {
    const window = this.#create({
      ...WIZARD,
      title: menuTexts.wizard,
      minimizable: false,
      maximizable: false,
    });
    window.on('closed', () => {
      this.#wizard = undefined;
      this.#gone(window);
    });
    void window.loadURL(viewUrl('launch'));
    return window;
  }

  #create(options: BrowserWindowConstructorOptions): BrowserWindow {
    const { create, preload, platform, developer, sessionEnds, log } = this.#parts;
    const window = create({
      ...options,
      show: false,
      // A hidden full-screen window leaves a black screen behind on macOS.
      fullscreenable: false,
      autoHideMenuBar: true,
      backgroundColor: this.#background(),
      webPreferences: { ...PAGE, preload, devTools: developer },
    });
    const first = once(() => {
      if (!window.isDestroyed()) this.#reveal(window);
    });
    window.once('ready-to-show', first);
    // Under Wayland a hidden window never becomes ready to show (electron/electron#48859).
    if (platform === 'linux') window.webContents.once('did-finish-load', first);
    if (platform === 'win32') window.on('session-end', sessionEnds);
    window.webContents.on('did-fail-load', (_event, code, reason) => {
      log.write('error', 'A page could not be loaded', { code, reason });
    });
    window.webContents.on('preload-error', (_event, _path, error) => {
      log.write('error', 'The preload script failed', { error });
    });
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      log.write('error', 'A page ended by itself', { reason });
      // The next time it is asked for, it is opened afresh.
      window.destroy();
    });
    return window;
  }

  #reveal(window: BrowserWindow): void {
    // First: of an app that is in front already, macOS takes the focus for a moment.
    this.#parts.dock?.show();
    this.#shown.add(window);
    if (window.isMinimized()) window.restore();
    window.show();
    window.focus();
  }

  #hide(window: BrowserWindow): void {
    window.hide();
    this.#gone(window);
  }

  #gone(window: BrowserWindow): void {
    this.#shown.delete(window);
    if (this.#shown.size === 0) this.#parts.dock?.hide();
  }

  #background(): string {
    return BACKGROUND[this.#parts.isDark() ? 'dark' : 'light'];
  }
}

function once(run: () => void): () => void {
  let done = false;
  return () => {
    if (done) return;
    done = true;
    run();
  };
}
