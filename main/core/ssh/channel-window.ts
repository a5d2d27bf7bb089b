import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';

/** What the server may send ahead of the reader when a channel is opened; ssh2 has it as a constant. */
const OPENED_WINDOW = 2 * 1024 * 1024;
/** The same for a stream that is read as fast as it comes: 100 ms at 160 MiB/s. */
export const MAX_WINDOW = 16 * 1024 * 1024;
/** What the channels of one connection may have together beyond the window they were opened with. */
const SHARED_BYTES = 128 * 1024 * 1024;
/** So much is taken between two grants. */
const GRANT_BYTES = 512 * 1024;
/** A stream that brings less in this time does not wait for its window. */
const QUICK_MS = 250;
/** By so many times what was read the window grows. */
const GROWTH = 3;
/** A reader is slow when more than that waits for it. */
const WAITING_BYTES = 1024 * 1024;

/** What ssh2 knows of a channel. */
interface Internals {
  readonly incoming: { window: number; readonly state: string };
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _client: { readonly _protocol: { channelWindowAdjust(id: number, bytes: number): void } };
}

/**
 * How far the server may run ahead of those who read from the channels of one connection.
 *
 * ssh2 lets it send 2 MiB and says more only when half of that was read: on a far link the server mostly waits. Here
 * it is told as soon as something was read, and the window grows for as long as the reader keeps up. Nothing is granted
 * for what still waits for its reader, so that a slow one holds no more than the window.
 */
export class ReceiveWindows {
  /** Of the channels that have more than they were opened with. */
  readonly #windows = new Map<Internals, number>();

  /** Sees to a channel that was just opened. */
  add(channel: Duplex): void {
    const internals = channel as unknown as Internals;
    // ssh2 grants nothing by itself any more.
    internals.incoming.window = Number.POSITIVE_INFINITY;
    let taken = 0;
    let since = 0;
    const take = (chunk: Buffer): void => {
      if (taken === 0) since = performance.now();
      taken += chunk.length;
      if (taken < GRANT_BYTES) return;
      const isQuick = performance.now() - since < QUICK_MS;
      this.#grant(internals, taken, isQuick && channel.readableLength < WAITING_BYTES);
      taken = 0;
    };
    // What a stream has of its own for this event would begin to read it.
    EventEmitter.prototype.on.call(channel, 'data', take);
  }

  #grant(channel: Internals, taken: number, keepsUp: boolean): void {
    if (!isOpen(channel) || channel.incoming.state !== 'open') return;
    const more = keepsUp ? this.#grow(channel, GROWTH * taken) : 0;
    channel._client._protocol.channelWindowAdjust(channel.outgoing.id, taken + more);
  }

  /** By how much, at most `wanted`. */
  #grow(channel: Internals, wanted: number): number {
    const window = this.#windows.get(channel) ?? OPENED_WINDOW;
    if (window === MAX_WINDOW) return 0;
    const more = Math.min(wanted, MAX_WINDOW - window, this.#spare());
    this.#windows.set(channel, window + more);
    return more;
  }

  #spare(): number {
    let spare = SHARED_BYTES;
    for (const [channel, window] of this.#windows) {
      if (isOpen(channel)) spare -= window - OPENED_WINDOW;
      else this.#windows.delete(channel);
    }
    return spare;
  }
}

/** After it was closed on this side, nothing may be said on it. */
const isOpen = ({ outgoing }: Internals): boolean => outgoing.state === 'open' || outgoing.state === 'eof';
