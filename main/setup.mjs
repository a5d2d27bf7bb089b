import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { build, builtFrom, fingerprint } from './build.mjs';
import { withLock } from './cli/lock.mjs';
import { run, say, tail } from './cli/run.mjs';

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
  await withLock(join(root, '.setup.lock'), tellWait, async () => {
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
  await withLock(join(root, '.setup.lock'), tellWait, async () => {
    const sources = fingerprint(root);
    const built = builtFrom(root);
    if (built === sources) return;
    say(built ? 'Building: the sources have changed' : 'Building');
    const startedAt = Date.now();
    try {
      await build(root, sources);
    } catch (error) {
      throw new SetupError(`The build failed ("npm run build" repeats it): ${messageOf(error)}`);
    }
    say(`Built in ${((Date.now() - startedAt) / 1000).toFixed(1)} s`);
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
  const stamp = readText(stampFile(root));
  const installed = readText(join(root, 'node_modules/.package-lock.json'));
  const why = needsInstall({ lock, installed, stamp });
  if (!why && stamp !== hashOf(lock)) stampInstall(root, lock);
  return why;
}

/**
 * @param {string} root
 * @param {string} why
 */
async function install(root, why) {
  say(`Installing dependencies (${why}); this takes about half a minute`);
  const { output, reason } = await run(npmCi(process.env, process.platform), {
    cwd: root,
    timeoutMs: 10 * 60_000,
    doing: 'Installing dependencies',
  });
  if (reason) {
    say(tail(output));
    throw new SetupError(
      `The dependencies are not installed: npm ci failed (${reason}). It needs the npm registry; "npm ci" repeats it.`,
    );
  }
  const lock = readText(join(root, 'package-lock.json'));
  if (lock !== undefined) stampInstall(root, lock);
}

/**
 * `npm ci` for a person who waits for it: everything is installed whatever NODE_ENV says, nothing is compiled (no
 * package here needs its install script), and a missing network ends it within seconds instead of minutes.
 *
 * @param {Readonly<NodeJS.ProcessEnv>} env
 * @param {NodeJS.Platform} platform
 * @returns {[string, ...string[]]}
 */
export function npmCi(env, platform) {
  const args = [
    'ci',
    '--include=dev',
    '--include=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--fetch-retry-mintimeout=1000',
    '--fetch-retry-maxtimeout=5000',
    '--fetch-timeout=60000',
  ];
  // Set when npm runs us, and then the very npm the person typed. Other package managers set it, too.
  const npmScript = env.npm_execpath;
  if (npmScript && basename(npmScript) === 'npm-cli.js') return [process.execPath, npmScript, ...args];
  return [platform === 'win32' ? 'npm.cmd' : 'npm', ...args];
}

/** @param {string} root */
function stampFile(root) {
  return join(root, 'node_modules/.cache/clearml-session-tray/installed');
}

/**
 * @param {string} root
 * @param {string} lock
 */
function stampInstall(root, lock) {
  mkdirSync(dirname(stampFile(root)), { recursive: true });
  writeFileSync(stampFile(root), hashOf(lock));
}

/** @param {number} pid */
function tellWait(pid) {
  say(`Waiting for another set-up of this folder (process ${pid})`);
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
