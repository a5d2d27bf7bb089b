import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');

/** As in .gitignore, and git's own. */
const NOT_OURS = new Set([
  '.git',
  'node_modules',
  'dist',
  'dist.new',
  'dist.old',
  'release',
  'test-results',
  'playwright-report',
  '.setup.lock',
]);

/** Files of the repository below a folder, as paths from the root with forward slashes. */
export function filesIn(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true })
    .filter((entry) => !NOT_OURS.has(entry.name))
    .flatMap((entry) => {
      const path = join(folder, entry.name);
      return entry.isDirectory() ? filesIn(path) : entry.isFile() ? [path.split(sep).join('/')] : [];
    });
}

export function readText(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

/** A path from the root, for a path relative to one of its files. */
export function resolveFrom(file: string, path: string): string {
  return relative(ROOT, resolve(ROOT, file, '..', path))
    .split(sep)
    .join('/');
}

export interface Manifest {
  readonly version: string;
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

export const manifest = JSON.parse(readText('package.json')) as Manifest;

export interface LockedPackage {
  readonly version?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

export interface Lockfile {
  readonly version: string;
  readonly packages: Readonly<Record<string, LockedPackage>>;
}

export const lockfile = JSON.parse(readText('package-lock.json')) as Lockfile;
