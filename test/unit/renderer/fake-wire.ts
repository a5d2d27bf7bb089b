import type { CallName, EventName, Payload, Result } from '../../../preload/contract/api.ts';
import type { Problem } from '../../../preload/contract/errors.ts';
import type { AppState, SessionView } from '../../../preload/contract/state.ts';
import type { Reply, Wire } from '../../../preload/contract/wire.ts';

/** A main without a process: answers what the test laid ready, and remembers what it was asked. */
export class FakeWire implements Wire {
  readonly views: Wire['views'];
  readonly calls: (readonly [name: string, arg: unknown])[] = [];
  readonly #answers = new Map<string, () => Promise<Reply>>();
  readonly #hearers = new Set<(name: string, payload: unknown) => void>();

  constructor(views: Wire['views'] = 'page') {
    this.views = views;
  }

  answer<N extends CallName>(name: N, value: Result<N>): this {
    return this.answerLater(name, Promise.resolve({ ok: true, value }));
  }

  refuse(name: CallName, problem: Problem): this {
    return this.answerLater(name, Promise.resolve({ ok: false, problem }));
  }

  answerLater(name: CallName, reply: Promise<Reply>): this {
    this.#answers.set(name, () => reply);
    return this;
  }

  holds(state: AppState, rev = 1): this {
    return this.answer('state.get', { rev, state })
      .answer('launch.take', {})
      .answer('shell.take', { ids: [] });
  }

  tell<N extends EventName>(name: N, payload: Payload<N>): void {
    for (const hear of this.#hearers) hear(name, payload);
  }

  tellSessions(rev: number, sessions: readonly SessionView[]): void {
    const order = sessions.map((s) => s.id);
    this.tell('state.patch', { rev, changed: {}, sessions: { changed: sessions, order } });
  }

  asked(name: CallName): readonly unknown[] {
    return this.calls.filter(([called]) => called === name).map(([, arg]) => arg);
  }

  invoke(name: string, arg: unknown): Promise<Reply> {
    this.calls.push([name, arg]);
    return this.#answers.get(name)?.() ?? Promise.resolve({ ok: true, value: undefined });
  }

  listen(hear: (name: string, payload: unknown) => void): () => void {
    this.#hearers.add(hear);
    return () => this.#hearers.delete(hear);
  }
}

/** A wire that can be lost, as in browser mode. */
export class LossyWire extends FakeWire {
  #link: (up: boolean) => void = () => {};

  onLink(hear: (up: boolean) => void): () => void {
    this.#link = hear;
    hear(false);
    return () => {};
  }

  setLink(up: boolean): void {
    this.#link(up);
  }
}
