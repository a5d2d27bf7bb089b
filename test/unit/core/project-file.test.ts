import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  CLI_FILE,
  PROJECT_FILE,
  PresetFiles,
  projectFolders,
  startFolder,
} from '../../../main/core/project-file.ts';
import { IMPORT_AT_MOST } from '../../../preload/contract/presets.ts';

let home: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'presets-'));
});
afterEach(() => rmSync(home, { recursive: true, force: true }));

const write = (path: string, value: unknown): string => {
  const file = join(home, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
};
const files = (folder?: string) =>
  new PresetFiles({ home, projectDir: folder === undefined ? undefined : join(home, folder) });

describe('the file of a project', () => {
  it('is looked for from the folder up to the root of its repository', () => {
    const isRoot = (folder: string) => folder === '/home/ada/lab';
    expect(projectFolders('/home/ada/lab/a/b', isRoot)).toEqual([
      '/home/ada/lab/a/b',
      '/home/ada/lab/a',
      '/home/ada/lab',
    ]);
    expect(projectFolders('/home/ada/lab', isRoot)).toEqual(['/home/ada/lab']);
    expect(projectFolders('/home/ada/other/x', isRoot)).toEqual(['/home/ada/other/x']);
  });

  it('is the nearest one', async () => {
    mkdirSync(join(home, 'lab', '.git'), { recursive: true });
    mkdirSync(join(home, 'lab', 'deep', 'er'), { recursive: true });
    write(PROJECT_FILE, { queue: 'outside of the repository' });
    write(`lab/${PROJECT_FILE}`, { queue: 'top' });
    expect(await files('lab/deep/er').ofProject()).toEqual({
      file: `~/lab/${PROJECT_FILE}`,
      presets: [{ name: 'lab', description: '', options: { queue: 'top' } }],
      skipped: [],
    });
    write(`lab/deep/${PROJECT_FILE}`, { name: 'Near', queue: 'near' });
    expect(await files('lab/deep/er').ofProject()).toMatchObject({
      file: `~/lab/deep/${PROJECT_FILE}`,
      presets: [{ name: 'Near' }],
    });
  });

  it('is read anew each time', async () => {
    const presets = files('.');
    expect(await presets.ofProject()).toEqual({ presets: [], skipped: [] });
    write(PROJECT_FILE, { queue: 'a' });
    expect((await presets.ofProject()).presets[0]?.options.queue).toBe('a');
    write(PROJECT_FILE, { queue: 'b' });
    expect((await presets.ofProject()).presets[0]?.options.queue).toBe('b');
    write(PROJECT_FILE, '{"queue": }');
    await expect(presets.ofProject()).rejects.toThrow(`${PROJECT_FILE} is not JSON: line 1`);
  });

  it('is said to be in the way where it is a folder, too large or forbidden', async (context) => {
    mkdirSync(join(home, 'folder', PROJECT_FILE), { recursive: true });
    await expect(files('folder').ofProject()).rejects.toMatchObject({ hint: 'It is a folder.' });
    write(`large/${PROJECT_FILE}`, ' '.repeat(IMPORT_AT_MOST + 1));
    await expect(files('large').ofProject()).rejects.toThrow('is too large');
    context.skip(process.getuid?.() === 0, 'root may read everything');
    chmodSync(write(`secret/${PROJECT_FILE}`, {}), 0);
    await expect(files('secret').ofProject()).rejects.toThrow('cannot be read');
  });

  it('is nowhere where no folder is known', async () => {
    expect(await files().ofProject()).toEqual({ presets: [], skipped: [] });
    expect(startFolder({ INIT_CWD: '/work' }, '/app', '/app')).toBe('/work');
    expect(startFolder({}, '/work', '/app')).toBe('/work');
    expect(startFolder({}, '/app', '/app')).toBeUndefined();
  });
});

describe('what clearml-session remembers', () => {
  it('is read without its password, and left as it is', async () => {
    const file = write(CLI_FILE, { queue: 'gpu', password: 'hunter2', task_id: 'x', keepalive: true });
    const before = readFileSync(file);
    const found = await files().ofCli();
    expect(found).toEqual({
      file: `~/${CLI_FILE}`,
      preset: { name: 'clearml-session', description: '', options: { queue: 'gpu', keepalive: true } },
      skipped: [{ name: 'password', why: expect.stringContaining('Not kept.') }],
    });
    expect(JSON.stringify(found)).not.toContain('hunter2');
    expect(readFileSync(file)).toEqual(before);
  });

  it('may not be there', async () => {
    await expect(files().ofCli()).rejects.toMatchObject({ code: 'not-found' });
    write(CLI_FILE, {});
    await expect(files().ofCli()).rejects.toThrow('holds no launch option');
  });
});
