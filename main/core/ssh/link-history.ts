import type { LinkHistory, LinkPart } from '../../../preload/contract/link-history.ts';

const PART_MS = 10_000;
const PARTS = 90;

interface Answer {
  readonly at: number;
  readonly ms: number;
}

interface Gap {
  readonly from: number;
  /** Absent while it lasts. */
  readonly till?: number;
}

/** Keeps what a chart of one link shows: its round trips and gaps, for a quarter of an hour. Times are epoch ms. */
export class LinkRecord {
  #answers: Answer[] = [];
  #gaps: Gap[] = [];
  #isUp = false;

  answered(at: number, ms: number): void {
    this.#answers.push({ at, ms });
    this.#forget(at);
  }

  /** What was never up is not lost. */
  follow(at: number, isUp: boolean): void {
    if (isUp === this.#isUp) return;
    this.#isUp = isUp;
    const last = this.#gaps.at(-1);
    if (!isUp) this.#gaps.push({ from: at });
    else if (last && last.till === undefined) this.#gaps[this.#gaps.length - 1] = { ...last, till: at };
    this.#forget(at);
  }

  read(now: number): LinkHistory {
    const until = Math.ceil((now + 1) / PART_MS) * PART_MS;
    this.#forget(now);
    const first = until - PARTS * PART_MS;
    return {
      until,
      partMs: PART_MS,
      parts: Array.from({ length: PARTS }, (_, n) => this.#part(first + n * PART_MS, now)),
      losses: this.#gaps.length,
    };
  }

  #part(from: number, now: number): LinkPart {
    const to = from + PART_MS;
    const answers = this.#answers.filter(({ at }) => at >= from && at < to);
    const gaps = this.#gaps.filter((gap) => gap.from < to && (gap.till ?? now) >= from);
    const downMs = gaps.reduce(
      (sum, gap) => sum + Math.min(gap.till ?? now, to) - Math.max(gap.from, from),
      0,
    );
    return {
      ...(answers.length > 0 ? { roundTripMs: Math.max(...answers.map(({ ms }) => ms)) } : {}),
      ...(gaps.length > 0 ? { downMs } : {}),
    };
  }

  #forget(now: number): void {
    const since = now - PARTS * PART_MS;
    const old = this.#answers.findIndex(({ at }) => at >= since);
    if (old > 0) this.#answers.splice(0, old);
    this.#gaps = this.#gaps.filter(({ till = now }) => till >= since);
  }
}
