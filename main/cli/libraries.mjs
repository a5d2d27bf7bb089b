import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * A library that is part of the bundle.
 *
 * @typedef {object} Library
 * @property {string} name
 * @property {string} version
 * @property {string} licence its SPDX name; empty where the library names none
 * @property {string} text of the licence; empty where the library brings none
 */

/**
 * What Vite noted about the parts of the bundle: one list without doubles, in the same order on every computer.
 *
 * @param {string} root of the project
 * @param {readonly string[]} notes files that `build.license` of Vite wrote
 * @returns {Library[]}
 */
export function readLibraries(root, notes) {
  /** @type {{ packages: Record<string, { version?: string }> }} */
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  /** @type {Map<string, Library>} */
  const found = new Map();
  for (const file of notes) {
    /** @type {{ name: string, version: string, identifier?: string, text?: string }[]} */
    const noted = JSON.parse(readFileSync(file, 'utf8'));
    for (const { name, version, identifier, text } of noted) {
      const path = Object.keys(packages).find(
        (key) => key.endsWith(`node_modules/${name}`) && packages[key]?.version === version,
      );
      const folder = join(root, path ?? `node_modules/${name}`);
      found.set(`${name}@${version}`, {
        name,
        version,
        licence: identifier ?? oldLicence(folder),
        text: text ?? readmeLicence(folder),
      });
    }
  }
  return [...found.keys()].sort().map((key) => /** @type {Library} */ (found.get(key)));
}

/**
 * What goes with every copy of the app, since the licences of its libraries ask for that.
 *
 * @param {readonly Library[]} libraries
 * @returns {string}
 */
export function licencesText(libraries) {
  const parts = libraries.map(({ name, version, licence, text }) => {
    const title = licence ? `${name} ${version} (${licence})` : `${name} ${version}`;
    return `${'='.repeat(40)}\n${title}\n${'-'.repeat(40)}\n${text.replaceAll('\r\n', '\n').trim()}\n`;
  });
  return [
    'Libraries that are part of ClearML Session Tray, each with its licence.',
    'The desktop app runs on Electron, which brings its own and those of Chromium as files.',
    '',
    ...parts,
  ].join('\n');
}

/**
 * Old packages have a list instead of one name.
 *
 * @param {string} folder of the package
 */
function oldLicence(folder) {
  const file = join(folder, 'package.json');
  if (!existsSync(file)) return '';
  /** @type {{ licenses?: { type: string }[] }} */
  const { licenses = [] } = JSON.parse(readFileSync(file, 'utf8'));
  return licenses.map(({ type }) => type).join(' OR ');
}

/**
 * Some packages have their licence at the end of the readme only.
 *
 * @param {string} folder of the package
 */
function readmeLicence(folder) {
  const readme = existsSync(folder) && readdirSync(folder).find((file) => /^readme/i.test(file));
  if (!readme) return '';
  const text = readFileSync(join(folder, readme), 'utf8');
  return /^(?:#+ *)?licen[cs]e *\n(?:[-=]+\n)?([\s\S]+)/im.exec(text)?.[1]?.trim() ?? '';
}
