import { createPublicKey } from 'node:crypto';
import { AppError } from '../../../preload/contract/errors.ts';
import { seenHostKey } from '../ssh/host-keys.ts';
import type { SeenHostKey } from '../ssh/tunnels.ts';
import { isObject, parseHocon } from './hocon.ts';
import type { SessionTask } from './task.ts';

/** Of the files in /etc/ssh that a session's payload writes; in the order in which ssh2 prefers their types. */
const NAMES = ['ssh_host_ed25519_key', 'ssh_host_ecdsa_key', 'ssh_host_rsa_key'];

/** The host keys that a session's machine offers, as far as its task (read whole) says. */
export const hostKeysFromTask = (task: SessionTask): readonly SeenHostKey[] =>
  hostKeysFromText(task.sshConfiguration ?? '');

/**
 * The public host keys in a `SSH` configuration or a vault: JSON, or the HOCON that the SDK writes.
 *
 * A private key decides over the public one beside it, since it is the one that sshd loads; text that cannot be
 * read holds no keys.
 */
export function hostKeysFromText(text: string): readonly SeenHostKey[] {
  const keys = readKeys(text);
  return NAMES.flatMap((name) => {
    const blob = blobOfPrivate(keys[name] ?? '') ?? blobOfLine(keys[`${name}__pub`] ?? '');
    return blob ? [seenHostKey(blob)] : [];
  });
}

function readKeys(text: string): Readonly<Record<string, string>> {
  try {
    const value = parseHocon(text);
    const entries = Object.entries(isObject(value) ? value : {});
    return Object.fromEntries(entries.filter((e): e is [string, string] => typeof e[1] === 'string'));
  } catch (error) {
    if (error instanceof AppError) return {};
    throw error;
  }
}

function blobOfLine(line: string): Buffer | undefined {
  const [type = '', base64 = ''] = line.trim().split(/\s+/);
  const blob = Buffer.from(base64, 'base64');
  return isKey(blob) && blob.subarray(4, 4 + type.length).toString() === type ? blob : undefined;
}

/** Whether the bytes begin with the name of a type, as those of every key do. */
const isKey = (blob: Buffer): boolean => /^(ssh|ecdsa)-/.test(blob.subarray(4).toString('latin1'));

/** The public key of a private one, in SSH's own encoding. */
function blobOfPrivate(pem: string): Buffer | undefined {
  try {
    return pem.includes('OPENSSH PRIVATE KEY') ? blobOfOpenssh(pem) : blobOfPem(pem);
  } catch {
    return undefined;
  }
}

/** An OpenSSH file holds its public key in clear: magic, cipher, kdf, kdf options, number of keys, public key. */
function blobOfOpenssh(pem: string): Buffer | undefined {
  const bytes = Buffer.from(pem.replace(/-----.*?-----|\s/g, ''), 'base64');
  let at = 'openssh-key-v1\0'.length;
  for (let skipped = 0; skipped < 3; skipped++) at += 4 + bytes.readUInt32BE(at);
  at += 4;
  const size = bytes.readUInt32BE(at);
  const blob = bytes.subarray(at + 4, at + 4 + size);
  return blob.length === size && isKey(blob) ? blob : undefined;
}

function blobOfPem(pem: string): Buffer | undefined {
  const { kty, crv, n = '', e = '', x = '', y = '' } = createPublicKey(pem).export({ format: 'jwk' });
  const bytes = (base64: string) => Buffer.from(base64, 'base64url');
  // A number whose first bit is set would be negative without a zero before it.
  const number = (base64: string) => {
    const raw = bytes(base64);
    return (raw[0] ?? 0) > 127 ? Buffer.concat([Buffer.alloc(1), raw]) : raw;
  };
  if (kty === 'RSA') return encode('ssh-rsa', number(e), number(n));
  if (kty === 'OKP' && crv === 'Ed25519') return encode('ssh-ed25519', bytes(x));
  if (kty !== 'EC' || !crv?.startsWith('P-')) return undefined;
  const curve = `nistp${crv.slice(2)}`;
  return encode(`ecdsa-sha2-${curve}`, curve, Buffer.concat([Buffer.from([4]), bytes(x), bytes(y)]));
}

function encode(...parts: readonly (string | Buffer)[]): Buffer {
  return Buffer.concat(
    parts.flatMap((part) => {
      const body = Buffer.from(part);
      const size = Buffer.alloc(4);
      size.writeUInt32BE(body.length);
      return [size, body];
    }),
  );
}
