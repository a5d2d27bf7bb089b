import { describe, expect, it } from 'vitest';
import { type Lockfile, lockfile, manifest, readText } from './files.ts';

/**
 * Optional packages without an entry. npm leaves them out where the registry lacks a platform's build, and `npm ci`
 * then refuses the lockfile on every machine.
 */
function missingOptional({ packages }: Lockfile): string[] {
  return Object.entries(packages).flatMap(([path, { optionalDependencies = {} }]) =>
    Object.keys(optionalDependencies).filter((name) => !isResolvable(packages, path, name)),
  );
}

/** Looks where Node would: in the package's own node_modules, then upward. */
function isResolvable(packages: Lockfile['packages'], from: string, name: string): boolean {
  const here = from === '' ? `node_modules/${name}` : `${from}/node_modules/${name}`;
  if (Object.hasOwn(packages, here)) return true;
  if (from === '') return false;
  const parent = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1));
  return isResolvable(packages, parent, name);
}

describe('the lockfile', () => {
  it('has an entry for every optional dependency of every platform', () => {
    expect(missingOptional(lockfile)).toEqual([]);
  });

  it('would not pass with one missing', () => {
    const broken = {
      version: '1',
      packages: { 'node_modules/a': { optionalDependencies: { 'a-mac': '1' } } },
    };
    expect(missingOptional(broken)).toEqual(['a-mac']);
  });

  it('names no registry', () => {
    const located = Object.entries(lockfile.packages).filter(([, { resolved }]) => resolved !== undefined);
    expect(located.map(([path]) => path)).toEqual([]);
    expect(readText('.npmrc')).toMatch(/^omit-lockfile-registry-resolved=true$/m);
  });

  it('belongs to this package.json', () => {
    const top = lockfile.packages[''];
    expect(lockfile.version).toBe(manifest.version);
    expect(top).toMatchObject({ version: manifest.version, dependencies: manifest.dependencies });
    expect(top).toMatchObject({ devDependencies: manifest.devDependencies });
  });

  it('comes from exact versions', () => {
    const versions = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
  });
});
