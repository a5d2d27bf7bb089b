import type { Measured } from './report.ts';

/** A group of measurements that can be run alone. */
export interface Part {
  /** What `--only` takes. */
  readonly name: string;
  readonly about: string;
  /** It is given up after that long. */
  readonly limitS: number;
  /** Throws Impossible where something that it needs is missing. */
  run(bench: Bench): Promise<void>;
}

/** What a part works with. */
export interface Bench {
  readonly root: string;
  add(row: Measured): void;
  say(line: string): void;
  /** `end` runs when the part is over, however that comes; the last one first. */
  defer(end: () => unknown): void;
}

/** This computer lacks what a measurement needs; the message says what. */
export class Impossible extends Error {}

/** Epoch ms with fractions: comparable between the processes of one computer. */
export const now = (): number => performance.timeOrigin + performance.now();
