/**
 * A double for the module `electron`: what main/electron uses of it, checked against Electron's own types.
 *
 * Windows are real pages (page.mjs); everything else is remembered, so that a test can look at it and act on it.
 */
import { EventEmitter } from 'node:events';
import { existsSync, readFileSync, rmSync, statSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as daemon from './daemon.mjs';
import { openPage } from './page.mjs';
import { TrayItem } from './tray-item.mjs';

/** @typedef {import('electron').MenuItemConstructorOptions} Item */
/** @typedef {import('electron').BrowserWindowConstructorOptions} WindowOptions */

const root = process.env.DOUBLE_ROOT ?? process.cwd();

/** What the app did and could only be seen on a desktop. */
export const seen = {
  /** @type {BrowserWindow[]} */
  windows: [],
  /** @type {Tray[]} */
  trays: [],
  /** @type {Notification[]} */
  notifications: [],
  /** @type {{ parent: unknown, options: import('electron').MessageBoxOptions, press: (button: string) => void }[]} */
  boxes: [],
  /** @type {string[]} */
  opened: [],
  /** @type {string[]} */
  copied: [],
  /** @type {{ url: string, action: string }[]} */
  windowOpens: [],
  /** @type {Menu | null} */
  menu: null,
};

/** @param {object} [more] */
const preventable = (more) => ({
  ...more,
  defaultPrevented: false,
  preventDefault() {
    this.defaultPrevented = true;
  },
});

/** What Electron refuses after `ready`, and would not notice here.  @param {string} what */
function early(what) {
  if (app.isReady()) throw new Error(`${what} must be called before the app is ready`);
}

/** @param {string} what */
function late(what) {
  if (!app.isReady()) throw new Error(`${what} cannot be used before the app is ready`);
}

/** What Electron answers to whoever uses what is gone.  @param {{ isDestroyed(): boolean }} window */
function alive(window) {
  if (window.isDestroyed()) throw new TypeError('Object has been destroyed');
}

/** As Electron does, boot.mjs makes `process.exit` mean `app.exit`. */
const end = process.exit.bind(process);

const paths = { userData: '', sessionData: '' };
let ready = false;
let ownsLock = false;
let quitting = false;
/** @type {() => void} */
let becomeReady = () => {};
const whenReady = new Promise((/** @type {(value: void) => void} */ resolve) => {
  becomeReady = resolve;
});

/** Called once the first tick is over, as Electron does. */
export function emitReady() {
  ready = true;
  // As macOS tells of the notification whose click has started the app.
  app.emit('ready', preventable(), JSON.parse(process.env.DOUBLE_LAUNCH_INFO ?? '{}'));
  becomeReady();
}

/** @satisfies {Partial<import('electron').App>} */
const appParts = {
  name: 'ClearML Session Tray',
  isPackaged: Boolean(process.env.DOUBLE_PACKAGED),
  dock: undefined,
  enableSandbox: () => early('enableSandbox'),
  isReady: () => ready,
  whenReady: () => whenReady,
  getVersion: () => JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version,
  getPath: (name) => paths[/** @type {keyof typeof paths} */ (name)],
  setPath(name, path) {
    early('setPath');
    if (!statSync(path).isDirectory()) throw new Error(`No folder: ${path}`);
    paths[/** @type {keyof typeof paths} */ (name)] = path;
  },
  setAboutPanelOptions() {},
  requestSingleInstanceLock(data) {
    early('requestSingleInstanceLock');
    const lock = join(paths.userData, 'double.lock');
    if (existsSync(lock)) {
      writeFileSync(lock, JSON.stringify({ data, argv: process.argv }));
      return false;
    }
    writeFileSync(lock, '');
    ownsLock = true;
    watch(lock, () => {
      const sent = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
      if (!sent) return;
      const { data: other, argv } = JSON.parse(sent);
      app.emit('second-instance', preventable(), argv, '', other);
    }).unref();
    return true;
  },
  quit() {
    const before = preventable();
    app.emit('before-quit', before);
    if (before.defaultPrevented) return;
    quitting = true;
    for (const window of [...seen.windows]) window.close();
    quitting = seen.windows.length === 0;
    if (!quitting) return;
    app.emit('will-quit', preventable());
    app.exit(0);
  },
  exit(code = 0) {
    if (ownsLock) rmSync(join(paths.userData, 'double.lock'), { force: true });
    end(code);
  },
};
export const app = Object.assign(new EventEmitter(), appParts);

class WebContents extends EventEmitter {
  #window;
  /** @type {Parameters<import('electron').WebContents['setWindowOpenHandler']>[0]} */
  #openHandler = () => ({ action: 'allow' });

  /** @param {BrowserWindow} window */
  constructor(window) {
    super();
    this.#window = window;
    app.emit('web-contents-created', preventable(), this);
  }

  /** @type {import('electron').WebContents['setWindowOpenHandler']} */
  setWindowOpenHandler(handler) {
    this.#openHandler = handler;
  }

  /** @param {string} url */
  windowOpened(url) {
    const { action } = this.#openHandler(/** @type {import('electron').HandlerDetails} */ ({ url }));
    seen.windowOpens.push({ url, action });
  }

  /** @param {string} url */
  mayNavigate(url) {
    const event = preventable({ url });
    this.emit('will-navigate', event);
    return !event.defaultPrevented;
  }

  /** @type {import('electron').WebContents['send']} */
  send(channel, ...args) {
    alive(this.#window);
    // What is sent is cloned at once, and lost where no page listens yet.
    void this.#window.opened?.send(channel, structuredClone(args)).catch(() => {});
  }

  get mainFrame() {
    return { parent: null, url: this.#window.opened?.url() ?? '' };
  }
}

/** @implements {Pick<import('electron').BrowserWindow, 'close' | 'destroy' | 'focus' | 'getNormalBounds' | 'hide' | 'isDestroyed' | 'isMinimized' | 'isVisible' | 'loadURL' | 'minimize' | 'restore' | 'setBackgroundColor' | 'show'>} */
export class BrowserWindow extends EventEmitter {
  #visible = false;
  #minimized = false;
  #destroyed = false;
  /** @type {Awaited<ReturnType<typeof openPage>> | undefined} */
  opened;
  options;
  webContents = new WebContents(this);

  /** @param {WindowOptions} options */
  constructor(options) {
    super();
    late('BrowserWindow');
    this.options = options;
    this.#visible = options.show ?? true;
    seen.windows.push(this);
  }

  get page() {
    if (!this.opened) throw new Error('This window has no page yet');
    return this.opened.page;
  }

  /** @type {import('electron').BrowserWindow['loadURL']} */
  async loadURL(url) {
    const preload = readFileSync(this.options.webPreferences?.preload ?? '', 'utf8');
    const contents = this.webContents;
    this.opened = await openPage({
      preload,
      dark: nativeTheme.shouldUseDarkColors,
      permissions: defaultSession.allows('clipboard-sanitized-write', url) ? ['clipboard-write'] : [],
      invoke: (channel, args) => ipcMain.receive(channel, contents, args),
      isCancelled: (address) => defaultSession.cancels(address),
      serve: (address) => protocol.serve(address),
      mayNavigate: (address) => contents.mayNavigate(address),
      windowOpened: (address) => contents.windowOpened(address),
    });
    await this.opened.load(url);
    contents.emit('did-finish-load');
    this.emit('ready-to-show');
  }

  show() {
    alive(this);
    this.#minimized = false;
    this.#visible = true;
    this.emit('show');
  }
  hide() {
    alive(this);
    this.#visible = false;
    this.emit('hide');
  }
  minimize() {
    alive(this);
    this.#minimized = true;
  }
  restore() {
    alive(this);
    this.#minimized = false;
  }
  focus() {
    alive(this);
  }
  setBackgroundColor() {
    alive(this);
  }
  isVisible() {
    alive(this);
    return this.#visible;
  }
  isMinimized() {
    alive(this);
    return this.#minimized;
  }
  isDestroyed() {
    return this.#destroyed;
  }
  getNormalBounds() {
    alive(this);
    return { x: 0, y: 0, width: this.options.width ?? 800, height: this.options.height ?? 600 };
  }

  /** As by the person. */
  close() {
    alive(this);
    const event = preventable();
    this.emit('close', event);
    if (!event.defaultPrevented) this.destroy();
  }

  destroy() {
    if (this.#destroyed) return;
    this.#destroyed = true;
    this.#visible = false;
    seen.windows.splice(seen.windows.indexOf(this), 1);
    void this.opened?.close();
    this.emit('closed');
    if (seen.windows.length === 0 && !quitting) app.emit('window-all-closed');
  }
}

/** What an accelerator may consist of, as far as the app uses it. */
const ACCELERATOR =
  /^((CommandOrControl|Command|Control|Alt|Option|Shift)\+)*([A-Z0-9?,./=[\]-]|F\d\d?|Plus|Delete|Backspace)$/;

export class Menu extends EventEmitter {
  items;

  /** @param {readonly Item[]} template */
  constructor(template) {
    super();
    this.items = template.map((item) => ({
      ...item,
      submenu: item.submenu && Menu.buildFromTemplate(/** @type {Item[]} */ (item.submenu)),
    }));
  }

  /** @param {readonly Item[]} template */
  static buildFromTemplate(template) {
    late('Menu');
    for (const { label, role, type, submenu, click, accelerator } of template) {
      const wrong = (/** @type {string} */ why) =>
        new TypeError(`Invalid template for MenuItem ${label ?? role}: ${why}`);
      if (!label && !role && type !== 'separator') throw wrong('must have a label, a role or be a separator');
      if (type === 'submenu' && !submenu) throw wrong('no submenu');
      // Electron takes the click, and never calls it.
      if (role && click) throw wrong('a role does what it does');
      if (accelerator && !ACCELERATOR.test(accelerator)) throw wrong(`no accelerator: ${accelerator}`);
    }
    return new Menu(template);
  }

  /** @param {Menu | null} menu */
  static setApplicationMenu(menu) {
    late('Menu.setApplicationMenu');
    seen.menu = menu;
  }

  /** @returns {unknown[]} labels, of submenus behind their item's */
  get labels() {
    return this.items.flatMap(({ label, submenu }) => [label ?? '-', ...(submenu ? [submenu.labels] : [])]);
  }

  /** As by the person.  @param {string} label  @param {string[]} below */
  choose(label, ...below) {
    const item = this.items.find((known) => known.label === label);
    if (!item || item.enabled === false) throw new Error(`Nothing to choose: ${label}`);
    const [next, ...rest] = below;
    if (next !== undefined) item.submenu?.choose(next, ...rest);
    else item.click?.(/** @type {never} */ ({}), undefined, /** @type {never} */ ({}));
  }
}

/** @implements {Pick<import('electron').Tray, 'setImage' | 'setToolTip'>} */
export class Tray extends EventEmitter {
  image;
  tooltip = '';
  menu = new Menu([]);
  /** In a real panel. */
  wasOpened = false;
  /** @type {TrayItem | undefined} */
  #item;

  /** @param {string} image */
  constructor(image) {
    super();
    late('Tray');
    if (!existsSync(image)) throw new Error(`Failed to load image from path '${image}'`);
    this.image = image;
    seen.trays.push(this);
    if (!daemon.hasBus()) return;
    this.#item = new TrayItem({
      activated: () => this.emit('click', {}),
      opened: () => {
        this.wasOpened = true;
      },
      chosen: ({ click }) => typeof click === 'function' && click({}, undefined, {}),
    });
    this.#item.set({ icon: image });
  }

  /** @param {string} image */
  setImage(image) {
    if (!existsSync(image)) throw new Error(`Failed to load image from path '${image}'`);
    this.image = image;
    this.#item?.set({ icon: image });
  }
  /** @param {string} tooltip */
  setToolTip(tooltip) {
    this.tooltip = tooltip;
    this.#item?.set({ tooltip });
  }
  /** @param {Menu} menu */
  setContextMenu(menu) {
    if (!(menu instanceof Menu)) throw new TypeError('Not a menu');
    this.menu = menu;
    this.#item?.setMenu(menu.items);
  }
}

/** @implements {Pick<import('electron').Notification, 'close' | 'show'>} */
export class Notification extends EventEmitter {
  static isSupported = () => true;
  shown = false;
  options;
  /** @type {Promise<number> | undefined} */
  #atDaemon;

  /** @param {import('electron').NotificationConstructorOptions} options */
  constructor(options) {
    super();
    late('Notification');
    this.options = options;
    seen.notifications.push(this);
  }
  show() {
    this.shown = true;
    if (!daemon.hasBus()) return;
    const shown = daemon.show(this.options, () => this.emit('click', {}));
    shown.catch((error) => this.emit('failed', {}, String(error)));
    this.#atDaemon = shown;
  }
  close() {
    this.shown = false;
    this.#atDaemon?.then(daemon.close).catch(() => {});
  }

  /** As by the person, on macOS or Windows: elsewhere Electron shows no buttons.  @param {string} label */
  press(label) {
    const actionIndex = this.options.actions?.findIndex(({ text }) => text === label) ?? -1;
    if (actionIndex < 0) throw new Error(`No button: ${label}`);
    this.emit('action', { actionIndex, selectionIndex: -1 });
  }
}

const handlers = new Map();
/** @satisfies {Partial<import('electron').IpcMain>} */
const ipcMainParts = {
  handle(channel, listener) {
    if (handlers.has(channel)) throw new Error(`Attempted to register a second handler for '${channel}'`);
    handlers.set(channel, listener);
  },
};
export const ipcMain = Object.assign(new EventEmitter(), ipcMainParts, {
  /** @param {string} channel  @param {WebContents} sender  @param {unknown[]} args  @param {object} [senderFrame] */
  async receive(channel, sender, args, senderFrame = sender.mainFrame) {
    const handler = handlers.get(channel);
    if (!handler) throw new Error(`No handler registered for '${channel}'`);
    return structuredClone(await handler({ sender, senderFrame }, ...args));
  },
});

/** @type {Parameters<import('electron').Session['setPermissionCheckHandler']>[0]} */
let checkHandler = null;
/** @type {(details: import('electron').OnBeforeRequestListenerDetails, callback: (response: import('electron').CallbackResponse) => void) => void} */
let beforeRequest = (_, answer) => answer({});
/** @satisfies {Partial<import('electron').Session>} */
const sessionParts = {
  setPermissionRequestHandler() {},
  setPermissionCheckHandler(handler) {
    checkHandler = handler;
  },
  setDevicePermissionHandler() {},
};
const defaultSession = Object.assign(new EventEmitter(), sessionParts, {
  webRequest: {
    /** @param {typeof beforeRequest} listener */
    onBeforeRequest(listener) {
      beforeRequest = listener;
    },
  },
  /** @param {'clipboard-sanitized-write' | 'notifications'} permission  @param {string} requestingUrl */
  allows: (permission, requestingUrl) =>
    checkHandler?.(null, permission, '', { requestingUrl, isMainFrame: true }) ?? true,
  /** @param {string} url */
  cancels(url) {
    let cancel = false;
    beforeRequest(/** @type {import('electron').OnBeforeRequestListenerDetails} */ ({ url }), (answer) => {
      cancel = answer.cancel ?? false;
    });
    return cancel;
  },
});
export const session = {
  get defaultSession() {
    late('Session');
    return defaultSession;
  },
};

/** @type {(request: Request) => Response | Promise<Response>} */
let serve = () => new Response('', { status: 404 });
let scheme = '';
/** @satisfies {Partial<import('electron').Protocol>} */
const protocolParts = {
  registerSchemesAsPrivileged(schemes) {
    early('registerSchemesAsPrivileged');
    if (scheme) throw new Error('protocol.registerSchemesAsPrivileged can be called only once');
    scheme = schemes[0]?.scheme ?? '';
  },
  handle(name, handler) {
    late('protocol.handle');
    if (name !== scheme) throw new Error(`${name} is not a standard scheme`);
    serve = handler;
  },
};
export const protocol = {
  ...protocolParts,
  /** @param {string} url */
  serve: async (url) => serve(new Request(url)),
};

/** @satisfies {Partial<import('electron').Dialog>} */
const dialogParts = {
  showErrorBox: (title, content) => process.stderr.write(`${title}: ${content}\n`),
};
export const dialog = {
  ...dialogParts,
  /**
   * @param {unknown} parent
   * @param {import('electron').MessageBoxOptions} options
   * @returns {Promise<import('electron').MessageBoxReturnValue>}
   */
  async showMessageBox(parent, options) {
    late('dialog');
    if (!(parent instanceof BrowserWindow)) throw new TypeError('Not a window');
    alive(parent);
    return new Promise((resolve) => {
      const answer = (/** @type {number} */ response) => resolve({ response, checkboxChecked: false });
      options.signal?.addEventListener('abort', () => answer(options.cancelId ?? 0));
      const press = (/** @type {string} */ button) => answer(options.buttons?.indexOf(button) ?? -1);
      seen.boxes.push({ parent, options, press });
    });
  },
};

/** @satisfies {Partial<import('electron').Clipboard>} */
export const clipboard = {
  async writeText(text) {
    late('clipboard');
    // A click on nothing copies nothing: Electron wants a text.
    if (typeof text !== 'string') throw new TypeError('Not a text');
    seen.copied.push(text);
  },
  async readText() {
    late('clipboard');
    return seen.copied.at(-1) ?? '';
  },
  clear() {
    late('clipboard');
    seen.copied.push('');
  },
};

/** @satisfies {Partial<import('electron').SafeStorage>} */
export const safeStorage = {
  getSelectedStorageBackend() {
    if (!app.isReady()) return 'unknown';
    return process.env.DOUBLE_NO_KEYRING ? 'basic_text' : 'gnome_libsecret';
  },
  async isAsyncEncryptionAvailable() {
    late('safeStorage');
    return true;
  },
  async encryptStringAsync(text) {
    late('safeStorage');
    return Buffer.from(`v11${Buffer.from(text).toString('hex')}`);
  },
  async decryptStringAsync(bytes) {
    late('safeStorage');
    if (bytes.subarray(0, 3).toString() !== 'v11') throw new Error('Error while decrypting the ciphertext');
    return { result: Buffer.from(bytes.toString().slice(3), 'hex').toString(), shouldReEncrypt: false };
  },
};

/** @satisfies {Partial<import('electron').Shell>} */
export const shell = {
  async openExternal(url) {
    new URL(url);
    seen.opened.push(url);
  },
};

/** @satisfies {Partial<import('electron').Screen>} */
export const screen = {
  getPrimaryDisplay() {
    late('screen');
    return /** @type {import('electron').Display} */ ({ workAreaSize: { width: 1280, height: 800 } });
  },
};

/** @satisfies {Partial<import('electron').PowerMonitor>} */
const powerParts = {
  // As on Linux, whatever feeds the computer.
  isOnBatteryPower: () => false,
};
export const powerMonitor = Object.assign(new EventEmitter(), powerParts);

class NativeTheme extends EventEmitter {
  shouldUseDarkColorsForSystemIntegratedUI = false;
  /** @type {import('electron').NativeTheme['themeSource']} */
  #source = 'system';

  get themeSource() {
    return this.#source;
  }
  set themeSource(source) {
    this.#source = source;
    this.emit('updated');
  }
  get shouldUseDarkColors() {
    return this.#source === 'dark';
  }
}
export const nativeTheme = new NativeTheme();
