import { isDeepStrictEqual } from 'node:util';
import type { Menu, MenuItemConstructorOptions, NativeTheme, Tray } from 'electron';
import type { Command, TrayItem, TrayModel } from '../../preload/contract/api.ts';
import { trayTexts } from '../../preload/contract/texts/index.ts';

type Run = (command: Command) => void;
type Drawn = Pick<Tray, 'setContextMenu' | 'setImage' | 'setToolTip'>;

const WINDOWS_TOOLTIP = 127;
/** Not every panel tells when a menu was closed. */
const LONGEST_OPEN_MS = 60_000;

/** Draws tray models. Holds the tray: one that nobody holds is collected and vanishes. */
export class TrayIcon {
  readonly #tray: Drawn;
  readonly #image: (icon: TrayModel['icon']) => string;
  readonly #menu: (items: readonly TrayItem[]) => Menu;
  readonly #platform: NodeJS.Platform;
  #drawn: Partial<TrayModel> = {};
  /** Since when the menu has been open. Epoch ms. */
  #openSince: number | undefined;
  /** Items that came meanwhile. */
  #next: readonly TrayItem[] | undefined;

  constructor(parts: {
    tray: Drawn;
    image: (icon: TrayModel['icon']) => string;
    menu: (items: readonly TrayItem[]) => Menu;
    platform: NodeJS.Platform;
  }) {
    this.#tray = parts.tray;
    this.#image = parts.image;
    this.#menu = parts.menu;
    this.#platform = parts.platform;
  }

  /**
   * Sets only what has changed, and always a whole new menu: Linux does not notice edits of the old one. An open menu
   * closes when it is replaced, so the new one waits until it was closed where the system tells.
   */
  draw(model: TrayModel): void {
    const before = this.#drawn;
    this.#drawn = model;
    if (model.icon !== before.icon) this.#tray.setImage(this.#image(model.icon));
    if (model.tooltip !== before.tooltip) this.#tray.setToolTip(fitTooltip(model.tooltip, this.#platform));
    if (isDeepStrictEqual(model.items, before.items)) return;
    if (this.#isOpen()) this.#next = model.items;
    else this.#setMenu(model.items);
  }

  #setMenu(items: readonly TrayItem[]): void {
    this.#next = undefined;
    const menu = this.#menu(items);
    menu.on('menu-will-show', () => {
      this.#openSince = Date.now();
    });
    menu.on('menu-will-close', () => {
      this.#openSince = undefined;
      // The click that closed it is still on its way.
      setImmediate(() => {
        if (this.#next) this.#setMenu(this.#next);
      });
    });
    this.#tray.setContextMenu(menu);
  }

  #isOpen(): boolean {
    return this.#openSince !== undefined && Date.now() - this.#openSince < LONGEST_OPEN_MS;
  }

  /** The theme of the system has changed, and with it which of the images can be seen. */
  redrawImage(): void {
    if (this.#drawn.icon) this.#tray.setImage(this.#image(this.#drawn.icon));
  }
}

/**
 * The file of an icon. macOS colours a template image by itself; the other systems need one for dark panels and one
 * for light ones, and Windows wants all sizes in one file.
 */
export function trayImage(icon: TrayModel['icon'], platform: NodeJS.Platform, darkPanel: boolean): string {
  if (platform === 'darwin') return `${icon}Template.png`;
  return `${icon}-${darkPanel ? 'dark' : 'light'}.${platform === 'win32' ? 'ico' : 'png'}`;
}

/**
 * Of the Linux desktops, only KDE's panel is known to follow the theme. The others' is dark in most, whatever the theme; the
 * image for a dark one has an edge with which it is seen on a light one, too.
 */
export function isPanelDark(
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
  theme: Pick<NativeTheme, 'shouldUseDarkColors' | 'shouldUseDarkColorsForSystemIntegratedUI'>,
): boolean {
  if (platform !== 'linux') return theme.shouldUseDarkColorsForSystemIntegratedUI;
  return !/KDE/i.test(env.XDG_CURRENT_DESKTOP ?? '') || theme.shouldUseDarkColors;
}

export const trayTemplate = (items: readonly TrayItem[], run: Run): MenuItemConstructorOptions[] =>
  items.map((item) => templateItem(item, run));

function templateItem(item: TrayItem, run: Run): MenuItemConstructorOptions {
  switch (item.kind) {
    case 'separator':
      return { type: 'separator' };
    case 'note':
      return { label: literal(item.label), enabled: false };
    case 'item':
      return { label: literal(itemLabel(item)), enabled: item.enabled, click: () => run(item.command) };
    case 'menu':
      return { label: literal(item.label), submenu: trayTemplate(item.items, run) };
  }
}

/** A menu of the system stands still, so it names the moment where a page counts down to it. */
const itemLabel = ({ label, dueAt }: { readonly label: string; readonly dueAt?: number }): string =>
  dueAt === undefined ? label : trayTexts.byItself(label, time.format(dueAt));

const time = new Intl.DateTimeFormat(undefined, { timeStyle: 'medium' });

/** Windows has room for 127 characters in NOTIFYICONDATA and cuts anywhere; the others take any text. */
export function fitTooltip(text: string, platform: NodeJS.Platform): string {
  if (platform !== 'win32' || text.length <= WINDOWS_TOOLTIP) return text;
  const lines = text.split('\n');
  for (let kept = lines.length - 1; kept > 0; kept--) {
    const fitting = [...lines.slice(0, kept), trayTexts.tooltip.more(lines.length - kept)].join('\n');
    if (fitting.length <= WINDOWS_TOOLTIP) return fitting;
  }
  return text.slice(0, WINDOWS_TOOLTIP);
}

/** In a menu, a single `&` underlines the next letter. */
const literal = (label: string): string => label.replaceAll('&', '&&');
