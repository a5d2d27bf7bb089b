import { randomUUID } from 'node:crypto';
import type { Question } from '../../preload/contract/api.ts';
import type { Host } from './ports.ts';

/** Asks the person through whatever the host has, and waits for the answer. */
export class Questions {
  readonly #host: Pick<Host, 'ask' | 'unask'>;
  readonly #open = new Map<string, (yes: boolean) => void>();

  constructor(host: Pick<Host, 'ask' | 'unask'>) {
    this.#host = host;
  }

  ask(question: Omit<Question, 'key'>): Promise<boolean> {
    const key = randomUUID();
    return new Promise((resolve) => {
      this.#open.set(key, resolve);
      this.#host.ask({ ...question, key });
    });
  }

  /** The first answer counts; later ones (another tab) are ignored. */
  answer(key: string, yes: boolean): void {
    const resolve = this.#open.get(key);
    if (!resolve) return;
    this.#open.delete(key);
    this.#host.unask(key);
    resolve(yes);
  }
}
