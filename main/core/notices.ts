import type { Notice } from '../../preload/contract/api.ts';
import { noticeTexts as t } from '../../preload/contract/texts/index.ts';
import type { News, NoticeChanges } from './notify-model.ts';
import type { Clock, Host } from './ports.ts';

/** So many are told one by one when the quiet is over; of more there is a summary. */
const MOST_AT_ONCE = 2;
const MOST_LINES = 5;

interface Parts {
  readonly host: Pick<Host, 'notify' | 'withdraw'>;
  readonly clock: Clock;
}

interface Told {
  readonly notice: Notice;
  readonly isLoss: boolean;
}

/**
 * Tells news at their time: a loss only when it lasts, and a return only when the loss was told.
 *
 * In a time of quiet nothing is told; at its end what is still true then.
 */
export class Notices {
  readonly #parts: Parts;
  /** Losses that are not told yet, by their key. */
  readonly #pending = new Map<string, () => void>();
  readonly #toldLosses = new Set<string>();
  /** What came in the time of quiet, by its key. */
  readonly #kept = new Map<string, Told>();
  #isQuiet = false;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  follow({ show, withdraw }: NoticeChanges): void {
    for (const key of withdraw) this.#withdraw(key);
    for (const news of show) this.#show(news);
  }

  /** Something that is news at once. */
  tell(notice: Notice): void {
    this.#tell({ notice, isLoss: false });
  }

  beQuiet(isQuiet: boolean): void {
    if (this.#isQuiet === isQuiet) return;
    this.#isQuiet = isQuiet;
    if (isQuiet) return;
    const kept = [...this.#kept.values()];
    this.#kept.clear();
    if (kept.length <= MOST_AT_ONCE) for (const told of kept) this.#tell(told);
    else this.#parts.host.notify(summary(kept.map(({ notice }) => notice)));
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
    else if (afterMs === undefined) this.tell(notice);
    else this.#showLater(notice, afterMs);
  }

  #showLater(notice: Notice, afterMs: number): void {
    const cancel = this.#parts.clock.after(afterMs, () => {
      this.#pending.delete(notice.key);
      this.#tell({ notice, isLoss: true });
    });
    this.#pending.set(notice.key, cancel);
  }

  #tell(told: Told): void {
    const { notice, isLoss } = told;
    if (this.#isQuiet) {
      this.#kept.set(notice.key, told);
      return;
    }
    if (isLoss) this.#toldLosses.add(notice.key);
    this.#parts.host.notify(notice);
  }

  #withdraw(key: string): void {
    this.#forget(key);
    this.#parts.host.withdraw(key);
  }

  #forget(key: string): void {
    this.#pending.get(key)?.();
    this.#pending.delete(key);
    this.#toldLosses.delete(key);
    this.#kept.delete(key);
  }
}

function summary(notices: readonly Notice[]): Notice {
  const more = notices.length - MOST_LINES;
  const lines = notices.slice(0, MOST_LINES).map(({ title }) => title);
  return {
    key: 'summary',
    tone: notices.some(({ tone }) => tone === 'bad') ? 'bad' : 'info',
    title: t.summary.title,
    body: [...lines, ...(more > 0 ? [t.summary.more(more)] : [])].join('\n'),
    actions: [{ label: t.show, command: { do: 'showWindow' } }],
  };
}
