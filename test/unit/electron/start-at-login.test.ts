import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
    const app = {
      isPackaged,
      getLoginItemSettings: () => ({ openAtLogin: told.length > 0 }) as never,
      setLoginItemSettings: (settings: unknown) => void told.push(settings),
    };
    return { told, login: startAtLogin({ app, platform, env, home, execPath: '/opt/tray/tray' }) };
  };

  it('is not offered for a checkout', () => expect(made('linux', {}, false).login).toBeUndefined());

  it.each(['darwin', 'win32'] as const)('is the system’s own affair on %s', (platform) => {
    const { login, told } = made(platform);
    expect(login?.get()).toBe(false);
    login?.set(true);
    expect(told).toEqual([{ openAtLogin: true, args: ['--hidden'] }]);
    expect(login?.get()).toBe(true);
  });

  it('is a file of the desktop on Linux', () => {
    const { login } = made('linux');
    const file = join(home, '.config', 'autostart', 'clearml-session-tray.desktop');
    expect(login?.get()).toBe(false);
    login?.set(true);
    expect(login?.get()).toBe(true);
    expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/tray/tray" --hidden\n');
    // As some desktops switch it off.
    writeFileSync(file, `${readFileSync(file, 'utf8')}Hidden=true\n`);
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
