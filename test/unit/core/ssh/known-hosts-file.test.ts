import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeKnownHosts } from '../../../../main/core/ssh/known-hosts-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hosts-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const record = (line: string) => ({ fingerprint: 'SHA256:x', line, source: 'generated' as const });

describe('the known_hosts file of this app', () => {
  it('has one line for each session', () => {
    const file = join(folder, 'ssh', 'known_hosts');
    writeKnownHosts(file, { aa: record('ssh-ed25519 AAAA'), bb: record('ssh-rsa BBBB root@gpu') });
    expect(readFileSync(file, 'utf8')).toBe(
      'clearml-session-aa ssh-ed25519 AAAA\nclearml-session-bb ssh-rsa BBBB\n',
    );
  });

  it('is replaced as a whole, private, and leaves no drafts', () => {
    const file = join(folder, 'known_hosts');
    writeKnownHosts(file, { aa: record('ssh-ed25519 AAAA') });
    writeKnownHosts(file, {});
    expect(readFileSync(file, 'utf8')).toBe('');
    expect(readdirSync(folder)).toEqual(['known_hosts']);
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });
});
