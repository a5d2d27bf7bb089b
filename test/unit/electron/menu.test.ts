import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { menuTemplate } from '../../../main/electron/menu.ts';

const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...flat((item.submenu ?? []) as MenuItemConstructorOptions[])]);
const menu = (different: object = {}) => {
  const run = vi.fn();
  const openSettings = vi.fn();
  const act = vi.fn();
  const openWeb = vi.fn();
  const parts = { name: 'App', mac: false, developer: false, run, openSettings, act, openWeb, ...different };
  const items = flat(menuTemplate(parts));
  const click = (label: string): void =>
    items.find((item) => item.label === label)?.click?.(undefined as never, undefined, undefined as never);
  return { items, run, openSettings, act, openWeb, click, roles: items.map((item) => item.role) };
};

describe('the application menu', () => {
  it('starts a session and opens Settings', () => {
    const { run, openSettings, click } = menu();
    click('New Session…');
    click('Settings…');
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'newSession' });
    expect(openSettings).toHaveBeenCalledOnce();
  });

  it.each([
    [true, 'Quit App'],
    [false, 'Quit'],
  ])('always has a way to quit, which asks (macOS: %s)', (mac, label) => {
    const { click, run, roles } = menu({ mac });
    expect(roles).not.toContain('quit');
    click(label);
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'quit' });
  });

  it('has what macOS expects in the menu of an app, in its order', () => {
    const [app] = menuTemplate({
      name: 'App',
      mac: true,
      developer: false,
      run: vi.fn(),
      openSettings: vi.fn(),
      act: vi.fn(),
      openWeb: vi.fn(),
    });
    const items = (app?.submenu ?? []) as MenuItemConstructorOptions[];
    expect(items.map(({ role, label }) => role ?? label).filter(Boolean)).toEqual([
      'about',
      'Settings…',
      'services',
      'hide',
      'hideOthers',
      'unhide',
      'Quit App',
    ]);
  });

  it.each([true, false])('has each entry once, with one about the app (macOS: %s)', (mac) => {
    const { items, roles } = menu({ mac });
    const labels = items.flatMap(({ label }) => label ?? []);
    expect(new Set(labels).size).toBe(labels.length);
    expect(roles.filter((role) => role === 'about')).toHaveLength(1);
    expect(roles).toEqual(expect.arrayContaining(['editMenu', 'windowMenu', 'help']));
  });

  it('has the page do what its own keys do, and shows those', () => {
    const { act, click, items } = menu();
    for (const label of [
      'Command Palette…',
      'Sessions',
      'Workspaces',
      'Attach to a Session…',
      'Keyboard Shortcuts',
    ])
      click(label);
    expect(act.mock.calls.flat()).toEqual(['palette', 'sessions', 'workspaces', 'attach', 'shortcuts']);
    const keys = items.filter((item) => item.registerAccelerator === false).map((item) => item.accelerator);
    expect(keys.sort()).toEqual(['CommandOrControl+,', 'CommandOrControl+K']);
  });

  it('gives no keys to two entries', () => {
    const keys = menu({ mac: true, developer: true }).items.flatMap(({ accelerator }) => accelerator ?? []);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('leads to the documentation', () => {
    const { openWeb, click } = menu();
    click('ClearML Sessions on the Web');
    expect(openWeb).toHaveBeenCalledExactlyOnceWith(expect.stringMatching(/^https:\/\/clear\.ml\/docs\//));
  });

  it('simulates a sleep for developers only', () => {
    const { run, click } = menu({ developer: true });
    click('Simulate Suspend (10 s)');
    expect(run).toHaveBeenCalledExactlyOnceWith({ do: 'simulateSuspend' });
    expect(menu().items.map((item) => item.label)).not.toContain('&Developer');
  });

  it('cannot reload the page, and has developer tools for developers only', () => {
    expect(menu({ developer: true }).roles).toContain('toggleDevTools');
    expect(menu().roles).not.toContain('toggleDevTools');
    expect(menu({ developer: true }).roles).not.toContain('reload');
  });
});
