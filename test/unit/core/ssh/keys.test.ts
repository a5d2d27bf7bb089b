import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateHostKey, loadAppKey } from '../../../../main/core/ssh/keys.ts';
import { NO_DISK, smallDisk } from '../../../doubles/full-disk.ts';
import { silentLog } from '../../../doubles/log.ts';

let folder: string;
beforeEach(() => {
  folder = join(mkdtempSync(join(tmpdir(), 'keys-')), 'ssh');
});
afterEach(() => rmSync(join(folder, '..'), { recursive: true }));

const mode = (file: string) => statSync(file).mode & 0o777;
const publicHalf = (file: string) =>
  execFileSync('ssh-keygen', ['-y', '-f', file], { encoding: 'utf8' })
    .split(' ')
    .slice(0, 2)
    .join(' ')
    .trim();

describe('a host key for a session', () => {
  it('can always be read again, although ssh2 makes one in 200 that cannot', () => {
    for (let n = 0; n < 1500; n++) {
      const key = ssh2.utils.parseKey(generateHostKey().privateKey);
      if (key instanceof Error) throw key;
    }
  });
});

describe('the key of this app', () => {
  it('leaves no part of itself on a full disk', (context) => {
    const disk = smallDisk(folder);
    context.skip(disk === undefined, NO_DISK);
    try {
      disk?.fill();
      expect(() => loadAppKey(folder, silentLog)).toThrow('ENOSPC');
      expect(readdirSync(folder)).toEqual(['full']);
    } finally {
      disk?.dispose();
    }
  });

  it('is made once and read from then on', () => {
    const made = loadAppKey(folder, silentLog);
    expect(loadAppKey(folder, silentLog)).toEqual(made);
    expect(made.publicLine).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+ clearml-session-tray$/);
    expect(readdirSync(folder)).toEqual(['id_ed25519']);
  });

  it.skipIf(process.platform === 'win32')('is private, and ssh can use it', () => {
    const { file, publicLine } = loadAppKey(folder, silentLog);
    expect([mode(folder), mode(file)]).toEqual([0o700, 0o600]);
    expect(publicLine.startsWith(publicHalf(file))).toBe(true);
  });

  it.skipIf(process.platform === 'win32')('is made private again', () => {
    const { file } = loadAppKey(folder, silentLog);
    chmodSync(file, 0o644);
    loadAppKey(folder, silentLog);
    expect(mode(file)).toBe(0o600);
  });

  it.each([
    ['empty', ''],
    ['cut short', '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNz'],
    ['no private key', generateHostKey().publicLine],
  ])('is made anew, and the file kept, when the file is %s', (_what, content) => {
    const { file, publicLine } = loadAppKey(folder, silentLog);
    writeFileSync(file, content);
    const again = loadAppKey(folder, silentLog);
    expect(again.publicLine).not.toBe(publicLine);
    const aside = readdirSync(folder).find((name) => name.startsWith('id_ed25519.broken-'));
    expect(readFileSync(join(folder, aside ?? ''), 'utf8')).toBe(content);
  });
});

describe('a host key for a session', () => {
  it('is an OpenSSH private key that ends in a newline, with a public line without a comment', () => {
    const { privateKey, publicLine } = generateHostKey();
    expect(privateKey).toMatch(
      /^-----BEGIN OPENSSH PRIVATE KEY-----\n[\s\S]+-----END OPENSSH PRIVATE KEY-----\n$/,
    );
    expect(publicLine).toMatch(/^ssh-ed25519 [A-Za-z0-9+/=]+$/);
  });

  it.skipIf(process.platform === 'win32')('is one that OpenSSH reads', () => {
    const { privateKey, publicLine } = generateHostKey();
    const file = join(folder, '..', 'host');
    writeFileSync(file, privateKey, { mode: 0o600 });
    expect(publicHalf(file)).toBe(publicLine);
  });

  it('is another one every time', () => {
    expect(generateHostKey().privateKey).not.toBe(generateHostKey().privateKey);
  });
});
