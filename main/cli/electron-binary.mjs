import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { desktopObstacle } from './host.mjs';
import { run, tail } from './run.mjs';

/** What is remembered of a download that did not work. `at` is an epoch time in ms. */
/** @typedef {{ readonly at: number, readonly reason: string }} Failure */

const RETRY_AFTER_MS = 24 * 60 * 60_000;
/** About 120 MB; three minutes at 6 Mbit/s. */
const DOWNLOAD_MS = 5 * 60_000;
const PREFLIGHT_MS = 3000;

/** Where electron/install.js downloads from unless a mirror is named. */
const RELEASES = 'https://github.com/';

/**
 * Whether `npm start` fetches Electron's binary first: once, on a person's desktop, where it would be used.
 *
 * @param {import('./host.mjs').Place & {
 *   readonly wanted: 'browser' | 'electron' | undefined,
 *   readonly binary: string | undefined,
 *   readonly failure: Failure | undefined,
 *   readonly now: number,
 * }} from
 * @returns {boolean}
 */
export function shouldFetch({ wanted, binary, failure, now, ...place }) {
  if (binary || wanted === 'browser') return false;
  if (desktopObstacle(place) || isCi(place.env)) return false;
  return !failure || now - failure.at >= RETRY_AFTER_MS;
}

/**
 * Downloads the binary with Electron's own installer, within a bounded time.
 *
 * @param {string} root of the project
 * @param {Readonly<NodeJS.ProcessEnv>} env
 * @param {{ readonly preflight: boolean }} how a preflight sees a missing network at once, but would also miss a copy
 *   in Electron's download cache
 * @returns {Promise<string | undefined>} why it did not work, in words that follow "was not fetched: "
 */
export async function fetchElectron(root, env, { preflight }) {
  const source = downloadHost(env);
  const unreachable = preflight ? await unreachableReason(source) : undefined;
  const reason = unreachable ?? (await install(root, env));
  if (reason) rememberFailure(root, reason);
  else rmSync(failureFile(root), { force: true });
  return reason;
}

/**
 * @param {string} root
 * @returns {Failure | undefined}
 */
export function lastFailure(root) {
  const file = failureFile(root);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
}

/**
 * The first host that the download talks to: a proxy, a mirror or GitHub.
 *
 * @param {Readonly<NodeJS.ProcessEnv>} env
 * @returns {{ readonly host: string, readonly port: number }}
 */
export function downloadHost(env) {
  const proxy = proxyOf(env);
  const mirror = env.npm_config_electron_mirror ?? env.ELECTRON_MIRROR;
  const url = new URL(proxy ?? mirror ?? RELEASES);
  return { host: url.hostname, port: Number(url.port) || (url.protocol === 'http:' ? 80 : 443) };
}

/** @param {Readonly<NodeJS.ProcessEnv>} env */
function proxyOf(env) {
  return env.HTTPS_PROXY || env.https_proxy || undefined;
}

/** @param {Readonly<NodeJS.ProcessEnv>} env */
function isCi(env) {
  return !['', '0', 'false', undefined].includes(env.CI);
}

/**
 * @param {{ readonly host: string, readonly port: number }} target
 * @returns {Promise<string | undefined>}
 */
function unreachableReason({ host, port }) {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    /** @param {string | undefined} reason */
    const finish = (reason) => {
      clearTimeout(limit);
      socket.destroy();
      resolve(reason);
    };
    const limit = setTimeout(() => finish(`${host} does not answer`), PREFLIGHT_MS);
    socket.once('connect', () => finish(undefined));
    socket.once('error', () => finish(`${host} cannot be reached`));
  });
}

/**
 * @param {string} root
 * @param {Readonly<NodeJS.ProcessEnv>} env
 * @returns {Promise<string | undefined>}
 */
async function install(root, env) {
  const { output, reason } = await run([process.execPath, join(root, 'node_modules/electron/install.js')], {
    cwd: root,
    timeoutMs: DOWNLOAD_MS,
    doing: 'Fetching Electron',
    env: proxyOf(env) ? { ...env, ELECTRON_GET_USE_PROXY: 'true' } : { ...env },
  });
  return reason && (tail(output, 40).split('\n')[0] || reason);
}

/** @param {string} root */
function failureFile(root) {
  return join(root, 'node_modules/.cache/clearml-session-tray/electron-failed.json');
}

/**
 * @param {string} root
 * @param {string} reason
 */
function rememberFailure(root, reason) {
  mkdirSync(dirname(failureFile(root)), { recursive: true });
  /** @type {Failure} */
  const failure = { at: Date.now(), reason };
  writeFileSync(failureFile(root), JSON.stringify(failure));
}
