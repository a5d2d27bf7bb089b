import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { BrowserWindow, BrowserWindowConstructorOptions, WebContents } from 'electron';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Saved } from '../../../main/core/ports.ts';
import { cachedSettings, SAVED_DEFAULTS } from '../../../main/core/saved.ts';
import { Windows } from '../../../main/electron/windows.ts';
import { silentLog } from '../../doubles/log.ts';

/** A window as far as events and visibility go. */
class FakeWindow extends EventEmitter {
  readonly options: BrowserWindowConstructorOptions;
  readonly webContents = Object.assign(new EventEmitter(), { send: vi.fn() });
  readonly loadURL = vi.fn(async () => {});
  readonly focus = vi.fn();
  readonly minimize = vi.fn();
  readonly setBackgroundColor = vi.fn();
  visible = false;
  destroyed = false;

  constructor(options: BrowserWindowConstructorOptions) {
    super();
    this.options = options;
  }
  show(): void {
    this.visible = true;
    this.emit('show');
  }
  hide(): void {
    this.visible = false;
    this.emit('hide');
  }
  destroy(): void {
    this.destroyed = true;
    this.emit('closed');
  }
  /** As by the person: answers whether it may close. */
  close(): boolean {
    const preventDefault = vi.fn();
    this.emit('close', { preventDefault });
    if (preventDefault.mock.calls.length > 0) return false;
    this.destroy();
    return true;
  }
  isVisible = (): boolean => this.visible;
  isMinimized = (): boolean => false;
  isDestroyed = (): boolean => this.destroyed;
  getNormalBounds = () => ({ x: 1, y: 2, width: 700, height: 500 });
}

describe('windows', () => {
  let made: FakeWindow[];
  const closedWithoutTray = vi.fn();
  const dock = { show: vi.fn(), hide: vi.fn() };
  const sessionEnds = vi.fn();
  const saved = vi.fn();

  beforeEach(() => {
    vi.clearAllMocks();
    made = [];
  });

  const windows = (different: { platform?: NodeJS.Platform; stored?: Partial<Saved>; dark?: boolean } = {}) =>
    new Windows({
      create: (options) => {
        const window = new FakeWindow(options);
        made.push(window);
        return window as unknown as BrowserWindow;
      },
      preload: '/app/preload.cjs',
      platform: different.platform ?? 'win32',
      developer: false,
      settings: cachedSettings({ store: { ...SAVED_DEFAULTS, ...different.stored }, set: saved }, silentLog),
      isDark: () => different.dark ?? false,
      room: () => ({ width: 1200, height: 800 }),
      closedWithoutTray,
      dock,
      sessionEnds,
      log: silentLog,
    });
  const window = (n: number): FakeWindow => made.at(n) as FakeWindow;

  it('are sandboxed pages without Node', () => {
    windows().show('sessions');
    expect(window(0).options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
      devTools: false,
      preload: '/app/preload.cjs',
    });
  });

  it('appear once they have been painted', () => {
    windows().show('sessions');
    expect(window(0).options.show).toBe(false);
    window(0).webContents.emit('did-finish-load');
    expect(window(0).visible).toBe(false);
    window(0).emit('ready-to-show');
    expect(window(0).visible).toBe(true);
  });

  it('appear on Linux once loaded, and not a second time when painted', () => {
    windows({ platform: 'linux' }).show('sessions');
    window(0).webContents.emit('did-finish-load');
    expect(window(0).visible).toBe(true);
    window(0).hide();
    window(0).emit('ready-to-show');
    expect(window(0).visible).toBe(false);
  });

  it('show a view in the main window, and the wizard in its own', () => {
    const shown = windows();
    shown.show('sessions');
    shown.show('launch');
    shown.show('launch');
    shown.show('settings');
    expect(made.map((w) => w.loadURL.mock.calls)).toEqual([
      [['app://ui/index.html#/']],
      [['app://ui/index.html#/launch']],
    ]);
    expect(window(0).webContents.send).toHaveBeenCalledExactlyOnceWith('event', 'view.shown', {
      view: 'settings',
    });
  });

  it('pass on what the menu asks of the page, once it hears', () => {
    const shown = windows();
    shown.act('palette');
    expect(window(0).webContents.send).not.toHaveBeenCalled();
    window(0).webContents.emit('did-finish-load');
    shown.act('shortcuts');
    expect(window(0).visible).toBe(true);
    expect(window(0).webContents.send.mock.calls).toEqual([
      ['event', 'action.wanted', { id: 'palette' }],
      ['event', 'action.wanted', { id: 'shortcuts' }],
    ]);
    expect(made).toHaveLength(1);
  });

  it('hide into the tray instead of closing, and remember their size', () => {
    const shown = windows();
    shown.hasTray = true;
    shown.show('sessions');
    window(0).show();
    expect(window(0).close()).toBe(false);
    expect(window(0).visible).toBe(false);
    expect(saved).toHaveBeenCalledExactlyOnceWith('window', { width: 700, height: 500 });
  });

  it('minimize where there is no tray, and say so once', () => {
    windows().show('sessions');
    window(0).show();
    expect(window(0).close()).toBe(false);
    expect(window(0).close()).toBe(false);
    expect(window(0).minimize).toHaveBeenCalledTimes(2);
    expect(closedWithoutTray).toHaveBeenCalledOnce();
  });

  it('close when the app quits', () => {
    const shown = windows();
    shown.show('sessions');
    shown.leave();
    expect(window(0).close()).toBe(true);
    expect(shown.isOurs(window(0).webContents as unknown as WebContents)).toBe(false);
  });

  it('fit on the screen, whatever size they had elsewhere', () => {
    windows({ stored: { window: { width: 3000, height: 600 } } }).show('sessions');
    expect(window(0).options).toMatchObject({ width: 1200, height: 600, minWidth: 360 });
  });

  it('show the session that was asked for, in a new window and in an open one', () => {
    const shown = windows();
    const id = '1'.repeat(32);
    shown.show('sessions', id);
    expect(window(0).loadURL).toHaveBeenCalledWith(`app://ui/index.html#/sessions/${id}`);
    shown.show('sessions', id);
    expect(window(0).webContents.send).toHaveBeenCalledWith('event', 'view.shown', {
      view: 'sessions',
      session: id,
    });
  });

  it('hear every event, and are the only ones that may call', () => {
    const shown = windows();
    shown.show('sessions');
    shown.show('launch');
    shown.tell('state.patch', { rev: 1 });
    for (const w of made) expect(w.webContents.send).toHaveBeenCalledWith('event', 'state.patch', { rev: 1 });
    expect(made.every((w) => shown.isOurs(w.webContents as unknown as WebContents))).toBe(true);
    expect(shown.isOurs(new EventEmitter() as unknown as WebContents)).toBe(false);
  });

  it('are opened afresh after a page has crashed', () => {
    const shown = windows();
    shown.show('sessions');
    window(0).webContents.emit('render-process-gone', {}, { reason: 'crashed' });
    shown.show('sessions');
    expect(made).toHaveLength(2);
  });

  it('keep the app in the dock while one is open', () => {
    const shown = windows();
    shown.hasTray = true;
    shown.show('sessions');
    shown.show('launch');
    for (const w of made) w.emit('ready-to-show');
    expect(dock.show).toHaveBeenCalledTimes(2);
    window(0).close();
    expect(dock.hide).not.toHaveBeenCalled();
    window(1).close();
    expect(dock.hide).toHaveBeenCalledOnce();
  });

  it('are in the dock before they are shown, so that the app keeps the focus', () => {
    const shown = windows();
    dock.show.mockImplementationOnce(() => expect(window(0).visible).toBe(false));
    shown.show('sessions');
    window(0).emit('ready-to-show');
    expect(dock.show).toHaveBeenCalledOnce();
  });

  it('stay in the dock when another app covers them, which macOS calls hidden', () => {
    windows({ platform: 'darwin' }).show('sessions');
    window(0).emit('ready-to-show');
    dock.show.mockClear();
    window(0).emit('hide');
    window(0).emit('show');
    expect(dock.hide).not.toHaveBeenCalled();
    expect(dock.show).not.toHaveBeenCalled();
  });

  it('tell of the end of the session, which Windows tells nobody else', () => {
    windows().show('sessions');
    window(0).emit('session-end', {});
    expect(sessionEnds).toHaveBeenCalledOnce();
  });

  it('come to the front for a question, opened if need be', async () => {
    const shown = windows();
    const front = shown.front();
    window(0).emit('ready-to-show');
    expect(await front).toBe(window(0));
    window(0).hide();
    expect(await shown.front()).toBe(window(0));
    expect(window(0).visible).toBe(true);
  });

  it.each([
    ['light', false],
    ['dark', true],
  ] as const)('have the ground of the page before it is painted (%s)', (theme, dark) => {
    windows({ dark }).show('sessions');
    const tokens = readFileSync(resolve(import.meta.dirname, '../../../renderer/styles/tokens.css'), 'utf8');
    const ground = /--bg: light-dark\((?<light>#\w+), (?<dark>#\w+)\);/.exec(tokens)?.groups;
    expect(window(0).options.backgroundColor).toBe(ground?.[theme]);
  });

  it('take the colour of the theme', () => {
    const shown = windows({ dark: true });
    shown.show('sessions');
    shown.themeChanged();
    expect(window(0).setBackgroundColor).toHaveBeenCalledExactlyOnceWith(window(0).options.backgroundColor);
  });
});
