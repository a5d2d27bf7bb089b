import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  fingerprintOfLine,
  hostKeyAlias,
  isPubliclyKnown,
  judgeHostKey,
  keyTypeOf,
  knownHostsLine,
  seenHostKey,
} from '../../../../main/core/ssh/host-keys.ts';
import { generateHostKey } from '../../../../main/core/ssh/keys.ts';
import type { HostKeyRule, SeenHostKey } from '../../../../main/core/ssh/tunnels.ts';

const PUBLIC = [
  'SHA256:O2++ST5lAGVoredT1hqlAyTowgNwlnNRJrwE8cbMLo0',
  'SHA256:D7CcYsGHNaxvJIOeHrO++GpcDZ3iI2EsaSmGgA61UzI',
  'SHA256:7Km+DT3w7fliQqC8RRyEQ4NqaDi9X67Za22PD7Jk8T4',
] as const;
const blobOf = (line: string) => Buffer.from(line.split(' ')[1] ?? '', 'base64');
const key = (fingerprint: string, publiclyKnown = false): SeenHostKey => ({
  fingerprint,
  line: '',
  publiclyKnown,
});

describe('a host key', () => {
  const { publicLine } = generateHostKey();

  it('is described by its fingerprint and its line', () => {
    expect(seenHostKey(blobOf(publicLine))).toEqual({
      fingerprint: fingerprintOfLine(publicLine),
      line: publicLine,
      publiclyKnown: false,
    });
    expect(keyTypeOf(blobOf(publicLine))).toBe('ssh-ed25519');
  });

  it.skipIf(process.platform === 'win32')(
    'has the fingerprint that ssh-keygen prints, whatever its comment',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'key-'));
      writeFileSync(join(folder, 'key.pub'), `${publicLine} root@gpu\n`);
      const printed = execFileSync('ssh-keygen', ['-lf', join(folder, 'key.pub')], { encoding: 'utf8' });
      rmSync(folder, { recursive: true });
      expect(printed.split(' ')[1]).toBe(fingerprintOfLine(`${publicLine} root@gpu\n`));
    },
  );
});

it.each(PUBLIC)('%s is known to everybody', (fingerprint) => {
  expect(isPubliclyKnown(fingerprint)).toBe(true);
  expect(isPubliclyKnown(`${fingerprint}x`)).toBe(false);
});

describe('the judgement of a host key', () => {
  it.each<[string, SeenHostKey, HostKeyRule, string]>([
    ['expects the pinned one', key('SHA256:a'), { expected: 'SHA256:a', ours: true }, 'expected'],
    ['refuses another one', key('SHA256:b'), { expected: 'SHA256:a', ours: true }, 'changed'],
    [
      'refuses another one of a session of somebody else',
      key('SHA256:b'),
      { expected: 'SHA256:a', ours: false },
      'changed',
    ],
    ['takes the first one it sees', key('SHA256:a'), { ours: false }, 'first-use'],
    [
      'takes a publicly known one of a session of somebody else',
      key(PUBLIC[0], true),
      { ours: false },
      'first-use',
    ],
    [
      'knows a publicly known one again',
      key(PUBLIC[0], true),
      { expected: PUBLIC[0], ours: false },
      'expected',
    ],
    [
      'refuses a publicly known one of a session of ours',
      key(PUBLIC[0], true),
      { ours: true },
      'publicly-known',
    ],
    [
      'refuses it even if it was pinned',
      key(PUBLIC[0], true),
      { expected: PUBLIC[0], ours: true },
      'publicly-known',
    ],
  ])('%s', (_what, seen, rule, verdict) => {
    expect(judgeHostKey(seen, rule)).toBe(verdict);
  });
});

describe('a line of known_hosts', () => {
  it('lists the session by its alias and leaves out the comment', () => {
    const id = 'b'.repeat(32);
    expect(hostKeyAlias(id)).toBe(`clearml-session-${id}`);
    expect(knownHostsLine(id, ' ssh-ed25519 AAAA root@gpu\n')).toBe(`clearml-session-${id} ssh-ed25519 AAAA`);
  });
});
