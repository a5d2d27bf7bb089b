import { isDeepStrictEqual } from 'node:util';
import type { Menu, MenuItemConstructorOptions, NativeTheme, Tray } from 'electron';
import type { Command, TrayItem, TrayModel } from '../../preload/contract/api.ts';

type Run = (command: Command) => void;
type Drawn = Pick<Tray, 'setContextMenu' | 'setImage' | 'setToolTip'>;

/** Draws tray models. Holds the tray: one that nobody holds is collected and vanishes. */
export class TrayIcon {
  readonly #tray: Drawn;
  readonly #image: (icon: TrayModel['icon']) => string;
  readonly #menu: (items: readonly TrayItem[]) => Menu;
  #drawn: Partial<TrayModel> = {};

  constructor(parts: {
    tray: Drawn;
    image: (icon: TrayModel['icon']) => string;
    menu: (items: readonly TrayItem[]) => Menu;
  }) {
    this.#tray = parts.tray;
    this.#image = parts.image;
    this.#menu = parts.menu;
  }

  /**
   * Sets only what has changed, and always a whole new menu: an open menu closes when it is replaced, and Linux does
   * not notice edits of the old one.
   */
  draw(model: TrayModel): void {
    const before = this.#drawn;
    this.#drawn = model;
    if (model.icon !== before.icon) this.#tray.setImage(this.#image(model.icon));
    if (model.tooltip !== before.tooltip) this.#tray.setToolTip(model.tooltip);
    if (!isDeepStrictEqual(model.items, before.items)) this.#tray.setContextMenu(this.#menu(model.items));
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

/** Of the Linux desktops, only KDE's panel follows the theme; the others' is dark whatever the theme. */
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
      return { label: literal(item.label), enabled: item.enabled, click: () => run(item.command) };
    case 'menu':
      return { label: literal(item.label), submenu: trayTemplate(item.items, run) };
  }
}

/** In a menu, a single `&` underlines the next letter. */
const literal = (label: string): string => label.replaceAll('&', '&&');
