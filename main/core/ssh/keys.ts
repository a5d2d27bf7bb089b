import { randomBytes } from 'node:crypto';
import { chmodSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import type { Log } from '../ports.ts';

const { utils } = ssh2;

const FILE = 'id_ed25519';
const COMMENT = 'clearml-session-tray';

export interface KeyPair {
  /** OpenSSH private key text that ends in a newline. */
  readonly privateKey: string;
  /** `ssh-ed25519 AAAA… comment` */
  readonly publicLine: string;
}

/** This app's own key pair, and the file that `ssh -i` takes. */
export interface AppKey extends KeyPair {
  readonly file: string;
}

/**
 * A host key for one session. Without a comment: what runs on the remote machine appends one itself.
 *
 * ClearML's payload takes the text as it is, and sshd refuses one that does not end in a newline.
 */
export function generateHostKey(): KeyPair {
  const { private: text, public: line } = generate();
  return { privateKey: endWithNewline(text), publicLine: line.trim() };
}

/**
 * Reads the app's key pair from `folder`, or makes it: once, even when two instances start together. A file that is
 * no private key is moved aside, since it may be the person's.
 */
export function loadAppKey(folder: string, log: Log): AppKey {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, FILE);
  const found = readKey(file);
  if (found === 'broken') {
    const aside = `${file}.broken-${randomBytes(4).toString('hex')}`;
    renameSync(file, aside);
    log.write('warn', 'The SSH key of this app could not be read; it was moved aside and made anew', {
      aside,
    });
  } else if (found) {
    return { ...found, file };
  }
  createKey(file);
  const made = readKey(file);
  if (!made || made === 'broken') throw new Error(`The SSH key that was written to ${file} cannot be read.`);
  return { ...made, file };
}

/**
 * ssh2 drops the leading zeros of a public key, so that one pair in about 200 can be read by nobody: such a pair is
 * made again.
 */
function generate(comment?: string): { private: string; public: string } {
  for (;;) {
    const pair = utils.generateKeyPairSync('ed25519', comment === undefined ? {} : { comment });
    if (!(utils.parseKey(pair.private) instanceof Error)) return pair;
  }
}

/** Undefined where it is no private key. */
export function readKeyFile(file: string): KeyPair | undefined {
  const key = readKey(file);
  return key === 'broken' ? undefined : key;
}

function readKey(file: string): KeyPair | 'broken' | undefined {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  // ssh refuses a private key that others may read.
  chmodSync(file, 0o600);
  const key = utils.parseKey(text);
  if (key instanceof Error || !key.isPrivateKey()) return 'broken';
  return {
    privateKey: endWithNewline(text),
    publicLine: `${key.type} ${key.getPublicSSH().toString('base64')} ${COMMENT}`,
  };
}

function createKey(file: string): void {
  const { private: text } = generate(COMMENT);
  const draft = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    writeFileSync(draft, endWithNewline(text), { mode: 0o600, flag: 'wx' });
    place(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
}

/** Unlike a rename, a link never replaces the key of an instance that was faster. */
function place(draft: string, file: string): void {
  try {
    linkSync(draft, file);
  } catch (error) {
    // Some file systems (FAT, network homes) have no links.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') renameSync(draft, file);
  }
}

const endWithNewline = (text: string): string => (text.endsWith('\n') ? text : `${text}\n`);
