import type { Notice } from '../../preload/contract/api.ts';
import type { News, NoticeChanges } from './notify-model.ts';
import type { Clock, Host } from './ports.ts';

interface Parts {
  readonly host: Pick<Host, 'notify' | 'withdraw'>;
  readonly clock: Clock;
}

/** Tells news at their time: a loss only when it lasts, and a return only when the loss was told. */
export class Notices {
  readonly #parts: Parts;
  /** Losses that are not told yet, by their key. */
  readonly #pending = new Map<string, () => void>();
  readonly #toldLosses = new Set<string>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  follow({ show, withdraw }: NoticeChanges): void {
    for (const key of withdraw) this.#withdraw(key);
    for (const news of show) this.#show(news);
  }

  /** Nothing more is told. */
  stop(): void {
    for (const cancel of this.#pending.values()) cancel();
    this.#pending.clear();
  }

  #show(news: News): void {
    const { notice, afterMs, isReturn } = news;
    const { key } = notice;
    const isNews = !isReturn || this.#toldLosses.has(key);
    this.#forget(key);
    if (!isNews) this.#parts.host.withdraw(key);
    else if (afterMs === undefined) this.#parts.host.notify(notice);
    else this.#showLater(notice, afterMs);
  }

  #showLater(notice: Notice, afterMs: number): void {
    const { key } = notice;
    const cancel = this.#parts.clock.after(afterMs, () => {
      this.#pending.delete(key);
      this.#toldLosses.add(key);
      this.#parts.host.notify(notice);
    });
    this.#pending.set(key, cancel);
  }

  #withdraw(key: string): void {
    this.#forget(key);
    this.#parts.host.withdraw(key);
  }

  #forget(key: string): void {
    this.#pending.get(key)?.();
    this.#pending.delete(key);
    this.#toldLosses.delete(key);
  }
}
