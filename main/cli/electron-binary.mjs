import { join } from 'node:path';
import { desktopObstacle } from './host.mjs';
import { firstHop, unreachableReason } from './network.mjs';
import { run, tail } from './run.mjs';
import { readStamp, writeStamp } from './stamp.mjs';

const FAILURE = 'electron-failure.json';

/** What is remembered of a download that did not work. `at` is an epoch time in ms. */
/** @typedef {{ readonly at: number, readonly reason: string }} Failure */

const RETRY_AFTER_MS = 24 * 60 * 60_000;
/** About 120 MB; three minutes at 6 Mbit/s. */
const DOWNLOAD_MS = 5 * 60_000;

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
 * @param {{ readonly isAsked: boolean }} how whether a person waits for just this: else a missing network ends it at
 *   once, at the price of not looking into Electron's download cache
 * @returns {Promise<string | undefined>} why it did not work, in words that follow "was not fetched: "
 */
export async function fetchElectron(root, env, { isAsked }) {
  const unreachable = await unreachableReason(downloadHost(env));
  const failure = unreachable && !isAsked ? unreachable : await install(root, env);
  const reason = failure && (unreachable ?? failure);
  if (reason) rememberFailure(root, reason);
  return reason;
}

/**
 * @param {string} root
 * @returns {Failure | undefined}
 */
export function lastFailure(root) {
  const text = readStamp(root, FAILURE);
  return text === undefined ? undefined : JSON.parse(text);
}

/**
 * The first host that the download talks to: a proxy, a mirror or GitHub.
 *
 * @param {Readonly<NodeJS.ProcessEnv>} env
 * @returns {{ readonly host: string, readonly port: number }}
 */
export function downloadHost(env) {
  const mirror = env.npm_config_electron_mirror ?? env.ELECTRON_MIRROR;
  return firstHop(mirror ?? RELEASES, proxyOf(env));
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

/**
 * @param {string} root
 * @param {string} reason
 */
function rememberFailure(root, reason) {
  /** @type {Failure} */
  const failure = { at: Date.now(), reason };
  writeStamp(root, FAILURE, JSON.stringify(failure));
}
