import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Where to run, and why in words that follow "Electron: " or "Browser mode: ". `none` when Electron was asked for
 * by name and cannot run.
 *
 * @typedef {(
 *   { readonly host: 'electron', readonly binary: string, readonly why: string }
 *   | { readonly host: 'browser' | 'none', readonly why: string }
 * )} Choice
 */

/**
 * What decides about the host.
 *
 * @typedef {object} Place
 * @property {NodeJS.Platform} platform
 * @property {Readonly<NodeJS.ProcessEnv>} env
 * @property {boolean} isRoot
 */

/** @returns {Place} */
export function thisPlace() {
  return { platform: process.platform, env: process.env, isRoot: process.getuid?.() === 0 };
}

/**
 * Electron where it can run, else browser mode.
 *
 * @param {Place & { readonly wanted: 'browser' | 'electron' | undefined, readonly binary: string | undefined }} from
 * @returns {Choice}
 */
export function chooseHost({ wanted, binary, ...place }) {
  if (wanted === 'browser') return { host: 'browser', why: 'asked for with --browser' };
  const obstacle = desktopObstacle(place);
  if (binary && !obstacle) {
    return {
      host: 'electron',
      binary,
      why: wanted ? 'asked for with --electron' : 'its binary is installed',
    };
  }
  const why = obstacle ?? 'the Electron binary is not installed ("npm run electron:install" fetches it)';
  return { host: wanted === 'electron' ? 'none' : 'browser', why };
}

/**
 * What keeps Electron from running here even if its binary is installed; undefined on a person's desktop.
 *
 * @param {Place} place
 * @returns {string | undefined}
 */
export function desktopObstacle({ platform, env, isRoot }) {
  if (platform === 'win32' || platform === 'darwin') return undefined;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display (DISPLAY, WAYLAND_DISPLAY)';
  if (isRoot) return 'Electron keeps its sandbox, and so does not run as root';
  return undefined;
}

/**
 * Electron's binary, found without importing `electron`: that import downloads, then throws.
 *
 * @param {string} root of the project
 * @param {Pick<Place, 'platform' | 'env'>} place
 * @returns {string | undefined}
 */
export function findElectron(root, { platform, env }) {
  const home = join(root, 'node_modules', 'electron');
  const named = readText(join(home, 'path.txt'));
  const override = env.ELECTRON_OVERRIDE_DIST_PATH;
  const binary = override
    ? join(override, named ?? BINARY[platform] ?? 'electron')
    : named && join(home, 'dist', named);
  return binary && existsSync(binary) ? binary : undefined;
}

/** As in electron/install.js. @type {Partial<Record<NodeJS.Platform, string>>} */
const BINARY = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' };

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : undefined;
}
