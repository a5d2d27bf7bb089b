import { closeSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** Longer than any set-up may take: a lock of this age was left behind, whoever has its process id today. */
const ABANDONED_MS = 20 * 60_000;

/**
 * Runs `work` while no other process of this computer does so under the same lock file.
 *
 * @template T
 * @param {string} file
 * @param {(owner: number) => void} onWait told once when another process has to finish first
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withLock(file, onWait, work) {
  let told = false;
  while (!take(file)) {
    const owner = ownerOf(file);
    if (owner === undefined) continue;
    if (isAbandoned(owner)) {
      rmSync(file, { force: true });
      continue;
    }
    if (!told) onWait(owner.pid);
    told = true;
    await pause(200);
  }
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/**
 * @param {string} file
 * @returns {boolean}
 */
function take(file) {
  try {
    const handle = openSync(file, 'wx');
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (isErrno(error, 'EEXIST')) return false;
    throw error;
  }
}

/**
 * Undefined when the lock is gone by the time we look.
 *
 * @param {string} file
 * @returns {{ readonly pid: number, readonly ageMs: number } | undefined}
 */
function ownerOf(file) {
  try {
    return { pid: Number(readFileSync(file, 'utf8')), ageMs: Date.now() - statSync(file).mtimeMs };
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return undefined;
    throw error;
  }
}

/** @param {{ readonly pid: number, readonly ageMs: number }} owner */
function isAbandoned({ pid, ageMs }) {
  if (ageMs > ABANDONED_MS) return true;
  // Written a moment after it was created.
  if (pid === 0) return ageMs > 5000;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return !isErrno(error, 'EPERM');
  }
}

/**
 * @param {unknown} error
 * @param {string} code
 */
function isErrno(error, code) {
  return error instanceof Error && 'code' in error && error.code === code;
}
