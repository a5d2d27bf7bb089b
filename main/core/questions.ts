import type { Question } from '../../preload/contract/api.ts';
import type { Host } from './ports.ts';

/** Asks the person through whatever the host has, and waits for the answer. */
export class Questions {
  readonly #host: Pick<Host, 'ask' | 'unask'>;
  readonly #open = new Map<
    string,
    { readonly answer: Promise<boolean>; readonly resolve: (yes: boolean) => void }
  >();

  constructor(host: Pick<Host, 'ask' | 'unask'>) {
    this.#host = host;
  }

  /** One that is open already is not asked again: its answer counts for all who asked. */
  ask(question: Question): Promise<boolean> {
    const open = this.#open.get(question.key);
    if (open) return open.answer;
    let resolve: (yes: boolean) => void = () => {};
    const answer = new Promise<boolean>((settle) => {
      resolve = settle;
    });
    this.#open.set(question.key, { answer, resolve });
    this.#host.ask(question);
    return answer;
  }

  /** The first answer counts; later ones (another tab) are ignored. */
  answer(key: string, yes: boolean): void {
    const open = this.#open.get(key);
    if (!open) return;
    this.#open.delete(key);
    this.#host.unask(key);
    open.resolve(yes);
  }
}
