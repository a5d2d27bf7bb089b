import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { standing, systemFiles } from '../../../main/commands/files.ts';

const folder = mkdtempSync(join(tmpdir(), 'files-'));
afterAll(() => rmSync(folder, { recursive: true }));
const files = systemFiles(folder, join(folder, 'home'));

describe('the path of a file that a command line names', () => {
  it.each([
    ['a/b', join(folder, 'a/b')],
    ['../x', resolve(folder, '../x')],
    ['~', join(folder, 'home')],
    ['~/a', join(folder, 'home/a')],
    ['~other', join(folder, '~other')],
    [join(folder, 'as', 'is'), join(folder, 'as', 'is')],
  ])('%s is %s', (path, absolute) => {
    expect(files.absolute(path)).toBe(absolute);
  });
  it('may be meant from another file', () => {
    expect(files.absolute('a', join(folder, 'sub'))).toBe(join(folder, 'sub', 'a'));
  });
});

describe('a file that a command line names', () => {
  const file = join(folder, 'text');
  writeFileSync(file, 'hello');
  mkdirSync(join(folder, 'sub'));

  it('is read up to what was asked for', () => {
    expect(Buffer.from(files.read(file, 100)).toString()).toBe('hello');
    expect(Buffer.from(files.read(file, 2)).toString()).toBe('he');
  });
  it('may be a pipe', (context) => {
    context.skip(process.platform === 'win32', 'Windows has no mkfifo');
    const pipe = join(folder, 'pipe');
    execFileSync('mkfifo', [pipe]);
    execFileSync('sh', ['-c', 'yes | head -c 200000 > "$0" &', pipe], { stdio: 'ignore' });
    expect(files.read(pipe, 1_000_000)).toHaveLength(200_000);
  });
  it.each(['sub', 'nowhere', 'text/below'])('is refused as Node does: %s', (name) => {
    expect(() => files.read(join(folder, name), 10)).toThrow(/EISDIR|ENOENT|ENOTDIR/);
  });
  it('is looked for before it is uploaded, and may then be a folder', () => {
    expect(() => files.check(join(folder, 'nowhere'))).toThrow('ENOENT');
    files.check(file);
    files.check(join(folder, 'sub'));
  });
});

describe('where a person stands', () => {
  const npm = { INIT_CWD: '/me', npm_lifecycle_event: 'start', npm_package_name: 'clearml-session-tray' };
  it.each([
    ['in a shell', {}, '/here'],
    ['at npm start', npm, '/me'],
    ['at npm start of an old npm', { ...npm, INIT_CWD: undefined }, '/here'],
    ['in the script of another package', { ...npm, npm_package_name: 'mine' }, '/here'],
  ])('%s', (_, env, folder) => {
    expect(standing(env, '/here')).toBe(folder);
  });
});
