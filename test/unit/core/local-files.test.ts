import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listFolder } from '../../../main/core/local-files.ts';

const home = mkdtempSync(join(tmpdir(), 'local-files-'));
afterAll(() => rmSync(home, { recursive: true, force: true }));
mkdirSync(join(home, 'project', 'src'), { recursive: true });
writeFileSync(join(home, 'a.csv'), 'x'.repeat(42));
writeFileSync(join(home, '.hidden'), '');
symlinkSync(join(home, 'project'), join(home, 'link'));
symlinkSync(join(home, 'nowhere'), join(home, 'broken'));

describe('a folder of this computer', () => {
  it('lists folders first, links as what they lead to, and nothing that leads nowhere', async () => {
    const { folder, parent, entries, more } = await listFolder('', home);
    expect([folder, parent, more]).toEqual([home, tmpdir(), 0]);
    expect(entries).toEqual([
      { name: 'link', path: join(home, 'link'), kind: 'folder' },
      { name: 'project', path: join(home, 'project'), kind: 'folder' },
      { name: '.hidden', path: join(home, '.hidden'), kind: 'file', bytes: 0 },
      { name: 'a.csv', path: join(home, 'a.csv'), kind: 'file', bytes: 42 },
    ]);
  });

  it.each(['project', '~/project', ' ~/project '])('is found by %j', async (named) => {
    expect((await listFolder(named, home)).folder).toBe(join(home, 'project'));
  });

  it('has no parent at the root', async () => {
    expect((await listFolder(parse(home).root, home)).parent).toBeUndefined();
  });

  it('says how many entries of a large one are not shown', async () => {
    const large = join(home, 'project', 'large');
    mkdirSync(large);
    for (let n = 0; n < 1005; n++) writeFileSync(join(large, String(n)), '');
    const { entries, more } = await listFolder(large, home);
    expect([entries.length, more]).toEqual([1000, 5]);
  });

  it.each([
    ['nowhere', /There is no folder .*nowhere/],
    ['a.csv', /is a file, not a folder/],
  ])('that is not one is refused with a sentence: %s', async (named, message) => {
    await expect(listFolder(named, home)).rejects.toThrow(message);
  });

  it('that may not be read is refused with a sentence', async (context) => {
    context.skip(process.getuid?.() === 0 || process.platform === 'win32', 'root may read everything');
    const closed = join(home, 'closed');
    mkdirSync(closed);
    chmodSync(closed, 0);
    await expect(listFolder(closed, home)).rejects.toThrow(/cannot be read/);
  });
});
