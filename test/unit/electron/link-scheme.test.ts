import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { linkScheme, linksEntry } from '../../../main/electron/link-scheme.ts';
import { silentLog } from '../../doubles/log.ts';

describe('links of the app', () => {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'link-scheme-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  function made(platform: NodeJS.Platform, env: NodeJS.ProcessEnv = {}, isPackaged = true) {
    const told: unknown[] = [];
    const tell =
      (what: string) =>
      (...words: unknown[]): boolean => {
        told.push([what, ...words]);
        isDefault = what === 'set';
        return true;
      };
    let isDefault = false;
    const app = {
      isPackaged,
      isDefaultProtocolClient: () => isDefault,
      setAsDefaultProtocolClient: tell('set'),
      removeAsDefaultProtocolClient: tell('remove'),
    };
    const run = (program: string, args: readonly string[]): void => void told.push([program, ...args]);
    return { told, scheme: linkScheme({ app, platform, env, home, run, log: silentLog }) };
  }

  it('are not those of a checkout', () => expect(made('linux', {}, false).scheme).toBeUndefined());

  it.each(['darwin', 'win32'] as const)('are registered with %s, and taken back', (platform) => {
    const { scheme, told } = made(platform);
    expect(scheme?.canChoose).toBe(true);
    scheme?.set(true);
    scheme?.set(true);
    scheme?.set(false);
    expect(told).toEqual([
      ['set', 'clearml-session-tray', undefined],
      ['remove', 'clearml-session-tray', undefined],
    ]);
  });

  it('start a portable app itself, not the place where it is unpacked', () => {
    const { scheme, told } = made('win32', { PORTABLE_EXECUTABLE_FILE: 'D:\\Tray.exe' });
    scheme?.set(true);
    expect(told).toEqual([['set', 'clearml-session-tray', 'D:\\Tray.exe']]);
  });

  it('are left to the package that is installed on Linux', () => {
    const { scheme, told } = made('linux');
    expect(scheme?.canChoose).toBe(false);
    scheme?.set(true);
    expect(told).toEqual([]);
  });

  it('are made known by an AppImage, once, and again where it has moved', () => {
    const folder = join(home, '.local', 'share', 'applications');
    const file = join(folder, 'clearml-session-tray-links.desktop');
    const { scheme, told } = made('linux', { APPIMAGE: '/home/ada/Tray.AppImage' });
    scheme?.set(true);
    scheme?.set(true);
    expect(readFileSync(file, 'utf8')).toBe(linksEntry('/home/ada/Tray.AppImage'));
    expect(statSync(file).mode & 0o777).toBe(0o644);
    expect(told).toEqual([
      ['update-desktop-database', folder],
      ['xdg-mime', 'default', 'clearml-session-tray-links.desktop', 'x-scheme-handler/clearml-session-tray'],
    ]);
    made('linux', { APPIMAGE: '/opt/Tray.AppImage' }).scheme?.set(true);
    expect(readFileSync(file, 'utf8')).toContain('Exec="/opt/Tray.AppImage" %u\n');
    scheme?.set(false);
    scheme?.set(false);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('go where the desktop looks, and are no reason to fail', () => {
    const data = join(home, 'data');
    const env = { APPIMAGE: '/t', XDG_DATA_HOME: data };
    writeFileSync(data, 'a file in its way');
    expect(() => made('linux', env).scheme?.set(true)).not.toThrow();
    rmSync(data);
    made('linux', env).scheme?.set(true);
    expect(readdirSync(join(data, 'applications'))).toHaveLength(1);
  });

  it.each([
    ['/a b/c', '/a b/c', '"/a b/c"'],
    ['/100%/`x`', '/100%/`x`', '"/100%%/\\\\`x\\\\`"'],
    ['/a\\b', '/a\\\\b', '"/a\\\\\\\\b"'],
  ])('are written for %s as desktops read it', (program, tried, quoted) => {
    expect(linksEntry(program)).toContain(`TryExec=${tried}\nExec=${quoted} %u\n`);
  });

  const hasTools = (): boolean => {
    try {
      for (const tool of ['desktop-file-validate', 'update-desktop-database', 'xdg-mime']) {
        execFileSync('which', [tool], { stdio: 'ignore' });
      }
      return true;
    } catch {
      return false;
    }
  };

  it('are found by the tools of the desktops, until they are taken back', (context) => {
    context.skip(!hasTools(), 'xdg-utils and desktop-file-utils are not installed');
    const dirs = { XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config') };
    mkdirSync(dirs.XDG_CONFIG_HOME);
    const env = { PATH: process.env.PATH, HOME: home, ...dirs };
    const program = join(home, '100% "sure".AppImage');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    const scheme = linkScheme({
      app: {
        isPackaged: true,
        isDefaultProtocolClient: () => false,
        setAsDefaultProtocolClient: () => true,
        removeAsDefaultProtocolClient: () => true,
      },
      platform: 'linux',
      env: { ...dirs, APPIMAGE: program },
      home,
      run: (tool, args) => void execFileSync(tool, args, { env }),
      log: silentLog,
    });
    const type = 'x-scheme-handler/clearml-session-tray';
    const handler = (): string =>
      String(execFileSync('xdg-mime', ['query', 'default', type], { env })).trim();
    expect(handler()).toBe('');
    scheme?.set(true);
    const entry = join(dirs.XDG_DATA_HOME, 'applications', 'clearml-session-tray-links.desktop');
    execFileSync('desktop-file-validate', [entry]);
    expect(handler()).toBe('clearml-session-tray-links.desktop');
    scheme?.set(false);
    expect(readdirSync(join(dirs.XDG_DATA_HOME, 'applications'))).toEqual(['mimeinfo.cache']);
    expect(handler()).toBe('');
  });
});
