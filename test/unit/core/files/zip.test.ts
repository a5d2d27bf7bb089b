import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planUpload } from '../../../../main/core/files/upload-plan.ts';
import { packZip } from '../../../../main/core/files/zip.ts';
import { unzip } from '../../../../main/demo/unzip.ts';

let folder: string;
let source: string;
const never = new AbortController().signal;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'zip-'));
  source = mkdtempSync(join(folder, 'source-'));
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const planned = () => planUpload({ paths: [source], gitignore: false, home: folder });

async function packed(
  plan: Awaited<ReturnType<typeof planned>>,
  read = (_: number): void => {},
): Promise<string> {
  const zip = join(folder, 'x.zip');
  await packZip(plan, zip, { read, signal: never });
  const to = mkdtempSync(join(folder, 'out-'));
  await unzip(zip, to);
  return to;
}

describe('packing', () => {
  it('counts what it reads', async () => {
    writeFileSync(join(source, 'a.bin'), Buffer.alloc(700_000));
    writeFileSync(join(source, 'empty'), '');
    let bytes = 0;
    const to = await packed(await planned(), (n) => {
      bytes += n;
    });
    expect(bytes).toBe(700_000);
    expect(readdirSync(to).sort()).toEqual(['a.bin', 'empty']);
  });

  it('takes names that begin like drives of Windows', async (context) => {
    context.skip(process.platform === 'win32', 'Windows has no files of such names.');
    mkdirSync(join(source, 'b:empty'));
    writeFileSync(join(source, 'a:notes.txt'), 'kept');
    const to = await packed(await planned());
    expect(readFileSync(join(to, 'a:notes.txt'), 'utf8')).toBe('kept');
    expect(readdirSync(to).sort()).toEqual(['a:notes.txt', 'b:empty']);
  });

  it('takes a file that has grown as it was, and one that has shrunk as it is', async () => {
    writeFileSync(join(source, 'log'), 'before');
    writeFileSync(join(source, 'shrunk'), 'before');
    const plan = await planned();
    appendFileSync(join(source, 'log'), ' and after');
    truncateSync(join(source, 'shrunk'), 3);
    const to = await packed(plan);
    expect(readFileSync(join(to, 'log'), 'utf8')).toBe('before');
    expect(readFileSync(join(to, 'shrunk'), 'utf8')).toBe('bef');
  });

  it('says which file has vanished', async () => {
    writeFileSync(join(source, 'a'), '1');
    writeFileSync(join(source, 'b'), '1');
    const plan = await planned();
    rmSync(join(source, 'b'));
    await expect(packed(plan)).rejects.toMatchObject({
      field: 'uploadFiles',
      message: `${join(source, 'b')} can no longer be read.`,
    });
  });

  it('stops when it is cancelled', async () => {
    writeFileSync(join(source, 'a'), Buffer.alloc(30_000_000));
    const control = new AbortController();
    const packing = packZip(await planned(), join(folder, 'x.zip'), {
      read: () => control.abort(),
      signal: control.signal,
    });
    await expect(packing).rejects.toThrow(/abort/i);
  });
});
