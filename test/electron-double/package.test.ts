import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parsePlistFile } from 'app-builder-lib/out/util/plist.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtWith } from '../../main/build.mjs';
import { writeSbom } from '../../main/cli/sbom.mjs';
import { appsIn, archiveFaults, fuseFaults } from '../package/faults.mjs';
import { DoubledApp } from './driver.ts';
import { type AskedFpm, extractAsar, packAsar, packForLinux, packForMac, ROOT } from './packaging.ts';

const folder = mkdtempSync(join(tmpdir(), 'electron-package-'));
const resources = join(folder, 'release', 'linux-unpacked', 'resources');
const archive = join(resources, 'app.asar');
/** Where the archive was unpacked. */
const content = join(folder, 'content');
let deb: AskedFpm;
let rpm: AskedFpm;
let mac = '';

beforeAll(async () => {
  ({ deb, rpm } = await packForLinux(ROOT, folder));
  mac = await packForMac(ROOT, folder);
  extractAsar(archive, content);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (...path: string[]): string => readFileSync(join(...path), 'utf8');

describe('the package', () => {
  it('holds the bundle and nothing else: no secret, no source map, no folder of the computer that made it', () => {
    expect(archiveFaults(archive, { root: ROOT, env: process.env })).toEqual([]);
  });

  it('holds the relay that is sent to sessions, line by line', () => {
    const main = join(content, 'dist', 'main');
    const bundle = readdirSync(main).map((file) => text(main, file));
    const lines = text(ROOT, 'assets/remote/relay.py').split('\n');
    // Within quotes, others look different.
    const plain = lines.filter((line) => !/["'`\\$]/.test(line));
    expect(plain.length).toBeGreaterThan(lines.length / 2);
    const holder = bundle.find((file) => file.includes(plain[0] ?? ''));
    expect(plain.filter((line) => !holder?.includes(line))).toEqual([]);
  });

  it('says nothing of scripts or of what it was developed with', () => {
    const manifest = JSON.parse(text(content, 'package.json'));
    expect(manifest).toMatchObject({
      main: 'dist/main/index.cjs',
      desktopName: 'clearml-session-tray.desktop',
    });
    for (const key of ['devDependencies', 'scripts']) expect(manifest).not.toHaveProperty(key);
  });

  it('starts with no other file of this checkout, and hears its first flag', async () => {
    const root = join(folder, 'started');
    extractAsar(archive, root);
    const app = new DoubledApp({ root, flags: ['--hidden'], env: { DOUBLE_PACKAGED: '1' } });
    try {
      const look = () =>
        app.evaluate(({ seen }) => ({ trays: seen.trays.length, windows: seen.windows.length }));
      await expect.poll(look).toEqual({ trays: 1, windows: 0 });
      await app.evaluate(({ seen }) => seen.trays[0]?.menu.choose('Show window'));
      const shown = () => app.inPage('', (page) => page.locator('body').innerText());
      await expect.poll(shown).toContain('Welcome');
      // What "Libraries and their licences" in the settings reads.
      const licences = await app.inPage('', (page) =>
        page.evaluate<string>("fetch('THIRD-PARTY-LICENSES.txt').then((file) => file.text())"),
      );
      expect(licences).toContain('Permission is hereby granted');
    } finally {
      await app.dispose();
    }
  });
});

describe('what looks through a package', () => {
  it('finds what does not belong there, wherever it is', async () => {
    const wrong = join(folder, 'wrong');
    const faulty = {
      'package.json': '{}',
      'node_modules/left-pad/index.js': '',
      'dist/build.json': '{}',
      'dist/main/demo-server.cjs': '',
      'dist/main/index.cjs': '//# sourceMappingURL=index.cjs.map',
      'dist/main/index.cjs.map': '{}',
      'dist/main/tunnels.cjs': `const at = '${ROOT}/main';`,
      'dist/preload/index.cjs': `const key = '-----BEGIN OPENSSH PRIVATE KEY-----\\n${'b3BlbnNzaC1r'.repeat(5)}';`,
      'dist/renderer/index.html': '<!-- the value of a secret -->',
      'dist/renderer/assets/a.js': `'ghp_${'x1'.repeat(18)}'`,
    };
    for (const [file, content] of Object.entries(faulty)) {
      mkdirSync(join(wrong, 'app', file, '..'), { recursive: true });
      writeFileSync(join(wrong, 'app', file), content);
    }
    await packAsar(join(wrong, 'app'), join(wrong, 'app.asar'));
    const env = { CSC_KEY_PASSWORD: 'the value of a secret', PATH: 'sourceMappingURL', SHORT_TOKEN: 'const' };
    expect(archiveFaults(join(wrong, 'app.asar'), { root: ROOT, env }).sort()).toEqual(
      [
        'There is no LICENSE.txt beside it.',
        'dist/build.json does not belong there.',
        'dist/main/demo-server.cjs does not belong there.',
        'dist/main/index.cjs points to a source map.',
        'dist/main/index.cjs.map does not belong there.',
        'dist/main/tunnels.cjs names the folder that it was made in.',
        'dist/preload/index.cjs holds a key or a token.',
        'dist/renderer/THIRD-PARTY-LICENSES.txt is missing.',
        'dist/renderer/assets/a.js holds a key or a token.',
        'dist/renderer/index.html holds what CSC_KEY_PASSWORD is set to.',
        'node_modules/left-pad/index.js does not belong there.',
      ].sort(),
    );
  });

  it('finds the app in a folder of packages, and a fuse that is not as it should be', async () => {
    const [app, ...others] = appsIn(join(folder, 'release')).filter(
      ({ program }) => !program.endsWith('.app'),
    );
    expect([app, others]).toEqual([{ archive, program: join(resources, '..', 'clearml-session-tray') }, []]);
    const open = join(folder, 'open');
    cpSync(join(folder, 'electron', 'electron'), open);
    expect(await fuseFaults(open)).toEqual([
      'The fuse RunAsNode is on.',
      'The fuse EnableCookieEncryption is off.',
      'The fuse EnableNodeOptionsEnvironmentVariable is on.',
      'The fuse OnlyLoadAppFromAsar is off.',
      'The fuse GrantFileProtocolExtraPrivileges is on.',
    ]);
  });
});

describe('the fuses of Electron', () => {
  it.each([
    ['Linux', () => join(resources, '..', 'clearml-session-tray')],
    ['macOS', () => mac],
  ])('are set in the program for %s', async (_, program) => {
    expect(await fuseFaults(program())).toEqual([]);
  });
});

describe('what goes with the package', () => {
  it('is its licence, those of Electron, and one of each library in the bundle', () => {
    expect(text(resources, 'LICENSE.txt')).toBe(text(ROOT, 'LICENSE'));
    expect(readdirSync(join(resources, '..'))).toEqual(
      expect.arrayContaining(['LICENSE.electron.txt', 'LICENSES.chromium.html']),
    );
    const licences = text(content, 'dist/renderer/THIRD-PARTY-LICENSES.txt').split(/^=+\n/m).slice(1);
    expect(licences.map((licence) => licence.split('\n')[0])).toEqual(
      builtWith(ROOT).map(({ name, version, licence }) => `${name} ${version} (${licence})`),
    );
    // A name and a line are no licence.
    expect(licences.filter((licence) => licence.length < 500)).toEqual([]);
  });

  it('is a list of what is in it', async () => {
    const sbom = JSON.parse(text(await writeSbom(ROOT))) as { components: { name: string }[] };
    const names = sbom.components.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining(['electron', 'ssh2', 'preact', 'ws', 'tar']));
    expect(names).toHaveLength(builtWith(ROOT).length + 1);
    expect(names.filter((name) => /vite|typescript|playwright|electron-builder/.test(name))).toEqual([]);
  });
});

describe('the packages for Linux', () => {
  /** The values that follow a flag. */
  const valuesOf = (asked: AskedFpm, flag: string): (string | undefined)[] =>
    asked.args.flatMap((arg, i) => (arg === flag ? [asked.args[i + 1]] : []));

  it('need what the app calls: notifications, the keyring, links, and what Electron is linked with', () => {
    expect(valuesOf(deb, '-d')).toEqual(
      expect.arrayContaining([
        'libnotify4',
        'libsecret-1-0',
        'xdg-utils',
        'libgtk-3-0',
        'libnss3',
        'libgbm1',
      ]),
    );
    expect(valuesOf(deb, '--deb-recommends')).toEqual(['openssh-client', 'libnotify-bin']);
    expect(valuesOf(rpm, '-d')).toEqual(
      expect.arrayContaining(['libnotify', '(libsecret or libsecret-1-0)', 'xdg-utils', 'gtk3']),
    );
  });

  it('tell desktops the name, the icon, the windows and the links of the app', () => {
    for (const { desktopEntry } of [deb, rpm]) {
      expect(desktopEntry.split('\n')).toEqual(
        expect.arrayContaining([
          'Name=ClearML Session Tray',
          'Exec="/opt/ClearML Session Tray/clearml-session-tray" %U',
          'Icon=clearml-session-tray',
          'StartupWMClass=clearml-session-tray',
          'MimeType=x-scheme-handler/clearml-session-tray;',
          'Categories=Development;',
        ]),
      );
    }
  });

  it('put icons where themes look for them', () => {
    // The largest one in the index of hicolor, which all themes fall back to, is 512.
    const icons = deb.args.flatMap(
      (arg) => /hicolor\/(\d+)x\1\/apps\/clearml-session-tray\.png$/.exec(arg)?.[1] ?? [],
    );
    expect(icons).toEqual(['16', '24', '32', '48', '64', '128', '256', '512']);
  });

  it('name no address but the one that the configuration gives', () => {
    for (const asked of [deb, rpm]) {
      expect(valuesOf(asked, '--maintainer')).toEqual(['ClearML Session Tray contributors']);
      expect(valuesOf(asked, '--url')).toEqual([expect.stringMatching(/^https:\/\//)]);
    }
  });
});

describe('the app for macOS', () => {
  it('tells the system its name, its version and its links', async () => {
    expect(await parsePlistFile(join(mac, 'Contents', 'Info.plist'))).toMatchObject({
      CFBundleIdentifier: 'app.clearml-session-tray',
      CFBundleName: 'ClearML Session Tray',
      CFBundleExecutable: 'ClearML Session Tray',
      CFBundleShortVersionString: JSON.parse(text(ROOT, 'package.json')).version,
      CFBundleURLTypes: [expect.objectContaining({ CFBundleURLSchemes: ['clearml-session-tray'] })],
      LSApplicationCategoryType: 'public.app-category.developer-tools',
      NSUserNotificationAlertStyle: 'alert',
      ElectronAsarIntegrity: { 'Resources/app.asar': { algorithm: 'SHA256' } },
    });
  });

  it('holds the same archive as the others, and its licence', () => {
    expect(readdirSync(join(mac, 'Contents', 'Resources'))).toContain('LICENSE.txt');
    expect(readFileSync(join(mac, 'Contents', 'Resources', 'app.asar')).equals(readFileSync(archive))).toBe(
      true,
    );
  });
});

describe('a second build', () => {
  // In the checkout, since hard links do not leave a file system; git ignores this folder.
  mkdirSync(join(ROOT, 'release'), { recursive: true });
  const again = mkdtempSync(join(ROOT, 'release', 'built-in-another-folder-'));
  afterAll(() => rmSync(again, { recursive: true, force: true }));

  it('elsewhere, by the clock and in the language of another country, makes the same bytes', async ({
    skip,
  }) => {
    skip(process.platform !== 'linux', 'cp makes hard links of folders on Linux only');
    for (const source of ['main', 'preload', 'renderer', 'assets', 'LICENSE']) {
      cpSync(join(ROOT, source), join(again, source), { recursive: true });
    }
    for (const file of ['package.json', 'package-lock.json', 'tsconfig.json', 'electron-builder.yml']) {
      cpSync(join(ROOT, file), join(again, file));
    }
    execFileSync('cp', ['--archive', '--link', join(ROOT, 'node_modules'), again]);
    execFileSync(process.execPath, ['main/launch.mjs', 'build'], {
      cwd: again,
      env: { ...process.env, TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8' },
      stdio: 'pipe',
    });
    expect(contentOf(join(again, 'dist'))).toEqual(contentOf(join(ROOT, 'dist')));
    const { unpacked } = await packForLinux(again, join(folder, 'again'));
    expect(readFileSync(join(unpacked, 'resources', 'app.asar')).equals(readFileSync(archive))).toBe(true);
  });

  /** The files below a folder, with the digest of what they hold. */
  function contentOf(root: string): Record<string, string> {
    const files = readdirSync(root, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    return Object.fromEntries(
      files.map((entry) => {
        const file = join(entry.parentPath, entry.name);
        return [file.slice(root.length), createHash('sha256').update(readFileSync(file)).digest('hex')];
      }),
    );
  }
});
