import type { MenuItemConstructorOptions } from 'electron';
import type { Command } from '../../preload/contract/api.ts';
import { APP_KEYS, type KeyedAction } from '../../preload/contract/keys.ts';
import { menuTexts as t } from '../../preload/contract/texts/index.ts';
import { NAP_MS } from '../core/power.ts';

type Item = MenuItemConstructorOptions;
const SEPARATOR: Item = { type: 'separator' };

/** The app has no page of its own. */
const DOCUMENTATION = 'https://clear.ml/docs/latest/docs/apps/clearml_session/';

interface Parts {
  readonly name: string;
  readonly mac: boolean;
  readonly developer: boolean;
  readonly run: (command: Command) => void;
  readonly openSettings: () => void;
  /** Has the page of the main window do it. */
  readonly act: (action: KeyedAction) => void;
  readonly openWeb: (url: string) => void;
}

/**
 * The application menu: macOS needs one for copy and paste, the other systems show it on Alt. There is no Reload,
 * which would only look like a crash.
 */
export function menuTemplate(parts: Parts): MenuItemConstructorOptions[] {
  const { name, mac, developer, run, openSettings, act, openWeb } = parts;
  const settings: Item = { label: t.settings, ...keysOf('settings'), click: openSettings };
  // Not the role, which would ask nobody.
  const quit: Item = {
    label: mac ? t.quitApp(name) : t.quit,
    accelerator: 'CommandOrControl+Q',
    click: () => run({ do: 'quit' }),
  };
  return [
    ...(mac ? [{ label: name, submenu: appMenu(settings, quit) }] : []),
    {
      label: t.file,
      submenu: [
        { label: t.newSession, accelerator: 'CommandOrControl+N', click: () => run({ do: 'newSession' }) },
        { label: t.attach, click: () => act('attach') },
        SEPARATOR,
        ...(mac ? [] : [settings, SEPARATOR]),
        { role: 'close' },
        ...(mac ? [] : [quit]),
      ],
    },
    { role: 'editMenu' },
    {
      label: t.view,
      submenu: [
        { label: t.palette, ...keysOf('palette'), click: () => act('palette') },
        { label: t.sessions, click: () => act('sessions') },
        { label: t.workspaces, click: () => act('workspaces') },
        SEPARATOR,
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        ...(developer ? [SEPARATOR, { role: 'toggleDevTools' } as const] : []),
      ],
    },
    { role: 'windowMenu' },
    ...(developer ? [developerMenu(run)] : []),
    {
      // macOS puts its search there.
      role: 'help',
      label: t.help,
      submenu: [
        { label: t.shortcuts, click: () => act('shortcuts') },
        { label: t.documentation, click: () => openWeb(DOCUMENTATION) },
        ...(mac ? [] : [SEPARATOR, { role: 'about' } as const]),
      ],
    },
  ];
}

/** As the role `appMenu` has it, but for settings and the end. */
const appMenu = (settings: Item, quit: Item): Item[] => [
  { role: 'about' },
  SEPARATOR,
  settings,
  SEPARATOR,
  { role: 'services' },
  SEPARATOR,
  { role: 'hide' },
  { role: 'hideOthers' },
  { role: 'unhide' },
  SEPARATOR,
  quit,
];

const developerMenu = (run: Parts['run']): Item => ({
  label: t.developer,
  submenu: [{ label: t.simulateSuspend(NAP_MS / 1000), click: () => run({ do: 'simulateSuspend' }) }],
});

/**
 * The keys by which the page does it. They are only shown: the page takes them first, and leaves those to a shell that
 * are its own. macOS knows no such entry, and asks the menu for what the page has left.
 */
function keysOf(action: KeyedAction): Item {
  const keys = APP_KEYS[action].find((one) => one.includes('Mod'));
  if (!keys) return {};
  return { accelerator: keys.replace('Mod', 'CommandOrControl'), registerAccelerator: false };
}
