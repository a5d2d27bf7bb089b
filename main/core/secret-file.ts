import { chmodSync, lstatSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import * as z from 'zod/mini';
import { AppError } from '../../preload/contract/errors.ts';
import type { SecretPlace, SecretsView } from '../../preload/contract/state.ts';
import { stateTexts } from '../../preload/contract/texts/index.ts';
import type { Log, Secrets } from './ports.ts';
import { replaceFile } from './replace-file.ts';

const Values = z.record(z.string(), z.string());
type Values = Readonly<Record<string, string>>;

/** In the data folder. */
export const SECRET_FILE = 'secrets-unencrypted.json';

interface Parts {
  /** Unencrypted; it is there exactly while the person wants it to be. */
  readonly file: string;
  /** Why no keyring keeps them, in a sentence. */
  readonly why: string;
  readonly log: Log;
}

/**
 * Secrets where there is no keyring: in memory, or, if the person has chosen so, in a file that only their account may
 * read. That the file exists is how the choice is remembered.
 */
export class UnkeyedSecrets implements Secrets {
  readonly #parts: Parts;
  #place: SecretPlace;
  #values: Values;

  constructor(parts: Parts) {
    this.#parts = parts;
    const kept = readSecretFile(parts.file, parts.log);
    this.#place = kept ? 'file' : 'memory';
    this.#values = kept ?? {};
  }

  get where(): string {
    return stateTexts.secrets.where[this.#place];
  }

  async view(): Promise<SecretsView> {
    const { file, why } = this.#parts;
    return { where: this.where, choice: { place: this.#place, file, why } };
  }

  /** What is known goes along; nothing stays in a file that is not wanted any more. */
  async keep(place: SecretPlace): Promise<void> {
    if (place === 'file') this.#write(this.#values);
    else this.#remove();
    this.#place = place;
  }

  async get(name: string): Promise<string | undefined> {
    return this.#values[name];
  }

  async set(name: string, value: string): Promise<void> {
    this.#change({ ...this.#values, [name]: value });
  }

  async delete(name: string): Promise<void> {
    const { [name]: _, ...others } = this.#values;
    this.#change(others);
  }

  #change(values: Values): void {
    if (this.#place === 'file') this.#write(values);
    this.#values = values;
  }

  #remove(): void {
    const { file } = this.#parts;
    try {
      rmSync(file, { force: true });
    } catch (cause) {
      throw new AppError('unsupported', `${file} cannot be removed.`, {
        hint: 'Remove it yourself: it may hold secrets.',
        cause,
      });
    }
  }

  #write(values: Values): void {
    const { file } = this.#parts;
    try {
      mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
      replaceFile(file, `${JSON.stringify(values)}\n`, 0o600);
    } catch (cause) {
      throw new AppError('unsupported', `${file} cannot be written.`, {
        hint: 'Check the space on the disk and the permissions of the folder.',
        cause,
      });
    }
  }
}

/** Undefined where there is none, or one that somebody else has put there. */
export function readSecretFile(file: string, log: Log): Values | undefined {
  try {
    const stats = lstatSync(file, { throwIfNoEntry: false });
    if (!stats) return undefined;
    if (!stats.isFile() || stats.uid !== (process.getuid?.() ?? stats.uid))
      throw new Error('Not our own file.');
    // A copy or a restored backup may have lost its permissions.
    if (process.platform !== 'win32') chmodSync(file, 0o600);
    return Values.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    log.write('warn', 'The file of secrets cannot be used', { file, error });
    return undefined;
  }
}
