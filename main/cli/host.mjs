import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

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
 * @property {boolean} refusesNamespaces whether this system refuses user namespaces, of which Chromium builds its
 *   sandbox, to what a person starts
 * @property {(file: string) => boolean} isSetuidRoot whether a program always runs as root
 */

/** Ubuntu 23.10 and later set the first one to 1, older Debian and hardened kernels the second one to 0. */
const REFUSALS = {
  '/proc/sys/kernel/apparmor_restrict_unprivileged_userns': '1',
  '/proc/sys/kernel/unprivileged_userns_clone': '0',
};

/** @returns {Place} */
export function thisPlace() {
  return {
    platform: process.platform,
    env: process.env,
    isRoot: process.getuid?.() === 0,
    refusesNamespaces: Object.entries(REFUSALS).some(([file, value]) => readText(file) === value),
    isSetuidRoot,
  };
}

/**
 * @param {string} file
 * @returns {boolean}
 */
export function isSetuidRoot(file) {
  const stats = statSync(file, { throwIfNoEntry: false });
  return stats?.uid === 0 && (stats.mode & 0o7777) === 0o4755;
}

/**
 * Electron where it can run, else browser mode.
 *
 * @param {Place & { readonly wanted: 'browser' | 'electron' | undefined, readonly binary: string | undefined }} from
 * @returns {Choice}
 */
export function chooseHost({ wanted, binary, ...place }) {
  if (wanted === 'browser') return { host: 'browser', why: 'asked for with --browser' };
  const obstacle = desktopObstacle({ ...place, binary });
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
 * @param {Place & { readonly binary?: string | undefined }} from
 * @returns {string | undefined}
 */
export function desktopObstacle({ platform, env, isRoot, binary, refusesNamespaces, isSetuidRoot }) {
  if (platform === 'win32' || platform === 'darwin') return undefined;
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'there is no display (DISPLAY, WAYLAND_DISPLAY)';
  if (isRoot) return 'Electron keeps its sandbox, and so does not run as root';
  // Chromium's other sandbox; it aborts when it can have neither.
  const helper = binary && join(dirname(binary), 'chrome-sandbox');
  if (helper && refusesNamespaces && !isSetuidRoot(helper)) {
    const file = quoted(helper);
    return `this system keeps Electron from its sandbox ("sudo chown root:root ${file} && sudo chmod 4755 ${file}" allows it)`;
  }
  return undefined;
}

/**
 * A path as a shell takes it.
 *
 * @param {string} path
 */
function quoted(path) {
  return /^[\w./+@-]+$/.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`;
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
