import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { UnkeyedSecrets } from '../../../main/core/secret-file.ts';
import { silentLog } from '../../doubles/log.ts';
import { tempFolder } from '../../doubles/temp-folder.ts';

describe('secrets without a keyring', () => {
  let folder = '';
  let file = '';
  beforeEach(() => {
    folder = tempFolder('secret-file');
    file = join(folder, 'data', 'secrets.json');
  });

  const open = () => new UnkeyedSecrets({ file, why: 'No keyring.', log: silentLog });

  it('are asked for after each start, unless the person wants them in a file', async () => {
    const secrets = open();
    await secrets.set('one', 'first-secret');
    expect(await secrets.get('one')).toBe('first-secret');
    expect(await secrets.view()).toEqual({
      where: 'memory, until the app quits',
      choice: { place: 'memory', file, why: 'No keyring.' },
    });
    expect(readdirSync(folder)).toEqual([]);
    expect(await open().get('one')).toBeUndefined();
  });

  it('go into the file with all that is known, and out of it without a trace', async () => {
    const secrets = open();
    await secrets.set('one', 'first-secret');
    await secrets.keep('file');
    await secrets.set('two', 'second-secret');
    await secrets.delete('one');
    const again = open();
    expect(await again.get('two')).toBe('second-secret');
    expect(await again.get('one')).toBeUndefined();
    expect((await again.view()).choice?.place).toBe('file');
    await again.keep('memory');
    expect(readdirSync(join(folder, 'data'))).toEqual([]);
    expect(await again.get('two')).toBe('second-secret');
    expect((await open().view()).choice?.place).toBe('memory');
  });

  it('can be read by their owner only, whatever the umask or a restored backup says', async (context) => {
    context.skip(process.platform === 'win32', 'Windows knows no modes');
    const before = process.umask(0);
    try {
      await open().keep('file');
    } finally {
      process.umask(before);
    }
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'data')).mode & 0o777).toBe(0o700);
    chmodSync(file, 0o644);
    open();
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('are not taken from a link that leads elsewhere, nor written through it', async () => {
    const elsewhere = join(folder, 'elsewhere.json');
    writeFileSync(elsewhere, '{"one":"planted"}');
    mkdirSync(join(folder, 'data'));
    symlinkSync(elsewhere, file);
    const secrets = open();
    expect(await secrets.get('one')).toBeUndefined();
    await secrets.keep('file');
    await secrets.set('one', 'mine');
    expect(readFileSync(elsewhere, 'utf8')).toBe('{"one":"planted"}');
  });

  it.each(['{', '[]', '{"one": 5}'])('survive a file that holds %s', async (text) => {
    mkdirSync(join(folder, 'data'));
    writeFileSync(file, text);
    const secrets = open();
    await secrets.set('one', 'value');
    expect(await secrets.get('one')).toBe('value');
  });

  it('say which file it is that cannot be removed', async () => {
    const secrets = open();
    await secrets.keep('file');
    rmSync(file);
    mkdirSync(file);
    await expect(secrets.keep('memory')).rejects.toMatchObject({
      code: 'unsupported',
      message: `${file} cannot be removed.`,
    });
    expect((await secrets.view()).choice?.place).toBe('file');
  });

  it('stay where they are when the file cannot be written', async () => {
    writeFileSync(join(folder, 'data'), 'a file in its way');
    const secrets = open();
    await secrets.set('one', 'value');
    await expect(secrets.keep('file')).rejects.toMatchObject({ code: 'unsupported' });
    expect((await secrets.view()).choice?.place).toBe('memory');
    expect(await secrets.get('one')).toBe('value');
    expect(existsSync(file)).toBe(false);
  });
});
