import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planUpload } from '../../../../main/core/files/upload-plan.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'plan-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

function make(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const plan = (names: readonly string[], gitignore = false) =>
  planUpload({ paths: names.map((name) => join(folder, name)), gitignore, home: folder });

const namesOf = async (names: readonly string[], gitignore = false) =>
  (await plan(names, gitignore)).files.map(({ name }) => name);

describe('what is uploaded', () => {
  it('is a single file as it is', async () => {
    make({ 'data.csv': 'a,b' });
    expect(await plan(['data.csv'])).toMatchObject({ kind: 'file', fileName: 'data.csv', bytes: 3 });
  });

  it('is a folder as an archive of what is in it', async () => {
    make({ 'p/a.txt': '1', 'p/sub/b.txt': '22' });
    mkdirSync(join(folder, 'p', 'empty'));
    const found = await plan(['p']);
    expect(found).toMatchObject({ kind: 'zip', fileName: 'p.zip', bytes: 3, emptyFolders: ['empty'] });
    expect(found.files.map(({ name }) => name)).toEqual(['a.txt', 'sub/b.txt']);
  });

  it('is several together, each under its own name, and those of the same name apart', async () => {
    make({ 'x/data/1': '', 'y/data/2': '', 'note.txt': '' });
    const found = await plan(['x/data', 'y/data', 'note.txt']);
    expect(found.fileName).toBe('session-files.zip');
    expect(found.files.map(({ name }) => name)).toEqual(['data/1', 'data (2)/2', 'note.txt']);
  });

  it('is kept apart also where a backslash in its name was replaced', async (context) => {
    context.skip(process.platform === 'win32', 'A backslash parts folders there.');
    make({ 'x/a\\b/1': '', 'y/a\\b/2': '' });
    expect(await namesOf(['x/a\\b', 'y/a\\b'])).toEqual(['a_b/1', 'a_b (2)/2']);
  });

  it('is found from ~ and with a slash behind its name', async () => {
    make({ 'p/a.txt': '1' });
    const found = await planUpload({ paths: ['~/p/'], gitignore: false, home: folder });
    expect(found.fileName).toBe('p.zip');
  });

  it('follows links to files and folders, but not in circles or to nowhere, and leaves out sockets', async () => {
    make({ 'p/a.txt': '1', 'elsewhere/b.txt': '2' });
    symlinkSync('a.txt', join(folder, 'p', 'same.txt'));
    symlinkSync('../elsewhere', join(folder, 'p', 'linked'));
    symlinkSync('.', join(folder, 'p', 'circle'));
    symlinkSync('gone', join(folder, 'p', 'nowhere'));
    const socket = createServer();
    await new Promise<void>((resolve) => socket.listen(join(folder, 'p', 'socket'), resolve));
    const found = await plan(['p']);
    await new Promise((resolve) => socket.close(resolve));
    expect(found.files.map(({ name }) => name)).toEqual(['a.txt', 'linked/b.txt', 'same.txt']);
    const skipped = ['circle', 'nowhere', 'socket'].map((name) => join(folder, 'p', name));
    expect([...found.skipped].sort()).toEqual(skipped);
  });

  it('keeps a name with a backslash in one piece', async () => {
    make({ 'p/a\\b.txt': '1' });
    expect(await namesOf(['p'])).toEqual(['a_b.txt']);
  });

  it.each([
    ['a missing file', 'gone.txt', /^There is no .*gone\.txt on this computer\.$/],
    ['a folder without files', 'empty', /holds no files\.$/],
    ['a device', '../../dev/null', /neither a file nor a folder/],
  ])('is not %s', async (_what, name, message) => {
    mkdirSync(join(folder, 'empty'));
    const path = name.endsWith('null') ? '/dev/null' : join(folder, name);
    const error: unknown = await planUpload({ paths: [path], gitignore: false, home: folder }).catch(
      (e) => e,
    );
    expect(error).toMatchObject({ field: 'uploadFiles', message: expect.stringMatching(message) });
  });

  it.each([
    ['file', 'p/secret.txt'],
    ['folder', 'p'],
  ])('is not a %s that this person may not read', async (_what, name) => {
    make({ 'p/secret.txt': '1' });
    chmodSync(folder, 0o755);
    chmodSync(join(folder, name), 0);
    await expect(asNobody(() => plan(['p']))).rejects.toThrow(`${join(folder, name)} cannot be read.`);
  });
});

/** Root may read everything. */
async function asNobody<T>(run: () => Promise<T>): Promise<T> {
  if (process.geteuid?.() !== 0) return run();
  process.seteuid?.(65_534);
  try {
    return await run();
  } finally {
    process.seteuid?.(0);
  }
}

describe('what git ignores', () => {
  beforeEach(() => {
    mkdirSync(join(folder, 'repo', '.git'), { recursive: true });
    make({
      'repo/.git/config': '',
      'repo/.gitignore': '*.log\n/build/\n!keep.log\n',
      'repo/a.py': '',
      'repo/a.log': '',
      'repo/keep.log': '',
      'repo/build/x': '',
      'repo/src/build/y': '',
      'repo/src/.gitignore': '!a.log\n*.tmp\n',
      'repo/src/a.log': '',
      'repo/src/b.tmp': '',
      'repo/src/deep/c.tmp': '',
    });
  });

  it('is left out on request, the nearest .gitignore first', async () => {
    expect(await namesOf(['repo'], true)).toEqual([
      '.gitignore',
      'a.py',
      'keep.log',
      'src/.gitignore',
      'src/a.log',
      'src/build/y',
    ]);
  });

  it('goes along otherwise', async () => {
    expect(await namesOf(['repo'])).toContain('build/x');
    expect(await namesOf(['repo'])).toContain('.git/config');
  });

  it('is known in a part of a repository too', async () => {
    make({ 'repo/src/deep/d.log': '', 'repo/src/deep/d.py': '' });
    expect(await namesOf(['repo/src/deep'], true)).toEqual(['d.py']);
  });

  it('is not what a .gitignore outside of any repository says', async () => {
    make({ '.gitignore': '*', 'plain/a.txt': '' });
    expect(await namesOf(['plain'], true)).toEqual(['a.txt']);
  });

  it('may be everything, and that is said', async () => {
    make({ 'p/.gitignore': '*', 'p/a': '' });
    await expect(plan(['p'], true)).rejects.toThrow(/holds no files, or only files that git ignores\.$/);
  });
});
