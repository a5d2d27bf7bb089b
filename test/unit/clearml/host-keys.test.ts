import { generateKeyPairSync, type KeyObject } from 'node:crypto';
import ssh2 from 'ssh2';
import { describe, expect, it } from 'vitest';
import { hostKeysFromTask, hostKeysFromText } from '../../../main/core/clearml/host-keys.ts';
import { generateHostKey } from '../../../main/core/ssh/keys.ts';
import { task } from './tasks.ts';

const lineOf = (privateText: string): string => {
  const key = ssh2.utils.parseKey(privateText);
  if (key instanceof Error) throw key;
  return `${key.type} ${key.getPublicSSH().toString('base64')}`;
};
const pem = (key: KeyObject, type: 'sec1' | 'pkcs1' | 'pkcs8') =>
  key.export({ format: 'pem', type }).toString();
const ed25519 = generateHostKey().privateKey;
const ec = pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey, 'sec1');
const ec521 = pem(generateKeyPairSync('ec', { namedCurve: 'P-521' }).privateKey, 'sec1');
const rsa = pem(generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey, 'pkcs1');
const openssh = ssh2.utils.generateKeyPairSync('rsa', { bits: 2048 }).private;

// Behind the magic three empty texts, one key, and nothing of it.
const hollow = `-----BEGIN OPENSSH PRIVATE KEY-----\n${Buffer.concat([
  Buffer.from('openssh-key-v1\0'),
  Buffer.alloc(12),
  Buffer.from([0, 0, 0, 1]),
  Buffer.alloc(4),
]).toString('base64')}\n-----END OPENSSH PRIVATE KEY-----\n`;

const lines = (text: string) => hostKeysFromText(text).map((key) => key.line);
const hocon = (keys: Record<string, string>) =>
  Object.entries(keys)
    .map(([name, text]) => `${name} = """${text}"""`)
    .join('\n');

describe('the host keys of a task', () => {
  it.each([
    ['ed25519 (OpenSSH)', 'ssh_host_ed25519_key', ed25519],
    ['ECDSA (PEM)', 'ssh_host_ecdsa_key', ec],
    ['ECDSA 521 (PEM)', 'ssh_host_ecdsa_key', ec521],
    ['RSA (PEM)', 'ssh_host_rsa_key', rsa],
    ['RSA (OpenSSH)', 'ssh_host_rsa_key', openssh],
  ])('are derived from a private key: %s, in JSON and in HOCON', (_, name, text) => {
    expect(lines(JSON.stringify({ [name]: text }))).toEqual([lineOf(text)]);
    expect(lines(hocon({ [name]: text }))).toEqual([lineOf(text)]);
  });

  it('are read from public lines, with or without a comment', () => {
    const line = lineOf(ed25519);
    expect(lines(JSON.stringify({ ssh_host_ed25519_key__pub: `${line} root@box\n` }))).toEqual([line]);
  });

  it('are those of the private keys, which sshd uses, when the public lines differ', () => {
    const text = JSON.stringify({
      ssh_host_ed25519_key: ed25519,
      ssh_host_ed25519_key__pub: lineOf(generateHostKey().privateKey),
    });
    expect(lines(text)).toEqual([lineOf(ed25519)]);
  });

  it('are several, ed25519 first; null means that there is none', () => {
    const all = { ssh_host_rsa_key: rsa, ssh_host_ecdsa_key: ec, ssh_host_ed25519_key: ed25519 };
    expect(lines(JSON.stringify(all))).toEqual([lineOf(ed25519), lineOf(ec), lineOf(rsa)]);
    expect(lines(JSON.stringify({ ...all, ssh_host_rsa_key: null, ssh_host_ecdsa_key: null }))).toEqual([
      lineOf(ed25519),
    ]);
  });

  it.each([
    ['nothing', ''],
    ['no HOCON', 'a = "'],
    ['a list', '[1]'],
    ['another text', 'ssh_host_rsa_key = hello'],
    ['a private key without a public one', JSON.stringify({ ssh_host_ed25519_key: hollow })],
    ['half a key', JSON.stringify({ ssh_host_ed25519_key: ed25519.slice(0, 120) })],
    [
      'a public line of another type',
      JSON.stringify({ ssh_host_rsa_key__pub: lineOf(ed25519).replace('ed25519', 'rsa') }),
    ],
    [
      'an unheard-of curve',
      JSON.stringify({
        ssh_host_ecdsa_key: pem(generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).privateKey, 'pkcs8'),
      }),
    ],
  ])('are none in %s', (_, text) => {
    expect(lines(text)).toEqual([]);
  });

  it('are recognised when they are the ones that everybody knows', () => {
    // The ECDSA key of clearml-session's source, by its public half.
    const known =
      'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBJ/y5Qv9VDdaupsn47NNyyXR2NiwdG9YQYwLC70JwzLfEBOkZpd1BUCv1BcOJhKghQg/nXG8lqhbCsU5ulrRUrY=';
    const [key] = hostKeysFromText(JSON.stringify({ ssh_host_ecdsa_key__pub: known }));
    expect(key).toEqual({
      line: known,
      fingerprint: 'SHA256:D7CcYsGHNaxvJIOeHrO++GpcDZ3iI2EsaSmGgA61UzI',
      publiclyKnown: true,
    });
  });

  it('come from the configuration SSH of a task that was read whole', () => {
    const value = JSON.stringify({ ssh_host_ed25519_key: ed25519 });
    expect(hostKeysFromTask(task({ configuration: { SSH: { value } } })).map((k) => k.line)).toEqual([
      lineOf(ed25519),
    ]);
    expect(hostKeysFromTask(task())).toEqual([]);
  });
});
