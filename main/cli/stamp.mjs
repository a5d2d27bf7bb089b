import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Short notes of the set-up to its next run. They rest in node_modules: a fresh install starts without any.
 *
 * @param {string} root of the project
 * @param {string} name
 * @returns {string | undefined}
 */
export function readStamp(root, name) {
  const file = stampFile(root, name);
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

/**
 * In a folder that this user may only read, the next run does without the note.
 *
 * @param {string} root
 * @param {string} name
 * @param {string} text
 */
export function writeStamp(root, name, text) {
  const file = stampFile(root, name);
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (error) {
    if (!isReadOnly(error)) throw error;
  }
}

/**
 * @param {unknown} error
 * @returns {boolean}
 */
export function isReadOnly(error) {
  return (
    error instanceof Error && 'code' in error && ['EACCES', 'EPERM', 'EROFS'].includes(String(error.code))
  );
}

/**
 * @param {string} root
 * @param {string} name
 */
function stampFile(root, name) {
  return join(root, 'node_modules/.cache/clearml-session-tray', name);
}
