import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { authorizeKeyScript, readKeyInstall } from '../../../../main/core/ssh/authorized-keys.ts';
import { generateHostKey } from '../../../../main/core/ssh/keys.ts';

const KEY = generateHostKey().publicLine;
const LINE = `${KEY} clearml-session-tray\n`;

describe.skipIf(process.platform === 'win32')('the script that authorizes our key', () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'home-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const file = () => join(home, '.ssh', 'authorized_keys');
  const run = () =>
    readKeyInstall(
      execFileSync('sh', {
        input: authorizeKeyScript(KEY),
        env: { ...process.env, HOME: home },
        encoding: 'utf8',
        stdio: ['pipe', 'pipe', 'ignore'],
      }),
    );
  const before = (content: string) => {
    mkdirSync(join(home, '.ssh'));
    writeFileSync(file(), content);
  };

  it('makes folder and file, readable for nobody else', () => {
    expect(run()).toBe('added');
    expect(readFileSync(file(), 'utf8')).toBe(LINE);
    expect(statSync(join(home, '.ssh')).mode & 0o777).toBe(0o700);
    expect(statSync(file()).mode & 0o777).toBe(0o600);
  });

  it('adds the key only once', () => {
    run();
    expect(run()).toBe('present');
    expect(readFileSync(file(), 'utf8')).toBe(LINE);
  });

  it.each([
    ['that is empty', '', ''],
    ['of others', 'ssh-rsa BBBB ann\n', 'ssh-rsa BBBB ann\n'],
    ['without its last newline', 'ssh-rsa BBBB ann', 'ssh-rsa BBBB ann\n'],
  ])('appends to a file %s', (_what, content, kept) => {
    before(content);
    expect(run()).toBe('added');
    expect(readFileSync(file(), 'utf8')).toBe(kept + LINE);
  });

  it('knows the key under another comment and with options', () => {
    const content = `no-pty ${KEY} somebody\n`;
    before(content);
    expect(run()).toBe('present');
    expect(readFileSync(file(), 'utf8')).toBe(content);
  });

  it('says so when it cannot', () => {
    writeFileSync(join(home, '.ssh'), '');
    expect(run()).toBe('failed');
  });

  it('takes nothing that is no public key line', () => {
    expect(() => authorizeKeyScript(`ssh-ed25519 AAAA'; reboot; ' x`)).toThrow('Not a public key line');
  });
});

describe('what the script said', () => {
  it.each([
    ['alone', 'clearml-session-tray-key added\n', 'added'],
    ['among what rc files print', 'Welcome!\nclearml-session-tray-key present\nbye', 'present'],
    ['over a terminal', 'clearml-session-tray-key failed\r\n', 'failed'],
    ['not at all', 'Welcome!\n', undefined],
    ['as an echo of itself', 'echo "clearml-session-tray-key added"', undefined],
  ])('is found %s', (_where, output, expected) => {
    expect(readKeyInstall(output)).toBe(expected);
  });
});
