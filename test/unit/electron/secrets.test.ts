import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { openSecrets } from '../../../main/electron/secrets.ts';
import { silentLog } from '../../doubles/log.ts';

type Keyring = Parameters<typeof openSecrets>[0];

/** "Encrypts" by reversing behind a mark, as Chromium marks what it encrypts. */
const keyring = (different: Partial<Keyring> & { mark?: string } = {}): Keyring => ({
  isAsyncEncryptionAvailable: async () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptStringAsync: async (text) => Buffer.from((different.mark ?? 'v11') + [...text].reverse().join('')),
  decryptStringAsync: async (bytes) => ({
    result: [...bytes.toString().slice(3)].reverse().join(''),
    shouldReEncrypt: false,
  }),
  ...different,
});

const folder = mkdtempSync(join(tmpdir(), 'secrets-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;

const opened = (using: Keyring, platform: NodeJS.Platform = 'linux', file?: string) => {
  const where = file ?? join(folder, String(++files), 'secrets.json');
  const plainFile = `${where}.plain`;
  return {
    file: where,
    plainFile,
    secrets: openSecrets(using, { file: where, plainFile, platform, log: silentLog }),
  };
};

describe('secrets in the keyring', () => {
  it('are there again after a restart, and only encrypted on the disk', async () => {
    const { file, secrets } = opened(keyring());
    await Promise.all([secrets.set('one', 'first-secret'), secrets.set('two', 'second-secret')]);
    await secrets.delete('two');
    expect(readFileSync(file, 'utf8')).not.toContain('first-secret');
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const again = opened(keyring(), 'linux', file).secrets;
    expect(await again.get('one')).toBe('first-secret');
    expect(await again.get('two')).toBeUndefined();
  });

  it.each([
    ['darwin', 'the macOS Keychain'],
    ['win32', 'Windows data protection of your account'],
    ['linux', 'the keyring (gnome_libsecret)'],
  ] as const)('say on %s where they are', async (platform, where) => {
    const { secrets } = opened(keyring(), platform);
    await secrets.get('one');
    expect(secrets.where).toBe(where);
  });

  it('are encrypted again when the key has changed', async () => {
    const { file, secrets } = opened(keyring());
    await secrets.set('one', 'value');
    const before = readFileSync(file, 'utf8');
    const rotated = keyring({
      decryptStringAsync: async () => ({ result: 'value', shouldReEncrypt: true }),
      mark: 'v12',
    });
    expect(await opened(rotated, 'linux', file).secrets.get('one')).toBe('value');
    expect(readFileSync(file, 'utf8')).not.toBe(before);
  });

  it('stay on the disk when the keyring does not open them', async () => {
    const { file, secrets } = opened(keyring());
    await secrets.set('one', 'value');
    const locked = keyring({ decryptStringAsync: () => Promise.reject(new Error('locked')) });
    expect(await opened(locked, 'linux', file).secrets.get('one')).toBeUndefined();
    expect(await opened(keyring(), 'linux', file).secrets.get('one')).toBe('value');
  });

  it('survive a broken file', async () => {
    const { file, secrets } = opened(keyring());
    await secrets.set('one', 'value');
    writeFileSync(file, '{');
    const again = opened(keyring(), 'linux', file).secrets;
    expect(await again.get('one')).toBeUndefined();
    await again.set('one', 'new value');
    expect(await again.get('one')).toBe('new value');
  });
});

describe('secrets without a keyring', () => {
  it.each([
    ['basic_text is a key that everybody knows', keyring({ getSelectedStorageBackend: () => 'basic_text' })],
    ['the named keyring does not answer', keyring({ mark: 'v10' })],
    ['encryption is not available', keyring({ isAsyncEncryptionAvailable: async () => false })],
    ['the keyring fails', keyring({ isAsyncEncryptionAvailable: () => Promise.reject(new Error('no bus')) })],
  ])('stay in memory when %s, and the person may choose otherwise', async (_, using) => {
    const { file, plainFile, secrets } = opened(using);
    await secrets.set('one', 'value');
    expect(await secrets.get('one')).toBe('value');
    expect(secrets.where).toMatch(/^memory/);
    expect(existsSync(file) || existsSync(plainFile)).toBe(false);
    expect((await secrets.view()).choice).toMatchObject({ place: 'memory', file: plainFile });
    await secrets.keep('file');
    expect(secrets.where).toContain('unencrypted');
    expect(await opened(using, 'linux', file).secrets.get('one')).toBe('value');
  });

  it('move into the keyring as soon as there is one', async () => {
    const { file, plainFile, secrets } = opened(keyring({ mark: 'v10' }));
    await secrets.set('one', 'value');
    await secrets.keep('file');
    const later = opened(keyring(), 'linux', file).secrets;
    expect(await later.get('one')).toBe('value');
    expect(await later.view()).toEqual({ where: 'the keyring (gnome_libsecret)' });
    expect(existsSync(plainFile)).toBe(false);
    await expect(later.keep('file')).rejects.toMatchObject({ code: 'unsupported' });
  });

  it('are not refused for a mark that means something else elsewhere', async () => {
    const backend = vi.fn(() => 'unknown' as const);
    const { secrets } = opened(keyring({ mark: 'v10', getSelectedStorageBackend: backend }), 'darwin');
    await secrets.set('one', 'value');
    expect(secrets.where).toBe('the macOS Keychain');
    expect(backend).not.toHaveBeenCalled();
  });
});
