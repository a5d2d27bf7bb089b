import { AppError } from '../../preload/contract/errors.ts';
import type { SecretsView } from '../../preload/contract/state.ts';
import type { Secrets } from './ports.ts';

/** Keeps secrets until the app ends. */
export class MemorySecrets implements Secrets {
  readonly where: string;
  readonly #values = new Map<string, string>();

  constructor(where: string) {
    this.where = where;
  }

  async view(): Promise<SecretsView> {
    return { where: this.where };
  }

  async keep(): Promise<void> {
    throw new AppError('unsupported', 'Secrets stay in memory here.');
  }

  async get(name: string): Promise<string | undefined> {
    return this.#values.get(name);
  }

  async set(name: string, value: string): Promise<void> {
    this.#values.set(name, value);
  }

  async delete(name: string): Promise<void> {
    this.#values.delete(name);
  }
}
