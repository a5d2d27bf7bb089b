import { EventEmitter } from 'node:events';
import type { Menu, MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { trayModel } from '../../../main/core/tray-model.ts';
import { fitTooltip, isPanelDark, TrayIcon, trayImage, trayTemplate } from '../../../main/electron/tray.ts';
import type { SessionView } from '../../../preload/contract/state.ts';
import { appState, ID, session } from '../../doubles/state.ts';

const modelOf = (...sessions: SessionView[]) => trayModel(appState({ sessions }), { now: 0, problems: [] });
const model = modelOf(session());

function drawn() {
  const menus: EventEmitter[] = [];
  const tray = { setContextMenu: vi.fn(), setImage: vi.fn(), setToolTip: vi.fn() };
  const icon = new TrayIcon({
    tray,
    image: (name) => `${name}.png`,
    platform: 'linux',
    menu: (items) => {
      const menu = Object.assign(new EventEmitter(), { items });
      menus.push(menu);
      return menu as unknown as Menu;
    },
  });
  icon.draw(model);
  return { tray, icon, menus };
}

describe('the tray', () => {
  it('draws icon, tooltip and menu', () => {
    const { tray } = drawn();
    expect(tray.setImage).toHaveBeenCalledExactlyOnceWith('ok.png');
    expect(tray.setToolTip).toHaveBeenCalledExactlyOnceWith('notebook: Connected');
    expect(tray.setContextMenu).toHaveBeenCalledOnce();
  });

  it('leaves an open menu alone while nothing in it changes', () => {
    const { tray, icon } = drawn();
    icon.draw({ ...structuredClone(model), icon: 'busy', tooltip: 'other' });
    expect(tray.setContextMenu).toHaveBeenCalledOnce();
    expect(tray.setImage).toHaveBeenLastCalledWith('busy.png');
    expect(tray.setToolTip).toHaveBeenLastCalledWith('other');
  });

  it('sets a whole new menu when something in it changes', () => {
    const { tray, icon } = drawn();
    icon.draw(modelOf(session({ name: 'other' })));
    expect(tray.setContextMenu).toHaveBeenCalledTimes(2);
    expect(tray.setContextMenu.mock.calls[0]?.[0]).not.toBe(tray.setContextMenu.mock.calls[1]?.[0]);
  });

  it('does not replace an open menu, and draws the last one once it is closed', async () => {
    const { tray, icon, menus } = drawn();
    menus[0]?.emit('menu-will-show');
    for (const name of ['one', 'two']) icon.draw(modelOf(session({ name })));
    expect(tray.setContextMenu).toHaveBeenCalledOnce();
    menus[0]?.emit('menu-will-close');
    await new Promise(setImmediate);
    expect(tray.setContextMenu).toHaveBeenCalledTimes(2);
    expect(menus[1]).toMatchObject({ items: modelOf(session({ name: 'two' })).items });
  });

  it('does not wait for ever for a menu whose closing nobody tells of', () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    const { tray, icon, menus } = drawn();
    menus[0]?.emit('menu-will-show');
    vi.advanceTimersByTime(61_000);
    icon.draw(modelOf(session({ name: 'other' })));
    expect(tray.setContextMenu).toHaveBeenCalledTimes(2);
    vi.useRealTimers();
  });

  it('names the moment when something happens by itself', () => {
    const at = new Date(2026, 10, 21, 14, 5, 9).getTime();
    const command = { do: 'reconnect', id: ID(1) } as const;
    const [item] = trayTemplate(
      [{ kind: 'item', label: 'Reconnect now', enabled: true, command, dueAt: at }],
      vi.fn(),
    );
    expect(item?.label).toMatch(/^Reconnect now \(by itself at .*05:09.*\)$/);
  });

  it.each([
    ['short enough', ['a: Connected', 'b: Ready'], 'a: Connected\nb: Ready'],
    ['too long', ['x'.repeat(60), 'y'.repeat(66), 'z'], `${'x'.repeat(60)}\nand 2 more`],
    ['one line too long', ['x'.repeat(200)], 'x'.repeat(127)],
  ])('on Windows has a tooltip that is %s cut at a line', (_, lines, expected) => {
    expect(fitTooltip(lines.join('\n'), 'win32')).toBe(expected);
    expect(fitTooltip(lines.join('\n'), 'linux')).toBe(lines.join('\n'));
  });

  it('draws the image again when the theme changes', () => {
    const { tray, icon } = drawn();
    icon.redrawImage();
    expect(tray.setImage.mock.calls).toEqual([['ok.png'], ['ok.png']]);
  });

  it('runs the command of an item', () => {
    const run = vi.fn();
    const menu = trayTemplate(model.items, run).find((item) => item.label === 'notebook: Connected');
    const actions = menu?.submenu as MenuItemConstructorOptions[] | undefined;
    const shell = actions?.find((item) => item.label === 'Shell');
    expect(shell?.enabled).toBe(true);
    shell?.click?.(undefined as never, undefined, undefined as never);
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'openShell', id: ID(1) });
  });

  it('shows an ampersand in a name as itself', () => {
    const [item] = trayTemplate([{ kind: 'note', label: 'R&D' }], vi.fn());
    expect(item).toEqual({ label: 'R&&D', enabled: false });
  });

  it.each([
    ['darwin', true, 'busyTemplate.png'],
    ['win32', true, 'busy-dark.ico'],
    ['win32', false, 'busy-light.ico'],
    ['linux', false, 'busy-light.png'],
  ] as const)('has an image for %s with a dark panel: %s', (platform, dark, file) => {
    expect(trayImage('busy', platform, dark)).toBe(file);
  });

  it.each([
    ['win32', '', { app: false, system: true }, true],
    ['win32', '', { app: true, system: false }, false],
    ['linux', 'KDE', { app: false, system: false }, false],
    ['linux', 'KDE', { app: true, system: false }, true],
    ['linux', 'ubuntu:GNOME', { app: false, system: false }, true],
  ] as const)('on %s %s with %o takes the panel for dark: %s', (platform, desktop, dark, expected) => {
    const theme = {
      shouldUseDarkColors: dark.app,
      shouldUseDarkColorsForSystemIntegratedUI: dark.system,
    };
    expect(isPanelDark(platform, { XDG_CURRENT_DESKTOP: desktop }, theme)).toBe(expected);
  });
});
