import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { extname, join } from 'node:path';
import { licencesText, readLibraries } from './cli/libraries.mjs';

/** What the bundle is made of. The lockfile stands for the libraries that go into it. */
const SOURCES = [
  'main',
  'preload',
  'renderer',
  'assets',
  'package.json',
  'package-lock.json',
  'tsconfig.json',
];

/** What Vite bundles, and where to below dist. */
const PARTS = { main: '', preload: '', renderer: 'renderer' };

/** Loaded as files at run time. What runs on the remote machine is bundled as text. */
const RUNTIME_ASSETS = ['tray'];

const STAMP = 'build.json';

/** Among the pages, which show it. */
const LICENCES = 'renderer/THIRD-PARTY-LICENSES.txt';

/**
 * A digest of all sources. By content and not by time, so that a checkout, a copy or a deleted file is noticed and
 * a `touch` is not; about 15 ms for 2 MB.
 *
 * @param {string} root of the project
 * @returns {string}
 */
export function fingerprint(root) {
  const digest = createHash('sha256');
  for (const source of SOURCES) {
    for (const file of filesIn(root, source)) {
      digest
        .update(`${file}\0`)
        .update(readFileSync(join(root, file)))
        .update('\0');
    }
  }
  return digest.digest('hex');
}

/**
 * The fingerprint of the sources that `dist` was built from; undefined where there is no whole build.
 *
 * @param {string} root
 * @returns {string | undefined}
 */
export function builtFrom(root) {
  const file = join(root, 'dist', STAMP);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).sources : undefined;
}

/**
 * The libraries in `dist`.
 *
 * @param {string} root
 * @returns {Omit<import('./cli/libraries.mjs').Library, 'text'>[]}
 */
export function builtWith(root) {
  return JSON.parse(readFileSync(join(root, 'dist', STAMP), 'utf8')).libraries;
}

/**
 * Builds into a folder of its own and swaps it in at the end, so that nobody ever starts half a build. One build at
 * a time: callers hold the set-up lock.
 *
 * @param {string} root
 * @param {string} sources their fingerprint, taken before the build: an edit during it is then noticed next time
 * @returns {Promise<void>}
 */
export async function build(root, sources) {
  // Vite is there only once the dependencies are installed.
  const vite = await import('vite');
  const dist = join(root, 'dist');
  const fresh = join(root, 'dist.new');
  const old = join(root, 'dist.old');
  const clear = () => {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  };
  // Left behind when a build was killed.
  clear();
  const { NODE_ENV } = process.env;
  // Vite builds for whatever it says, and sets it where it says nothing.
  process.env.NODE_ENV = 'production';
  try {
    // All to their end: one that fails must not leave the others writing.
    const parts = await Promise.allSettled(
      Object.entries(PARTS).map(([part, folder]) =>
        vite.build({
          configFile: join(root, part, 'vite.config.ts'),
          logLevel: 'warn',
          build: {
            outDir: join(fresh, folder),
            emptyOutDir: false,
            license: { fileName: notesOf(part) },
          },
        }),
      ),
    );
    const failed = parts.find((part) => part.status === 'rejected');
    if (failed) throw failed.reason;
    for (const name of RUNTIME_ASSETS) copyAssets(join(root, 'assets', name), join(fresh, 'assets', name));
    const notes = Object.entries(PARTS).map(([part, folder]) => join(fresh, folder, notesOf(part)));
    const libraries = readLibraries(root, notes);
    for (const file of notes) rmSync(file);
    writeFileSync(join(fresh, LICENCES), licencesText(libraries));
    const names = libraries.map(({ text, ...library }) => library);
    writeFileSync(join(fresh, STAMP), `${JSON.stringify({ sources, libraries: names })}\n`);

    if (existsSync(dist)) renameSync(dist, old);
    renameSync(fresh, dist);
  } finally {
    if (NODE_ENV === undefined) delete process.env.NODE_ENV;
    else process.env.NODE_ENV = NODE_ENV;
    clear();
  }
}

/**
 * What Vite writes about the libraries of a part.
 *
 * @param {string} part
 */
function notesOf(part) {
  return `${part}-libraries.json`;
}

/**
 * SVGs are what the icons are drawn from, not what is loaded.
 *
 * @param {string} from
 * @param {string} to
 */
function copyAssets(from, to) {
  if (!existsSync(from)) return;
  cpSync(from, to, { recursive: true, filter: (file) => extname(file) !== '.svg' });
}

/**
 * Paths below root with forward slashes, sorted: the same on every system.
 *
 * @param {string} root
 * @param {string} path
 * @returns {string[]}
 */
function filesIn(root, path) {
  const full = join(root, path);
  if (!existsSync(full)) return [];
  if (statSync(full).isFile()) return [path];
  return readdirSync(full, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((file) => file.slice(root.length + 1).replaceAll('\\', '/'))
    .sort();
}
