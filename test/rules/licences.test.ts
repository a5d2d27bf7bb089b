import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { lockfile, ROOT, readText } from './files.ts';

/** Licences that may be bundled into an Apache-2.0 app without a further duty than naming them. */
const ALLOWED = [
  'MIT',
  'Apache-2.0',
  'ISC',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
];

/** One choice of an "or" is enough; everything of an "and" has to be allowed. */
function isAllowed(licence: string): boolean {
  return licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((name) => ALLOWED.includes(name)));
}

/** Old packages have a list in package.json that npm does not copy to the lockfile. */
function legacyLicence(path: string): string {
  const file = `${path}/package.json`;
  if (!existsSync(join(ROOT, file))) return 'none';
  const { licenses = [] } = JSON.parse(readText(file)) as { licenses?: { type: string }[] };
  return licenses.map(({ type }) => type).join(' OR ') || 'none';
}

describe('the licence of everything that ships', () => {
  it('is one of those we may bundle', () => {
    const shipped = Object.entries(lockfile.packages).filter(([path, { dev }]) => path !== '' && !dev);
    expect(shipped.length).toBeGreaterThan(10);
    // Native accelerators of ssh2 are optional and never bundled; without a build they are not installed either.
    const own = shipped.filter(
      ([path]) => !['node_modules/cpu-features', 'node_modules/buildcheck'].includes(path),
    );
    const refused = own
      .map(([path, { license }]) => [path, license ?? legacyLicence(path)] as const)
      .filter(([, licence]) => !isAllowed(licence));
    expect(refused).toEqual([]);
  });

  it.each([
    ['MIT', true],
    ['(MIT OR CC0-1.0)', true],
    ['GPL-3.0-only OR MIT', true],
    ['MIT AND GPL-3.0-only', false],
    ['GPL-3.0-only', false],
    ['SEE LICENSE IN LICENSE.txt', false],
    ['none', false],
  ])('%s counts as %s', (licence, allowed) => {
    expect(isAllowed(licence)).toBe(allowed);
  });
});
