import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { newFile } from '../../../../main/core/files/downloads.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downloads-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function named(wanted: string): Promise<string> {
  const { partial, partialName, name } = await newFile(folder, wanted, '.tar.gz');
  await partial.close();
  expect(partialName).toBe(`${name}.part`);
  expect(existsSync(partialName)).toBe(true);
  return basename(name);
}

it('has a name that nothing has yet, finished or not', async () => {
  writeFileSync(join(folder, 'lab.tar.gz'), '');
  expect(await named('lab')).toBe('lab (2).tar.gz');
  expect(await named('lab')).toBe('lab (3).tar.gz');
});

it('leads nowhere else, whatever the session is called', async () => {
  expect(await named('../../etc/passwd')).toBe('__.._etc_passwd.tar.gz');
});

it('has a name that file systems take, whose limit is in bytes', async () => {
  const name = await named('训练😀'.repeat(60));
  expect(Buffer.byteLength(name)).toBeLessThan(220);
  expect(name).toMatch(/^(训练_?)+训?\.tar\.gz$/u);
});

it('says where nothing can be written', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, '');
  await expect(newFile(file, 'lab', '.tar.gz')).rejects.toMatchObject({
    code: 'forbidden',
    message: `Nothing can be written into ${file}.`,
  });
});
