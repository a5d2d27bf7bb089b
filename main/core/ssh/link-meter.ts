import type { Clock } from '../ports.ts';
import type { Connection } from './dial.ts';

/** What one second of a link was like. */
export interface Second {
  /** Bytes through the link, in the direction that had more. */
  readonly bytes: number;
  /** More waited than the link took. */
  readonly isFull: boolean;
}

const KiB = 1024;
const MiB = 1024 * KiB;
const SECOND_MS = 1000;
/** A full link that is slower than that for so long is worth to be compressed: zlib takes 20 MiB/s. */
const SLOW_BYTES = 4 * MiB;
const SLOW_SECONDS = 4;
/** Less is nothing that anybody waits for. */
const LEAST_BYTES = 32 * KiB;
/** A compressed link that carries more than that for so long could carry more without. */
const FAST_BYTES = 6 * MiB;
const FAST_SECONDS = 2;
const FULL_BYTES = 32 * KiB;

/** Whether a link should be compressed, by its last seconds, the latest last. */
export function shouldCompress(isCompressed: boolean, seconds: readonly Second[]): boolean {
  if (isCompressed) {
    const last = seconds.slice(-FAST_SECONDS);
    return last.length < FAST_SECONDS || last.some(({ bytes }) => bytes < FAST_BYTES);
  }
  const last = seconds.slice(-SLOW_SECONDS);
  const isSlow = ({ bytes, isFull }: Second): boolean =>
    isFull && bytes >= LEAST_BYTES && bytes <= SLOW_BYTES;
  return last.length === SLOW_SECONDS && last.every(isSlow);
}

interface LinkMeterOptions {
  readonly connection: Pick<Connection, 'heard' | 'bytesOut' | 'isCompressed'>;
  readonly carrier: { readonly size: number; queued(told: (bytes: number) => void): void };
  readonly clock: Clock;
  /** Told once: the link should be compressed, or should not be any more. */
  readonly decided: (compress: boolean) => void;
}

/** Looks each second at a link that is used. */
export class LinkMeter {
  readonly #options: LinkMeterOptions;
  #seconds: Second[] = [];
  #cancel: () => void = () => {};
  #isLooking = false;
  #isStopped = false;

  constructor(options: LinkMeterOptions) {
    this.#options = options;
  }

  /** Begins to look, if it does not. */
  look(): void {
    if (this.#isLooking || this.#isStopped) return;
    this.#seconds = [];
    this.#measure();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  #measure(): void {
    const { connection, carrier, clock } = this.#options;
    this.#isLooking = carrier.size > 0;
    if (!this.#isLooking) return;
    const [bytesIn, bytesOut] = [connection.heard().bytesIn, connection.bytesOut()];
    let queued = 0;
    carrier.queued((bytes) => {
      queued = bytes;
    });
    this.#cancel = clock.after(SECOND_MS, () => {
      const bytes = Math.max(connection.heard().bytesIn - bytesIn, connection.bytesOut() - bytesOut);
      this.#seconds = [...this.#seconds.slice(1 - SLOW_SECONDS), { bytes, isFull: queued >= FULL_BYTES }];
      const compress = shouldCompress(connection.isCompressed, this.#seconds);
      if (compress === connection.isCompressed) {
        this.#measure();
        return;
      }
      this.stop();
      this.#options.decided(compress);
    });
  }
}
