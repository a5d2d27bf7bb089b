import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build, builtFrom, fingerprint } from './build.mjs';
import { withLock } from './cli/lock.mjs';
import { firstHop, unreachableReason } from './cli/network.mjs';
import { report, run, tail } from './cli/run.mjs';
import { isReadOnly, readStamp, writeStamp } from './cli/stamp.mjs';

const INSTALLED = 'installed';

const INSTALL_MS = 10 * 60_000;

/**
 * `npm ci` for a person who waits for it: everything is installed whatever NODE_ENV says, and nothing is compiled (no
 * package here needs its install script).
 */
const CI = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
  '--fetch-retry-mintimeout=1000',
  '--fetch-retry-maxtimeout=5000',
];

/** A set-up step that is not possible here; the message says what is missing and the command that brings it. */
export class SetupError extends Error {}

/**
 * Installs dependencies where they are missing or old.
 *
 * @param {string} root of the project
 * @returns {Promise<void>}
 */
export async function ensureDependencies(root) {
  if (!missingDependencies(root)) return;
  await locked(root, async () => {
    const why = missingDependencies(root);
    if (why) await install(root, why);
  });
}

/**
 * Installs dependencies and builds, whichever is needed. A tenth of a second where nothing is.
 *
 * @param {string} root of the project
 * @returns {Promise<void>}
 */
export async function setUp(root) {
  await ensureDependencies(root);
  if (builtFrom(root) === fingerprint(root)) return;
  await locked(root, async () => {
    const sources = fingerprint(root);
    const built = builtFrom(root);
    if (built === sources) return;
    report(built ? 'Building: the sources have changed' : 'Building');
    const startedAt = Date.now();
    try {
      await build(root, sources);
    } catch (error) {
      throw new SetupError(`The build failed ("npm run build" repeats it): ${messageOf(error)}`);
    }
    report(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
  });
}

/**
 * Why `npm ci` has to run; undefined when what is installed is what the lockfile asks for.
 *
 * @param {{
 *   readonly lock: string,
 *   readonly installed: string | undefined,
 *   readonly stamp: string | undefined,
 * }} files texts of package-lock.json, of the copy npm keeps in node_modules, and of our stamp
 * @returns {'no dependencies are installed' | 'package-lock.json has changed' | undefined}
 */
export function needsInstall({ lock, installed, stamp }) {
  if (installed === undefined) return 'no dependencies are installed';
  if (stamp === hashOf(lock)) return undefined;
  return isInstalled(JSON.parse(lock).packages, JSON.parse(installed).packages)
    ? undefined
    : 'package-lock.json has changed';
}

/**
 * Whether an `npm ci` or `npm install` by hand left exactly the locked packages; optional ones are there only on
 * their own platform.
 *
 * @typedef {Readonly<Record<string, { readonly version?: string, readonly integrity?: string, readonly optional?: boolean }>>} Packages
 *
 * @param {Packages} locked
 * @param {Packages} installed
 * @returns {boolean}
 */
function isInstalled(locked, installed) {
  const complete = Object.entries(locked).every(
    ([path, { optional }]) => path === '' || optional || Object.hasOwn(installed, path),
  );
  const exact = Object.entries(installed).every(
    ([path, { version, integrity }]) =>
      locked[path]?.version === version && locked[path]?.integrity === integrity,
  );
  return complete && exact;
}

/** @param {string} root */
function missingDependencies(root) {
  const lock = readText(join(root, 'package-lock.json'));
  if (lock === undefined) {
    throw new SetupError('package-lock.json is missing; "git checkout package-lock.json" brings it back.');
  }
  const stamp = readStamp(root, INSTALLED);
  const installed = readText(join(root, 'node_modules/.package-lock.json'));
  const why = needsInstall({ lock, installed, stamp });
  if (!why && stamp !== hashOf(lock)) writeStamp(root, INSTALLED, hashOf(lock));
  return why;
}

/**
 * @param {string} root
 * @param {string} why
 */
async function install(root, why) {
  report(`Installing dependencies (${why}); this takes about half a minute`);
  const npm = npmCommand(process.env, process.platform);
  const unreachable = await registryProblem(root, npm);
  const { output, reason } = await run([...npm, ...CI, ...(unreachable ? ['--offline'] : [])], {
    cwd: root,
    timeoutMs: INSTALL_MS,
    doing: 'Installing dependencies',
  });
  if (reason) {
    if (!unreachable) report(tail(output));
    throw new SetupError(
      `The dependencies are not installed: ${unreachable ?? `npm ci failed (${reason})`}. "npm ci" repeats it.`,
    );
  }
  const lock = readText(join(root, 'package-lock.json'));
  if (lock !== undefined) writeStamp(root, INSTALLED, hashOf(lock));
}

/**
 * Why the npm registry cannot be reached: npm itself asks for every package again and again before it says so. Without
 * a registry there is still npm's own cache to install from.
 *
 * @param {string} root
 * @param {readonly [string, ...string[]]} npm
 * @returns {Promise<string | undefined>}
 */
async function registryProblem(root, npm) {
  const settings = ['registry', 'https-proxy', 'proxy'];
  const { output, reason } = await run([...npm, 'config', 'get', ...settings, '--loglevel=silent'], {
    cwd: root,
    timeoutMs: 20_000,
    doing: 'Asking npm for its registry',
  });
  if (reason) return `npm does not run (${reason})`;
  const [registry, secureProxy, proxy] = settings.map(
    (name) =>
      output
        .split('\n')
        .find((line) => line.startsWith(`${name}=`))
        ?.slice(name.length + 1) ?? 'null',
  );
  const hop = firstHop(
    registry ?? '',
    [secureProxy, proxy].find((url) => url !== 'null'),
  );
  const unreachable = await unreachableReason(hop);
  return unreachable && `the npm registry is out of reach (${unreachable})`;
}

/**
 * The npm that runs us, and so the one the person typed; else the one on the PATH.
 *
 * @param {Readonly<NodeJS.ProcessEnv>} env
 * @param {NodeJS.Platform} platform
 * @returns {[string, ...string[]]}
 */
export function npmCommand(env, platform) {
  // Other package managers set this variable, too.
  const script = env.npm_execpath;
  if (script && basename(script) === 'npm-cli.js') return [process.execPath, script];
  return [platform === 'win32' ? 'npm.cmd' : 'npm'];
}

/**
 * @param {string} root
 * @param {() => Promise<void>} work
 */
async function locked(root, work) {
  try {
    await withLock(join(root, '.setup.lock'), tellWait, work);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
    throw new SetupError(`This user may not write to ${root}, which the set-up has to: ${messageOf(error)}`);
  }
}

/** @param {number} pid */
function tellWait(pid) {
  report(`Waiting for another set-up of this folder (process ${pid})`);
}

/** @param {string} text */
function hashOf(text) {
  return createHash('sha256').update(text).digest('hex');
}

/**
 * @param {string} file
 * @returns {string | undefined}
 */
function readText(file) {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/** @param {unknown} error */
function messageOf(error) {
  return stripVTControlCharacters(error instanceof Error ? error.message : String(error)).trim();
}
