import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { downloadHost, shouldFetch } from '../../../main/cli/electron-binary.mjs';
import {
  chooseHost,
  desktopObstacle,
  findElectron,
  isSetuidRoot,
  type Place,
} from '../../../main/cli/host.mjs';

const server: Place = {
  platform: 'linux',
  env: {},
  isRoot: false,
  refusesNamespaces: false,
  isSetuidRoot: () => false,
};
const desktop: Place = { ...server, env: { DISPLAY: ':0' } };
const wayland: Place = { ...server, env: { WAYLAND_DISPLAY: 'wayland-0' } };
const root: Place = { ...desktop, isRoot: true };
const ubuntu: Place = { ...desktop, refusesNamespaces: true };
const mac: Place = { ...server, platform: 'darwin' };
const windows: Place = { ...server, platform: 'win32' };

describe('the choice of a host', () => {
  it.each([
    ['a Linux desktop with the binary', desktop, undefined, '/e', 'electron', 'its binary is installed'],
    ['Wayland with the binary', wayland, undefined, '/e', 'electron', 'its binary is installed'],
    ['macOS with the binary', mac, undefined, '/e', 'electron', 'its binary is installed'],
    ['Windows with the binary', windows, undefined, '/e', 'electron', 'its binary is installed'],
    ['--electron with the binary', desktop, 'electron', '/e', 'electron', '--electron'],
    ['--browser with the binary', desktop, 'browser', '/e', 'browser', '--browser'],
    ['a desktop without the binary', desktop, undefined, undefined, 'browser', 'npm run electron:install'],
    ['a server with the binary', server, undefined, '/e', 'browser', 'no display'],
    ['a server without the binary', server, undefined, undefined, 'browser', 'no display'],
    ['root with the binary', root, undefined, '/e', 'browser', 'root'],
    ['--electron without the binary', desktop, 'electron', undefined, 'none', 'npm run electron:install'],
    ['--electron without a display', server, 'electron', '/e', 'none', 'no display'],
    ['--electron as root', root, 'electron', '/e', 'none', 'root'],
    ['Ubuntu 24.04 with the binary', ubuntu, undefined, '/e', 'browser', 'sandbox'],
    ['Ubuntu 24.04 without the binary', ubuntu, undefined, undefined, 'browser', 'npm run electron:install'],
    ['--electron on Ubuntu 24.04', ubuntu, 'electron', '/e', 'none', 'sandbox'],
    [
      'Ubuntu 24.04 with a setuid helper',
      { ...ubuntu, isSetuidRoot: () => true },
      undefined,
      '/e',
      'electron',
      'its binary is installed',
    ],
    [
      'macOS, whatever a file of Linux says',
      { ...mac, refusesNamespaces: true },
      undefined,
      '/e',
      'electron',
      'its binary is installed',
    ],
    [
      '--browser as root on a server',
      { ...server, isRoot: true },
      'browser',
      undefined,
      'browser',
      '--browser',
    ],
  ] as const)('on %s', (_, place, wanted, binary, host, why) => {
    const choice = chooseHost({ ...place, wanted, binary });
    expect(choice.host).toBe(host);
    expect(choice.why).toContain(why);
  });
});

describe('a sandbox that the system refuses', () => {
  it.each([
    ['/app/electron/dist/electron', '/app/electron/dist/chrome-sandbox'],
    ["/Ada's apps/dist/electron", "'/Ada'\\''s apps/dist/chrome-sandbox'"],
  ])('is allowed by a command for the helper beside %s', (binary, helper) => {
    const command = `"sudo chown root:root ${helper} && sudo chmod 4755 ${helper}"`;
    expect(desktopObstacle({ ...ubuntu, binary })).toContain(command);
  });

  it('asks about the helper beside the binary', () => {
    const isSetuidRoot = vi.fn(() => true);
    expect(desktopObstacle({ ...ubuntu, isSetuidRoot, binary: '/app/electron' })).toBeUndefined();
    expect(isSetuidRoot).toHaveBeenCalledExactlyOnceWith('/app/chrome-sandbox');
  });
});

describe('the download of Electron', () => {
  const now = Date.UTC(2026, 0, 2);
  const hour = 3_600_000;
  it.each([
    ['a desktop without the binary', desktop, undefined, undefined, undefined, true],
    ['macOS without the binary', mac, undefined, undefined, undefined, true],
    ['Ubuntu 24.04 without the binary', ubuntu, undefined, undefined, undefined, true],
    ['--electron without the binary', desktop, 'electron', undefined, undefined, true],
    ['a desktop with the binary', desktop, undefined, '/e', undefined, false],
    ['--browser', desktop, 'browser', undefined, undefined, false],
    ['a server', server, undefined, undefined, undefined, false],
    ['root', root, undefined, undefined, undefined, false],
    ['CI', { ...desktop, env: { DISPLAY: ':0', CI: 'true' } }, undefined, undefined, undefined, false],
    ['CI=false', { ...desktop, env: { DISPLAY: ':0', CI: 'false' } }, undefined, undefined, undefined, true],
    ['a failure an hour ago', desktop, undefined, undefined, hour, false],
    ['a failure an hour ago and --electron', desktop, 'electron', undefined, hour, false],
    ['a failure a day ago', desktop, undefined, undefined, 24 * hour, true],
  ] as const)('with %s', (_, place, wanted, binary, failedAgo, fetched) => {
    const failure = failedAgo === undefined ? undefined : { at: now - failedAgo, reason: 'no network' };
    expect(shouldFetch({ ...place, wanted, binary, failure, now })).toBe(fetched);
  });

  it.each([
    ['GitHub', {}, { host: 'github.com', port: 443 }],
    [
      'a mirror',
      { ELECTRON_MIRROR: 'https://mirror.example/electron/' },
      { host: 'mirror.example', port: 443 },
    ],
    [
      'a mirror on a port',
      { ELECTRON_MIRROR: 'http://mirror.example:8080/' },
      { host: 'mirror.example', port: 8080 },
    ],
    ['a proxy', { HTTPS_PROXY: 'http://proxy.example:3128' }, { host: 'proxy.example', port: 3128 }],
    [
      'a proxy on its usual port',
      { https_proxy: 'http://proxy.example' },
      { host: 'proxy.example', port: 80 },
    ],
  ])('asks first whether %s answers', (_, env, target) => {
    expect(downloadHost(env)).toEqual(target);
  });
});

describe("Electron's binary", () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tray host '));
    mkdirSync(join(folder, 'node_modules/electron/dist'), { recursive: true });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is found where path.txt says', () => {
    writeFileSync(join(folder, 'node_modules/electron/path.txt'), 'electron');
    writeFileSync(join(folder, 'node_modules/electron/dist/electron'), '');
    expect(findElectron(folder, desktop)).toBe(join(folder, 'node_modules/electron/dist/electron'));
  });

  it('is not found when path.txt points at nothing', () => {
    writeFileSync(join(folder, 'node_modules/electron/path.txt'), 'electron');
    expect(findElectron(folder, desktop)).toBeUndefined();
  });

  it('is not found before the download', () => {
    expect(findElectron(folder, desktop)).toBeUndefined();
  });

  it.each([
    ['linux', 'electron'],
    ['win32', 'electron.exe'],
    ['darwin', 'Electron.app/Contents/MacOS/Electron'],
  ] as const)('is found on %s in the folder that ELECTRON_OVERRIDE_DIST_PATH names', (platform, name) => {
    const file = join(folder, 'own', name);
    mkdirSync(join(file, '..'), { recursive: true });
    writeFileSync(file, '');
    const env = { ELECTRON_OVERRIDE_DIST_PATH: join(folder, 'own') };
    expect(findElectron(folder, { platform, env })).toBe(file);
  });

  it.for([
    ['owned by root with mode 4755', 0, 0o4755, true],
    ['owned by root without the bit', 0, 0o755, false],
    ['with the bit, owned by somebody else', 1000, 0o4755, false],
    ['that others may change', 0, 0o4777, false],
  ] as const)('has a setuid helper %s', ([_, owner, mode, is], { skip }) => {
    skip(process.getuid?.() !== 0, 'only root can give files away');
    const helper = join(folder, 'chrome-sandbox');
    writeFileSync(helper, '');
    chownSync(helper, owner, owner);
    chmodSync(helper, mode);
    expect(isSetuidRoot(helper)).toBe(is);
  });

  it('may have no setuid helper', () => {
    expect(isSetuidRoot(join(folder, 'chrome-sandbox'))).toBe(false);
  });
});
