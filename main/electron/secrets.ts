import { rmSync } from 'node:fs';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SafeStorage } from 'electron';
import { AppError } from '../../preload/contract/errors.ts';
import type { SecretsView } from '../../preload/contract/state.ts';
import { stateTexts } from '../../preload/contract/texts/index.ts';
import type { Log, Secrets } from '../core/ports.ts';
import { readSecretFile, UnkeyedSecrets } from '../core/secret-file.ts';

type Keyring = Pick<
  SafeStorage,
  'decryptStringAsync' | 'encryptStringAsync' | 'getSelectedStorageBackend' | 'isAsyncEncryptionAvailable'
>;

const t = stateTexts.secrets;

const PLACES: Partial<Record<NodeJS.Platform, string>> = {
  darwin: t.macOS,
  win32: t.windows,
};

interface Parts {
  /** What the keyring encrypts. */
  readonly file: string;
  /** Where they rest unencrypted, if there is no keyring and the person wants it so. */
  readonly plainFile: string;
  readonly platform: NodeJS.Platform;
  readonly log: Log;
}

/**
 * Secrets behind the system's keyring; where it has none, in memory or where the person chooses. Call it once the app is
 * ready.
 *
 * The keyring holds one key; what it encrypts is in `file`, which only its owner may read. Opening a keyring may ask
 * the person for a password, so nothing waits for it but the secrets themselves.
 */
export function openSecrets(keyring: Keyring, parts: Parts): Secrets {
  let where = t.keyring;
  const opening = open(keyring, parts).then((secrets) => {
    where = secrets.where;
    return secrets;
  });
  return {
    get where() {
      return where;
    },
    view: async () => (await opening).view(),
    async keep(place) {
      const secrets = await opening;
      await secrets.keep(place);
      where = secrets.where;
    },
    get: async (name) => (await opening).get(name),
    set: async (name, value) => (await opening).set(name, value),
    delete: async (name) => (await opening).delete(name),
  };
}

async function open(keyring: Keyring, parts: Parts): Promise<Secrets> {
  const { file, plainFile, platform, log } = parts;
  const backend = platform === 'linux' ? keyring.getSelectedStorageBackend() : undefined;
  if (await isUsable(keyring, backend).catch(() => false)) {
    const secrets = new KeyringSecrets(keyring, {
      file,
      log,
      where: PLACES[platform] ?? t.keyringNamed(String(backend)),
    });
    await adopt(plainFile, secrets, log);
    return secrets;
  }
  log.write('warn', 'No keyring can be used for secrets', { backend });
  return new UnkeyedSecrets({ file: plainFile, why: whyNot(backend), log });
}

/** What had to be unencrypted while no keyring answered. */
async function adopt(plainFile: string, secrets: Secrets, log: Log): Promise<void> {
  const plain = readSecretFile(plainFile, log);
  if (!plain) return;
  try {
    for (const [name, value] of Object.entries(plain)) await secrets.set(name, value);
    rmSync(plainFile, { force: true });
    log.write('info', 'The secrets of a file were moved into the keyring');
  } catch (error) {
    log.write('warn', 'The secrets of a file could not be moved into the keyring', { error });
  }
}

const whyNot = (backend: string | undefined): string => (backend === undefined ? t.silent : t.noneOnDesktop);

/**
 * On Linux, Chromium falls back to a key that is printed in its source. It says so as `basic_text`, or not at all
 * when a keyring is named that does not answer; what it encrypts then begins with `v10`.
 */
async function isUsable(keyring: Keyring, backend: string | undefined): Promise<boolean> {
  if (backend === 'basic_text' || !(await keyring.isAsyncEncryptionAvailable())) return false;
  if (backend === undefined) return true;
  const sample = await keyring.encryptStringAsync('sample');
  return sample.subarray(0, 3).toString('latin1') !== 'v10';
}

class KeyringSecrets implements Secrets {
  readonly where: string;
  readonly #keyring: Keyring;
  readonly #file: string;
  readonly #log: Log;
  /** Encrypted, base64, by name. */
  #values: Promise<Map<string, string>>;

  constructor(keyring: Keyring, parts: { file: string; log: Log; where: string }) {
    this.#keyring = keyring;
    this.#file = parts.file;
    this.#log = parts.log;
    this.where = parts.where;
    this.#values = this.#read();
  }

  async view(): Promise<SecretsView> {
    return { where: this.where };
  }

  async keep(): Promise<void> {
    throw new AppError('unsupported', 'Secrets stay in the keyring of this system.');
  }

  async get(name: string): Promise<string | undefined> {
    const encrypted = (await this.#values).get(name);
    if (encrypted === undefined) return undefined;
    try {
      const { result, shouldReEncrypt } = await this.#keyring.decryptStringAsync(
        Buffer.from(encrypted, 'base64'),
      );
      if (shouldReEncrypt) await this.set(name, result);
      return result;
    } catch (error) {
      // Another key, or the person said no to the keyring: it stays for the next time.
      this.#log.write('warn', 'The keyring could not decrypt a secret', { name, error });
      return undefined;
    }
  }

  async set(name: string, value: string): Promise<void> {
    const encrypted = await this.#keyring.encryptStringAsync(value);
    await this.#change((values) => values.set(name, encrypted.toString('base64')));
  }

  async delete(name: string): Promise<void> {
    await this.#change((values) => values.delete(name));
  }

  async #read(): Promise<Map<string, string>> {
    try {
      return new Map(Object.entries(JSON.parse(await readFile(this.#file, 'utf8'))));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') {
        this.#log.write('warn', 'The file of encrypted secrets could not be read', { error });
      }
      return new Map();
    }
  }

  /** One after the other, so that no write undoes another. */
  async #change(change: (values: Map<string, string>) => void): Promise<void> {
    const changed = this.#values.then(async (before) => {
      const values = new Map(before);
      change(values);
      await this.#write(values);
      return values;
    });
    this.#values = changed.catch(() => this.#read());
    await changed;
  }

  async #write(values: ReadonlyMap<string, string>): Promise<void> {
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 });
    const fresh = `${this.#file}.new`;
    await writeFile(fresh, JSON.stringify(Object.fromEntries(values)), { mode: 0o600 });
    await rename(fresh, this.#file);
  }
}
