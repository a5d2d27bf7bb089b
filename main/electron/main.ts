import { execFile } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import {
  app,
  BrowserWindow,
  clipboard,
  dialog,
  ipcMain,
  Menu,
  Notification,
  nativeTheme,
  powerMonitor,
  protocol,
  safeStorage,
  screen,
  session,
  shell,
  Tray,
} from 'electron';
import type { Command, Notice, TrayModel } from '../../preload/contract/api.ts';
import { toProblem } from '../../preload/contract/errors.ts';
import type { StatePatch } from '../../preload/contract/state.ts';
import { noticeTexts } from '../../preload/contract/texts/index.ts';
import type { Options } from '../cli/args.mjs';
import { REFUSED } from '../cli/electron-process.mjs';
import { createApp } from '../core/app.ts';
import { systemClock } from '../core/clock.ts';
import { dataDir } from '../core/data-dir.ts';
import { findDeepLink } from '../core/deep-links.ts';
import type { HandOver } from '../core/hand-over.ts';
import { claimFolder, type Done, type Instance } from '../core/instance.ts';
import { allowPrintedUrl } from '../core/links.ts';
import { type AppLog, FileLog } from '../core/log.ts';
import type { Log } from '../core/ports.ts';
import { startFolder } from '../core/project-file.ts';
import { SECRET_FILE } from '../core/secret-file.ts';
import { systemShell } from '../core/shell/system-shell.ts';
import { offerContextMenu } from './context-menu.ts';
import { DockIcon } from './dock-icon.ts';
import { ElectronHost } from './host.ts';
import { serveCalls } from './ipc-host.ts';
import { endOnBugs, stopOnQuit } from './life.ts';
import { linkScheme } from './link-scheme.ts';
import { lockDownApp, lockDownSession } from './lockdown.ts';
import { menuTemplate } from './menu.ts';
import { takesMarkup } from './notification-daemon.ts';
import { Notifications, startingClick } from './notifications.ts';
import { ButtonNotification, showsButtons } from './notify-send.ts';
import { packagingOf } from './packaging.ts';
import { APP_SCHEME, servePages } from './scheme.ts';
import { SecretClipboard } from './secret-clipboard.ts';
import { openSecrets } from './secrets.ts';
import { storedSettings } from './settings.ts';
import { startAtLogin } from './start-at-login.ts';
import { isPanelDark, TrayIcon, trayImage, trayTemplate } from './tray.ts';
import { showsTrayIcons } from './tray-host.ts';
import { WaitingLinks } from './waiting-links.ts';
import { Windows } from './windows.ts';

/** As `appId` in electron-builder.yml: Windows shows notifications only of an app whose shortcut carries it. */
const APP_ID = 'app.clearml-session-tray';
/** By this, Windows finds the app again when somebody clicks a notification. Any GUID, but always the same. */
const TOAST_ACTIVATOR = '{6E0C4B5A-6B0F-4A57-9C2C-6E1D0B9B7E55}';
/** Said when the window is closed where no tray brings it back. */
const NO_TRAY: Notice = {
  key: 'no-tray',
  tone: 'info',
  ...noticeTexts.noTray,
  actions: [],
};
/** As in electron-builder.yml. */
const COPYRIGHT = 'Apache-2.0, the contributors of ClearML Session Tray';
const DIST = resolve(import.meta.dirname, '..');

/**
 * Runs the app in Electron.
 *
 * Everything up to the wait for `ready` must happen within the first tick, so this must be called in it: the sandbox,
 * the scheme, the folders and the lock come too late afterwards.
 */
export function startElectron(options: Options, handOver?: HandOver): void {
  const folder = resolve(options.userDataDir ?? dataDir(process.platform, process.env, homedir()));
  // Chromium's own files stay apart from ours.
  const chromium = join(folder, 'chromium');
  try {
    mkdirSync(chromium, { recursive: true, mode: 0o700 });
  } catch {
    say(
      `${folder} cannot be used for the settings.`,
      'Name another folder: --user-data-dir DIR',
      options.hidden,
    );
    app.exit(REFUSED);
    return;
  }
  app.setPath('userData', folder);
  app.setPath('sessionData', chromium);
  const log = new FileLog({ file: join(folder, 'logs', 'app.log') });
  if (!app.requestSingleInstanceLock({ hidden: options.hidden, handsOver: handOver !== undefined })) {
    if (handOver) void claim(folder, { hidden: options.hidden, handOver, log });
    else {
      process.stdout.write('ClearML Session Tray is running already; its window was opened.\n');
      app.exit(0);
    }
    return;
  }
  if (process.platform === 'win32') {
    app.setToastActivatorCLSID(TOAST_ACTIVATOR);
    app.setAppUserModelId(APP_ID);
  }
  lockDownApp(app, log.scope('page'));
  app.on('web-contents-created', (_event, contents) => offerContextMenu(contents));
  protocol.registerSchemesAsPrivileged([APP_SCHEME]);

  let click: Command | undefined;
  // A notification of an earlier run was clicked.
  app.on('ready', (_event, launchInfo) => {
    click = startingClick(launchInfo);
  });
  const links = new WaitingLinks(handOver ? undefined : findDeepLink(process.argv));
  // macOS brings links by this event only, and at a start before it is ready.
  app.on('open-url', (event, link) => {
    event.preventDefault();
    links.open(link);
  });
  let stop = async (): Promise<void> => {};
  endOnBugs(process, { app, dialog, stop: () => stop(), log });
  void app.whenReady().then(async () => {
    const ours = await claim(folder, { hidden: options.hidden, handOver, log });
    if (ours) stop = run({ options, folder, log, ours, handOver, links, click });
  });
}

/**
 * Undefined where the app runs already or something else has the folder: this start is then over. The app that runs does
 * what is handed over. It goes through the app's own socket and not with the lock of Electron, which gives no answer.
 */
async function claim(
  folder: string,
  { hidden, handOver, log }: { hidden: boolean; handOver: HandOver | undefined; log: Log },
): Promise<Instance | undefined> {
  try {
    const claimed = await claimFolder(folder, { host: 'electron', show: false, handOver, log });
    if ('ours' in claimed) return claimed.ours;
    if (claimed.done) {
      tell(claimed.done);
      app.exit(claimed.done.ok ? 0 : 1);
      return undefined;
    }
    say(
      'ClearML Session Tray is running already, in browser mode.',
      'Quit it there before you start it in Electron.',
      hidden,
    );
    app.exit(0);
  } catch (error) {
    log.write('error', 'The data folder cannot be taken', { error });
    const { message, hint = '' } = toProblem(error);
    say(message, hint, hidden);
    app.exit(REFUSED);
  }
  return undefined;
}

/** What became of what was handed over. */
function tell({ ok, says }: Done): void {
  (ok ? process.stdout : process.stderr).write(`${says}\n`);
}

/** To the terminal, and to the person unless nobody asked for this start. */
function say(message: string, hint: string, hidden: boolean): void {
  process.stdout.write(`${message} ${hint}\n`);
  if (!hidden) dialog.showErrorBox(message, hint);
}

interface Start {
  readonly options: Options;
  readonly folder: string;
  readonly log: AppLog;
  readonly ours: Instance;
  readonly handOver: HandOver | undefined;
  readonly links: WaitingLinks;
  readonly click: Command | undefined;
}

/** Builds the app around its core and starts it; returns what stops it. */
function run({ options, folder, log, ours, handOver, links, click }: Start): () => Promise<void> {
  lockDownSession(session.defaultSession, () => settings.get('preferences').pasteByRightClick);
  protocol.handle(APP_SCHEME.scheme, servePages(join(DIST, 'renderer')));
  const settings = storedSettings(folder, log);
  nativeTheme.themeSource = settings.get('preferences').theme;

  const runCommand = (command: Command): void => {
    core.run(command).catch((error: unknown) => tellFailure(command.do, error));
  };
  const tellFailure = (what: string, error: unknown): void => {
    const { message, hint = '' } = toProblem(error);
    log.write('warn', `A command failed: ${message}`, { command: what, error });
    notifications.show({ key: 'command', tone: 'bad', title: message, body: hint, actions: [] });
  };
  const notifications: Notifications = new Notifications({
    kind: Notification,
    platform: process.platform,
    run: runCommand,
    inApp: {
      show: (notice) => windows.tell('notice.shown', notice),
      withdraw: (key) => windows.tell('notice.withdrawn', { key }),
    },
    log: log.scope('notices'),
  });
  void takesMarkup(process.platform).then((takes) => {
    notifications.takesMarkup = takes;
  });
  void showsButtons(process.platform).then((shows) => {
    if (shows) notifications.buttons = ButtonNotification;
  });
  const dock = app.dock && new DockIcon(app.dock, systemClock);
  const windows: Windows = new Windows({
    create: (how) => new BrowserWindow(how),
    preload: join(DIST, 'preload', 'index.cjs'),
    platform: process.platform,
    developer: !app.isPackaged,
    settings,
    isDark: () => nativeTheme.shouldUseDarkColors,
    room: () => screen.getPrimaryDisplay().workAreaSize,
    closedWithoutTray: () => notifications.show(NO_TRAY),
    dock,
    sessionEnds: () => void stop(),
    log: log.scope('windows'),
  });
  const secretClipboard = new SecretClipboard(clipboard, systemClock, log);
  const linksOfApp = linkScheme({
    app,
    platform: process.platform,
    env: process.env,
    home: homedir(),
    run: (program, args) => {
      execFile(program, [...args], (error) => {
        if (error) log.write('info', 'A program of the desktop did not run', { program, error });
      });
    },
    log,
  });
  linksOfApp?.set(settings.get('preferences').openLinks);
  const host = new ElectronHost({
    windows,
    notifications,
    dialog,
    shell,
    powerMonitor,
    clipboard,
    secrets: secretClipboard,
    startAtLogin: startAtLogin({
      app,
      platform: process.platform,
      env: process.env,
      home: homedir(),
      execPath: process.execPath,
    }),
    choosesLinks: linksOfApp?.canChoose ?? false,
    answer: (key, yes) => core.answer(key, yes),
    quit: () => app.quit(),
  });
  const core = createApp({
    host,
    secrets: openSecrets(safeStorage, {
      file: join(folder, 'secrets.json'),
      plainFile: join(folder, SECRET_FILE),
      platform: process.platform,
      log: log.scope('secrets'),
    }),
    settings,
    clock: systemClock,
    shell: systemShell(process.platform, process.env, () => settings.get('preferences').terminal),
    log,
    env: process.env,
    home: homedir(),
    userDataDir: folder,
    version: app.getVersion(),
    packaging: packagingOf({
      isPackaged: app.isPackaged,
      platform: process.platform,
      env: process.env,
      isFromStore: process.mas || process.windowsStore,
    }),
    tunnelThread: join(DIST, 'main', 'tunnels.cjs'),
    projectDir: startFolder(process.env, process.cwd(), resolve(DIST, '..')),
    demo: options.demo,
  });
  core.onEvent((name, payload) => {
    windows.tell(name, payload);
    const preferences = name === 'state.patch' ? (payload as StatePatch).changed.preferences : undefined;
    if (!preferences) return;
    // Windows, dialogs and the frame of the window follow it, not only the page.
    nativeTheme.themeSource = preferences.theme;
    linksOfApp?.set(preferences.openLinks);
  });
  serveCalls(ipcMain, {
    call: core.call,
    isOurs: (sender) => windows.isOurs(sender),
    log: log.scope('page'),
  });
  app.setAboutPanelOptions({
    applicationName: app.name,
    applicationVersion: app.getVersion(),
    // In brackets behind it on macOS.
    version: `Electron ${process.versions.electron}`,
    copyright: COPYRIGHT,
  });
  Menu.setApplicationMenu(
    Menu.buildFromTemplate(
      menuTemplate({
        name: app.name,
        mac: process.platform === 'darwin',
        developer: !app.isPackaged,
        run: runCommand,
        openSettings: () => windows.show('settings'),
        act: (action) => windows.act(action),
        openWeb: (url) => {
          host.openExternal(allowPrintedUrl(url)).catch((error: unknown) => tellFailure('open-web', error));
        },
      }),
    ),
  );
  app.on('second-instance', (_event, argv, _folder, other) => {
    const { hidden, handsOver } = other as { readonly hidden?: boolean; readonly handsOver?: boolean };
    // What it asks for comes through the socket of the app.
    if (handsOver) return;
    const link = findDeepLink(argv);
    if (link) return links.open(link);
    if (!hidden) windows.show('sessions');
  });
  app.on('activate', (_event, hasVisibleWindows) => {
    if (!hasVisibleWindows) windows.show('sessions');
  });
  nativeTheme.on('updated', () => windows.themeChanged());
  // Electron would quit; this app lives in the tray.
  app.on('window-all-closed', () => {});
  const stop = stopOnQuit(app, {
    leave: () => {
      windows.leave();
      notifications.leave();
    },
    stop: async () => {
      ours.leave();
      await secretClipboard.forget();
      await core.stop();
      ours.release();
    },
    log,
  });
  ours.serve({ show: () => windows.show('sessions'), take: core.take });

  // macOS does not pass on the flags of a login item.
  const atLogin = process.platform === 'darwin' && app.getLoginItemSettings().wasOpenedAtLogin;
  const hidden = options.hidden || atLogin || settings.get('preferences').startHidden;
  if (hidden) dock?.hide();
  else if (!handOver && !click) windows.show('sessions');
  if (click) runCommand(click);
  notifications.adopt().catch((error: unknown) => {
    log.write('warn', 'Notifications of an earlier run cannot be clicked', { error });
  });
  const tray = openTray(host, windows, runCommand, log).catch((error: unknown) => {
    log.write('error', 'There is no tray', { error });
    return false;
  });
  void tray.then((canBeSeen) => {
    // Hidden and without a tray, nobody would ever find it.
    if (!canBeSeen && hidden) windows.show('sessions');
  });
  links.follow((link) => {
    core.openLink(link).catch((error: unknown) => tellFailure('open-link', error));
  });
  void core.start().then(async () => {
    if (!handOver) return;
    const done = await core.take(handOver);
    tell(done);
    if (!done.ok && !options.hidden) windows.show('sessions');
  });
  return stop;
}

/** Answers whether there is a tray that a person can see. */
async function openTray(
  host: ElectronHost,
  windows: Windows,
  runCommand: (command: Command) => void,
  log: Log,
): Promise<boolean> {
  const shown = await showsTrayIcons(process.platform);
  if (!shown) log.write('warn', 'This desktop shows no tray icons: the window minimizes instead of hiding');
  const image = (icon: TrayModel['icon']): string => {
    const darkPanel = isPanelDark(process.platform, process.env, nativeTheme);
    return join(DIST, 'assets', 'tray', trayImage(icon, process.platform, darkPanel));
  };
  const tray = new Tray(image('idle'));
  const icon = new TrayIcon({
    tray,
    image,
    platform: process.platform,
    menu: (items) => Menu.buildFromTemplate(trayTemplate(items, runCommand)),
  });
  // On macOS a click opens the menu. On Linux some panels do that, too, so that nothing may depend on this.
  if (process.platform !== 'darwin') tray.on('click', () => windows.show('sessions'));
  nativeTheme.on('updated', () => icon.redrawImage());
  host.useTray(icon);
  windows.hasTray = shown;
  return shown;
}
