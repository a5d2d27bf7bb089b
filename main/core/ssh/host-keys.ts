import { createHash } from 'node:crypto';
import type { SessionId } from '../../../preload/contract/state.ts';
import type { HostKeyRule, SeenHostKey } from './tunnels.ts';

/**
 * The keys that clearml-session's own source prints, ED25519, ECDSA and RSA: anybody can pretend to be a machine
 * that offers one of them.
 */
const PUBLICLY_KNOWN: ReadonlySet<string> = new Set([
  'SHA256:O2++ST5lAGVoredT1hqlAyTowgNwlnNRJrwE8cbMLo0',
  'SHA256:D7CcYsGHNaxvJIOeHrO++GpcDZ3iI2EsaSmGgA61UzI',
  'SHA256:7Km+DT3w7fliQqC8RRyEQ4NqaDi9X67Za22PD7Jk8T4',
]);

export const isPubliclyKnown = (fingerprint: string): boolean => PUBLICLY_KNOWN.has(fingerprint);

/** `blob`: a public key as SSH sends it. The result is `SHA256:…` as ssh-keygen prints it. */
export const fingerprintOf = (blob: Uint8Array): string =>
  `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`;

/** The fingerprint of a public key line (`ssh-ed25519 AAAA… comment`). */
export function fingerprintOfLine(line: string): string {
  return fingerprintOf(Buffer.from(line.trim().split(/\s+/)[1] ?? '', 'base64'));
}

/** The first word of the line of a key, which its own bytes begin with. */
export function keyTypeOf(blob: Buffer): string {
  return blob.subarray(4, 4 + blob.readUInt32BE(0)).toString('latin1');
}

export function seenHostKey(blob: Buffer): SeenHostKey {
  const fingerprint = fingerprintOf(blob);
  return {
    fingerprint,
    line: `${keyTypeOf(blob)} ${blob.toString('base64')}`,
    publiclyKnown: isPubliclyKnown(fingerprint),
  };
}

/** `first-use`: nothing was known of this machine, so that its key is to be remembered. */
export type HostKeyVerdict = 'expected' | 'first-use' | 'changed' | 'publicly-known';

export function judgeHostKey(key: SeenHostKey, rule: HostKeyRule): HostKeyVerdict {
  if (rule.ours && key.publiclyKnown) return 'publicly-known';
  if (rule.expected === undefined) return 'first-use';
  return key.fingerprint === rule.expected ? 'expected' : 'changed';
}

/** The name under which OpenSSH looks a session up, since every session is at some port of 127.0.0.1. */
export const hostKeyAlias = (id: SessionId): string => `clearml-session-${id}`;

/** One line of a known_hosts file. */
export const knownHostsLine = (id: SessionId, line: string): string =>
  `${hostKeyAlias(id)} ${line.trim().split(/\s+/).slice(0, 2).join(' ')}`;
