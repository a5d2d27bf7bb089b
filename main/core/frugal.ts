import type { Clock } from './ports.ts';

const LOOK_EVERY_MS = 60_000;
/** Nobody tells of a switch in the system's settings. */
const ASK_AGAIN_MS = 30 * 60_000;
/** What knows of a network needs a moment to look at a new one. */
const SETTLE_MS = 2000;

export interface Reasons {
  /** Costs nothing to ask. */
  readonly onBattery: () => boolean;
  /** Each starts a program, so they are asked for when something has happened, and only when it matters. */
  readonly others: readonly (() => Promise<boolean>)[];
}

/** Tells whenever there begins to be a reason to do without what is not needed, and when there is none any more. */
export class Frugality {
  readonly #clock: Clock;
  readonly #reasons: Reasons;
  readonly #tell: (frugal: boolean) => void;
  #battery = false;
  #other = false;
  #told = false;
  /** Answers to an earlier question count no more. */
  #question = 0;
  #cancelLook = (): void => {};
  #cancelAsk = (): void => {};

  constructor(clock: Clock, reasons: Reasons, tell: (frugal: boolean) => void) {
    this.#clock = clock;
    this.#reasons = reasons;
    this.#tell = tell;
  }

  start(): void {
    this.#look();
    if (!this.#battery) void this.#ask();
  }

  /** Another network, or the computer has woken. */
  changed(): void {
    this.#askIn(SETTLE_MS);
  }

  stop(): void {
    this.#question++;
    this.#cancelLook();
    this.#cancelAsk();
  }

  #look(): void {
    const before = this.#battery;
    this.#battery = this.#reasons.onBattery();
    // Off the battery there may be another reason.
    if (before && !this.#battery) void this.#ask();
    else this.#judge();
    this.#cancelLook = this.#clock.after(LOOK_EVERY_MS, () => this.#look());
  }

  #askIn(ms: number): void {
    this.#cancelAsk();
    this.#cancelAsk = this.#clock.after(ms, () => void this.#ask());
  }

  async #ask(): Promise<void> {
    this.#askIn(ASK_AGAIN_MS);
    if (this.#battery) return;
    const question = ++this.#question;
    let other = false;
    for (const reason of this.#reasons.others) other ||= await reason();
    if (question !== this.#question) return;
    this.#other = other;
    this.#judge();
  }

  #judge(): void {
    const frugal = this.#battery || this.#other;
    if (frugal === this.#told) return;
    this.#told = frugal;
    this.#tell(frugal);
  }
}
