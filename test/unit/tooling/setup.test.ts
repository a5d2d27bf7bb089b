import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { builtFrom, fingerprint } from '../../../main/build.mjs';
import { nodeProblem } from '../../../main/cli/node-version.mjs';
import { needsInstall, npmCommand } from '../../../main/setup.mjs';

describe('the version of Node', () => {
  it.each(['20.19.0', '20.20.2', '22.12.0', '24.0.0'])('%s is fine', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });
  it.each(['20.18.3', '18.20.8', '12.0.0', '4.9.1'])(
    '%s is too old, and the sentence names both',
    (version) => {
      expect(nodeProblem(version)).toContain('20.19 or newer');
      expect(nodeProblem(version)).toContain(version);
    },
  );
});

describe('the need for npm ci', () => {
  const pack = (packages: object): string => JSON.stringify({ packages });
  const a1 = { version: '1.0.0', integrity: 'sha512-a' };
  const a2 = { version: '2.0.0', integrity: 'sha512-b' };
  const lock = pack({ '': {}, 'node_modules/a': a1, 'node_modules/mac': { ...a1, optional: true } });
  const stampOf = (text: string): string => createHash('sha256').update(text).digest('hex');

  it.each([
    ['nothing is installed', undefined, undefined, 'no dependencies are installed'],
    ['node_modules is gone but for our stamp', undefined, stampOf(lock), 'no dependencies are installed'],
    ['the lockfile is the stamped one', pack({ 'node_modules/a': a1 }), stampOf(lock), undefined],
    ['npm ci was run by hand', pack({ 'node_modules/a': a1 }), undefined, undefined],
    ['npm ci was run by hand after a change', pack({ 'node_modules/a': a1 }), 'old', undefined],
    ['a version changed', pack({ 'node_modules/a': a2 }), 'old', 'package-lock.json has changed'],
    ['a package was added', pack({}), 'old', 'package-lock.json has changed'],
    [
      'a package was removed',
      pack({ 'node_modules/a': a1, 'node_modules/b': a1 }),
      'old',
      'package-lock.json has changed',
    ],
  ])('when %s', (_, installed, stamp, why) => {
    expect(needsInstall({ lock, installed, stamp })).toBe(why);
  });

  it('is met by the npm that started us', () => {
    const [program, script] = npmCommand(
      { npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js' },
      'linux',
    );
    expect(program).toBe(process.execPath);
    expect(script).toBe('/usr/lib/node_modules/npm/bin/npm-cli.js');
  });

  it.each([
    ['linux', {}, 'npm'],
    ['win32', {}, 'npm.cmd'],
    ['linux', { npm_execpath: '/usr/lib/yarn.js' }, 'npm'],
  ] as const)('is met by npm on %s with %j', (platform, env, program) => {
    expect(npmCommand(env, platform)[0]).toBe(program);
  });
});

describe('the need for a build', () => {
  let folder = '';
  const write = (file: string, text: string): void => {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  };
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'tray build '));
    write('package.json', '{}');
    write('main/index.ts', 'one');
    write('renderer/index.html', 'two');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const changes: [string, () => void][] = [
    ['a source is edited', () => write('main/index.ts', 'other')],
    ['a source is added', () => write('main/core/app.ts', '')],
    ['a source is deleted', () => rmSync(join(folder, 'renderer/index.html'))],
    ['a source is renamed', () => renameSync(join(folder, 'main/index.ts'), join(folder, 'main/app.ts'))],
    ['the lockfile changes', () => write('package-lock.json', '{}')],
  ];
  it.each(changes)('is seen when %s', (_, change) => {
    const before = fingerprint(folder);
    change();
    expect(fingerprint(folder)).not.toBe(before);
  });

  it.each([
    ['a source is written again as it was', () => write('main/index.ts', 'one')],
    ['a test is edited', () => write('test/x.test.ts', '')],
    ['a text is edited', () => write('README.md', '')],
  ])('is not seen when %s', (_, change) => {
    const before = fingerprint(folder);
    change();
    expect(fingerprint(folder)).toBe(before);
  });

  it('is there without a build', () => {
    expect(builtFrom(folder)).toBeUndefined();
  });

  it('is compared with the sources of the last build', () => {
    write('dist/build.json', JSON.stringify({ sources: 'abc' }));
    expect(builtFrom(folder)).toBe('abc');
  });
});
