import {
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { confText, kindOf, writeConfFile } from '../../../main/core/clearml/conf-file.ts';
import { configFromBlock, readConfig, type ServerConfig } from '../../../main/core/clearml/config.ts';
import { tempFolder } from '../../doubles/temp-folder.ts';

const config: ServerConfig = {
  api: 'http://h:8008',
  web: 'http://h:8080',
  files: 'http://h:8081',
  accessKey: 'AK',
  secretKey: 'a"b\\c$d{e}#f',
  verify: true,
  source: 'pasted',
};
const now = new Date('2026-11-20T15:27:28.470Z');
const mode = (path: string) => (statSync(path).mode & 0o777).toString(8);

describe('writing ~/clearml.conf', () => {
  let home = '';
  let file = '';
  beforeEach(() => {
    home = tempFolder('clearml-home');
    file = join(home, 'clearml.conf');
  });

  it('makes a file that only its owner reads, and that reads back as the same credentials', async () => {
    expect(await writeConfFile(file, config, { replace: false, now })).toEqual({});
    expect(mode(file)).toBe('600');
    expect(await readConfig({ env: {}, home })).toEqual({
      at: 'ready',
      config: { ...config, source: 'file', file },
    });
    expect(readdirSync(home)).toEqual(['clearml.conf']);
  });

  it('refuses a file that exists, and leaves it as it is', async () => {
    writeFileSync(file, 'mine');
    await expect(writeConfFile(file, config, { replace: false, now })).rejects.toMatchObject({
      code: 'conflict',
      message: `${file} exists already.`,
    });
    expect(readFileSync(file, 'utf8')).toBe('mine');
    expect(readdirSync(home)).toEqual(['clearml.conf']);
  });

  it('refuses a file that appears while it writes', async () => {
    const writes = ['A', 'B'].map((accessKey) =>
      writeConfFile(file, { ...config, accessKey }, { replace: false, now }),
    );
    const done = await Promise.allSettled(writes);
    expect(done.map((d) => d.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(done.find((d) => d.status === 'rejected')).toMatchObject({ reason: { code: 'conflict' } });
    expect(readdirSync(home)).toEqual(['clearml.conf']);
  });

  it('replaces it when asked, and keeps each earlier one beside it, private', async () => {
    writeFileSync(file, 'first', { mode: 0o644 });
    const backup = `${file}.backup-20261120-152728`;
    expect(await writeConfFile(file, config, { replace: true, now })).toEqual({ backup });
    expect(readFileSync(backup, 'utf8')).toBe('first');
    expect(mode(backup)).toBe('600');
    expect(mode(file)).toBe('600');
    expect(await writeConfFile(file, config, { replace: true, now })).toEqual({ backup: `${backup}-2` });
    expect(readFileSync(`${backup}-2`, 'utf8')).toBe(readFileSync(file, 'utf8'));
    expect(readdirSync(home)).toHaveLength(3);
  });

  it('writes what a link points at, and keeps the link', async () => {
    const real = join(home, 'dotfiles', 'clearml.conf');
    symlinkSync(join('dotfiles', 'clearml.conf'), file);
    expect(await kindOf(file)).toBe('nothing');
    await writeConfFile(file, config, { replace: false, now });
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toBe(confText(config));
    const { backup } = await writeConfFile(file, { ...config, accessKey: 'B' }, { replace: true, now });
    expect(backup).toBe(`${file}.backup-20261120-152728`);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(readFileSync(real, 'utf8')).toContain('"B"');
    expect(readdirSync(join(home, 'dotfiles'))).toEqual(['clearml.conf']);
  });

  it('refuses a token, which a clearml.conf cannot hold', async () => {
    const token = { ...config, accessKey: '', secretKey: '', token: 'T' };
    await expect(writeConfFile(file, token, { replace: false, now })).rejects.toMatchObject({
      code: 'unsupported',
    });
    expect(readdirSync(home)).toEqual([]);
  });

  it('refuses a folder in its place', async () => {
    mkdirSync(file);
    await expect(writeConfFile(file, config, { replace: true, now })).rejects.toMatchObject({
      code: 'invalid',
      message: `${file} is a folder, not a file.`,
    });
  });

  it('says so when it cannot write, and leaves nothing behind', async () => {
    const full = join(home, 'not-a-folder', 'clearml.conf');
    writeFileSync(join(home, 'not-a-folder'), '');
    await expect(writeConfFile(full, config, { replace: false, now })).rejects.toMatchObject({
      code: 'invalid',
    });
    expect(readdirSync(home)).toEqual(['not-a-folder']);
    expect(existsSync(full)).toBe(false);
  });

  it.each<[string, Partial<ServerConfig>]>([
    ['no check of the certificate', { verify: false }],
    ['a CA file', { verify: { ca: '/etc/ssl/my ca.pem' } }],
    ['no web host', { web: '', files: '' }],
  ])('keeps %s', (_, changed) => {
    const wanted = { ...config, api: 'http://10.0.0.1:9000', ...changed };
    expect(configFromBlock(confText(wanted))).toEqual(wanted);
  });
});
