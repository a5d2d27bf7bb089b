import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { menuTemplate } from '../../../main/electron/menu.ts';

const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...flat((item.submenu ?? []) as MenuItemConstructorOptions[])]);
const menu = (different: object = {}) => {
  const run = vi.fn();
  const openSettings = vi.fn();
  const items = flat(
    menuTemplate({ name: 'App', mac: false, developer: false, run, openSettings, ...different }),
  );
  const click = (label: string): void =>
    items.find((item) => item.label === label)?.click?.(undefined as never, undefined, undefined as never);
  return { items, run, openSettings, click, roles: items.map((item) => item.role) };
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

  it('has what macOS expects in the menu of an app', () => {
    expect(menu({ mac: true }).roles).toEqual(
      expect.arrayContaining(['about', 'services', 'hide', 'unhide']),
    );
    expect(menu().roles).not.toContain('about');
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
