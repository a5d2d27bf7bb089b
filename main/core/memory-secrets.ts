import type { Secrets } from './ports.ts';

/** Keeps secrets until the app ends. */
export class MemorySecrets implements Secrets {
  readonly where: string;
  readonly #values = new Map<string, string>();

  constructor(where: string) {
    this.where = where;
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
