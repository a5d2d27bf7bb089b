import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build, Platform } from 'electron-builder';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DoubledApp } from './driver.ts';

const ROOT = resolve(import.meta.dirname, '../..');
// Its types are those of another module system.
const asar: { listPackage(file: string): string[]; extractAll(file: string, to: string): void } =
  createRequire(import.meta.url)('@electron/asar');

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'electron-package-'));
  const archive = join(folder, 'release', 'linux-unpacked', 'resources', 'app.asar');
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  beforeAll(async () => {
    await build({
      projectDir: ROOT,
      targets: Platform.LINUX.createTarget('dir'),
      config: {
        extends: join(ROOT, 'electron-builder.yml'),
        electronDist: stubElectron(join(folder, 'electron')),
        // There is no binary whose fuses could be set.
        electronFuses: null,
        directories: { output: join(folder, 'release') },
      },
    });
  });

  it('holds the bundle and nothing else', () => {
    const files = asar.listPackage(archive).map((file) => file.replaceAll('\\', '/'));
    const kinds = new Set(files.map((file) => file.replace(/^(\/dist\/[^/]+).*/, '$1')));
    expect([...kinds].sort()).toEqual([
      '/dist',
      '/dist/assets',
      '/dist/main',
      '/dist/preload',
      '/dist/renderer',
      '/package.json',
    ]);
    expect(files).toEqual(
      expect.arrayContaining([
        '/dist/main/index.cjs',
        '/dist/preload/index.cjs',
        '/dist/renderer/index.html',
      ]),
    );
    expect(files.filter((file) => /demo-server|node_modules|\.map$|build\.json/.test(file))).toEqual([]);
  });

  it('says nothing of scripts or of what it was developed with', () => {
    const root = join(folder, 'unpacked');
    asar.extractAll(archive, root);
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    expect(manifest).toMatchObject({
      main: 'dist/main/index.cjs',
      desktopName: 'clearml-session-tray.desktop',
    });
    expect(Object.keys(manifest)).not.toEqual(expect.arrayContaining(['devDependencies']));
  });

  it('starts with no other file of this checkout, and hears its first flag', async () => {
    const root = join(folder, 'started');
    asar.extractAll(archive, root);
    const app = new DoubledApp({ root, flags: ['--hidden'], env: { DOUBLE_PACKAGED: '1' } });
    try {
      const look = () =>
        app.evaluate(({ seen }) => ({ trays: seen.trays.length, windows: seen.windows.length }));
      await expect.poll(look, { timeout: 30_000 }).toEqual({ trays: 1, windows: 0 });
      await app.evaluate(({ seen }) => seen.trays[0]?.menu.choose('Show window'));
      const text = () => app.inPage('', (page) => page.locator('body').innerText());
      await expect.poll(text, { timeout: 30_000 }).toContain('Welcome');
    } finally {
      await app.dispose();
    }
  });
});

/** As much of Electron's folder as electron-builder looks at. */
function stubElectron(folder: string): string {
  mkdirSync(join(folder, 'resources'), { recursive: true });
  mkdirSync(join(folder, 'locales'));
  for (const file of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) {
    writeFileSync(join(folder, file), '#!/bin/sh\n', { mode: 0o755 });
  }
  for (const file of ['version', 'LICENSE', 'LICENSES.chromium.html', 'resources.pak', 'locales/en-US.pak']) {
    writeFileSync(join(folder, file), '');
  }
  return folder;
}
