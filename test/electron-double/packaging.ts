import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';
import { Arch, build, type Configuration, Platform } from 'electron-builder';
import { distConfig } from '../../main/cli/dist.config.mjs';

export const ROOT = resolve(import.meta.dirname, '../..');

// Their types are those of another module system.
const asar: {
  createPackage(folder: string, file: string): Promise<void>;
  extractAll(file: string, to: string): void;
} = createRequire(import.meta.url)('@electron/asar');

export const packAsar = (folder: string, file: string): Promise<void> => asar.createPackage(folder, file);

export const extractAsar = (file: string, to: string): void => asar.extractAll(file, to);

/** Where Electron's program keeps its fuses: found by a mark, then their version, their number, and a digit for each. */
const FUSES = Buffer.concat([
  Buffer.from('dL7pKGdnNz796PbbjQWNKmHXBZaB9tsX'),
  Buffer.from([1, 8]),
  Buffer.from('10101001'),
]);

/** What electron-builder asked fpm for, which makes packages for Linux. */
export interface AskedFpm {
  readonly args: readonly string[];
  readonly desktopEntry: string;
}

/**
 * Packages for Linux around a stub of Electron; in place of fpm, a script writes down what it is asked for.
 *
 * @returns the folder that is packed, and what fpm was asked for
 */
export async function packForLinux(root: string, folder: string) {
  const bin = join(folder, 'bin');
  write(
    join(bin, 'fpm'),
    `#!/bin/sh
printf '%s\\n' "$@" > '${bin}'/"$5.args"
for arg in "$@"; do case "$arg" in *.desktop=*) cp "\${arg%%=*}" '${bin}'/"$5.desktop";; esac; done
`,
  );
  const { PATH, USE_SYSTEM_FPM } = process.env;
  Object.assign(process.env, { PATH: `${bin}${delimiter}${PATH}`, USE_SYSTEM_FPM: 'true' });
  try {
    await pack(root, folder, Platform.LINUX.createTarget(['deb', 'rpm'], Arch.x64), linuxElectron(folder));
  } finally {
    Object.assign(process.env, { PATH, USE_SYSTEM_FPM: USE_SYSTEM_FPM ?? '' });
  }
  const asked = (target: string): AskedFpm => ({
    args: readFileSync(join(bin, `${target}.args`), 'utf8').split('\n'),
    desktopEntry: readFileSync(join(bin, `${target}.desktop`), 'utf8'),
  });
  return { unpacked: join(folder, 'release', 'linux-unpacked'), deb: asked('deb'), rpm: asked('rpm') };
}

/**
 * Packages for macOS around a stub of Electron, without a signature.
 *
 * @returns the folder of the app
 */
export async function packForMac(root: string, folder: string): Promise<string> {
  await pack(root, folder, Platform.MAC.createTarget('dir', Arch.x64), macElectron(folder));
  return join(folder, 'release', 'mac', 'ClearML Session Tray.app');
}

async function pack(
  projectDir: string,
  folder: string,
  targets: ReturnType<Platform['createTarget']>,
  electronDist: string,
): Promise<void> {
  const config: Configuration = {
    ...distConfig({}),
    electronDist,
    directories: { output: join(folder, 'release') },
  };
  await build({ projectDir, targets, config });
}

/** As much of Electron's folder as electron-builder looks at. */
function linuxElectron(folder: string): string {
  const electron = join(folder, 'electron');
  mkdirSync(join(electron, 'resources'), { recursive: true });
  for (const file of ['chrome_crashpad_handler', 'chrome-sandbox']) write(join(electron, file), '');
  write(join(electron, 'electron'), FUSES);
  for (const file of ['version', 'LICENSE', 'LICENSES.chromium.html', 'resources.pak', 'locales/en-US.pak']) {
    write(join(electron, file), '');
  }
  return electron;
}

function macElectron(folder: string): string {
  const electron = join(folder, 'electron-mac');
  for (const file of ['version', 'LICENSE', 'LICENSES.chromium.html']) write(join(electron, file), '');
  const contents = join(electron, 'Electron.app', 'Contents');
  mkdirSync(join(contents, 'Resources'), { recursive: true });
  const frameworks = join(contents, 'Frameworks');
  write(join(frameworks, 'Electron Framework.framework/Versions/A/Resources/en.lproj/locale.pak'), '');
  write(join(frameworks, 'Electron Framework.framework/Electron Framework'), FUSES);
  const programs = ['', ' (GPU)', ' (Plugin)', ' (Renderer)'].map((kind) => `Electron Helper${kind}`);
  for (const [name, where] of [
    ['Electron', contents],
    ...programs.map((name) => [name, join(frameworks, `${name}.app`, 'Contents')] as const),
  ] as const) {
    write(join(where, 'MacOS', name), '');
    write(join(where, 'Info.plist'), '<plist version="1.0"><dict></dict></plist>');
  }
  return electron;
}

function write(file: string, text: string | Buffer): void {
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, text, { mode: 0o755 });
}
