import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { LoginItemSettings } from 'electron';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { desktopEntry, startAtLogin } from '../../../main/electron/start-at-login.ts';

describe('starting at login', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'tray-login-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));
  const made = (platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}, isPackaged = true) => {
    const told: unknown[] = [];
    const item: Partial<LoginItemSettings> = { status: 'enabled', executableWillLaunchAtLogin: true };
    const app = {
      isPackaged,
      getLoginItemSettings: () => ({ openAtLogin: told.length > 0, ...item }) as LoginItemSettings,
      setLoginItemSettings: (settings: unknown) => void told.push(settings),
    };
    return { told, item, login: startAtLogin({ app, platform, env, home, execPath: '/opt/tray/tray' }) };
  };
  const entry = () => join(home, '.config', 'autostart', 'clearml-session-tray.desktop');

  it('is not offered for a checkout', () => expect(made('linux', {}, false).login).toBeUndefined());

  it('is the system’s own affair on macOS, which may want to be asked', () => {
    const { login, told, item } = made('darwin');
    expect(login?.get()).toBe(false);
    login?.set(true);
    expect(told).toEqual([{ openAtLogin: true }]);
    expect(login?.get()).toBe(true);
    item.status = 'requires-approval';
    expect(() => login?.set(true)).toThrow('macOS does not let the app start at login yet.');
    expect(() => login?.set(false)).not.toThrow();
  });

  it('is an item in the list of Windows, which the task manager may switch off', () => {
    const { login, told, item } = made('win32');
    expect(login?.get()).toBe(false);
    login?.set(true);
    expect(told).toEqual([{ openAtLogin: true, path: '/opt/tray/tray', args: ['--hidden'] }]);
    expect(login?.get()).toBe(true);
    item.executableWillLaunchAtLogin = false;
    expect(login?.get()).toBe(false);
  });

  it('starts a portable app itself, not the place where it is unpacked', () => {
    const { login, told } = made('win32', { PORTABLE_EXECUTABLE_FILE: 'D:\\Tray.exe' });
    login?.set(true);
    expect(told).toMatchObject([{ path: 'D:\\Tray.exe' }]);
  });

  it('is a file of the desktop on Linux', () => {
    const { login } = made('linux');
    const file = entry();
    expect(login?.get()).toBe(false);
    login?.set(true);
    expect(login?.get()).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/tray/tray" --hidden\n');
    const written = readFileSync(file, 'utf8');
    // As some desktops switch it off.
    writeFileSync(file, `${written}Hidden = true\n`);
    expect(login?.get()).toBe(false);
    writeFileSync(file, written.replace('enabled=true', 'enabled=false'));
    expect(login?.get()).toBe(false);
    login?.set(false);
    expect(existsSync(file)).toBe(false);
  });

  it('starts an AppImage itself, not the place where it is mounted', () => {
    const { login } = made('linux', {
      APPIMAGE: '/home/ada/Tray.AppImage',
      XDG_CONFIG_HOME: join(home, 'c'),
    });
    login?.set(true);
    expect(readFileSync(join(home, 'c', 'autostart', 'clearml-session-tray.desktop'), 'utf8')).toContain(
      'Exec="/home/ada/Tray.AppImage" --hidden',
    );
  });

  it('follows an AppImage that was replaced by a newer one, and leaves what somebody has changed', () => {
    const [older, newer] = ['1', '2'].map((n) => join(home, `100% "$x" ${n}.AppImage`));
    writeFileSync(older ?? '', '');
    made('linux', { APPIMAGE: older }).login?.set(true);
    const before = readFileSync(entry(), 'utf8');
    expect(made('linux', { APPIMAGE: newer }).login?.get()).toBe(true);
    expect(readFileSync(entry(), 'utf8')).toBe(before);
    rmSync(older ?? '');
    expect(made('linux', { APPIMAGE: newer }).login?.get()).toBe(true);
    expect(readFileSync(entry(), 'utf8')).toBe(desktopEntry(newer ?? ''));
    const changed = 'Exec=env A=b /gone --hidden\n';
    writeFileSync(entry(), changed);
    expect(made('linux', { APPIMAGE: newer }).login?.get()).toBe(true);
    expect(readFileSync(entry(), 'utf8')).toBe(changed);
  });

  it('says where it cannot write', () => {
    writeFileSync(join(home, '.config'), '');
    expect(() => made('linux').login?.set(true)).toThrow('cannot be written');
  });

  it.each([
    ['/a b/c', '"/a b/c"'],
    ['/100%', '"/100%%"'],
    ['/a"b$c', '"/a\\\\"b\\\\$c"'],
    ['/a\\b', '"/a\\\\\\\\b"'],
  ])('quotes %s as desktops read it', (program, quoted) => {
    expect(desktopEntry(program)).toContain(`Exec=${quoted} --hidden\n`);
  });
});
