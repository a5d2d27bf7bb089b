import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';

/** What the server may send ahead of the reader when a channel is opened; ssh2 has it as a constant. */
export const OPENED_WINDOW = 2 * 1024 * 1024;
/** The most of it: 100 ms at 160 MiB/s. */
export const MAX_WINDOW = 16 * 1024 * 1024;
/** The least of it: a few packets of SSH. */
export const MIN_WINDOW = 64 * 1024;
/** What the channels of one connection may have together beyond the window they were opened with. */
const SHARED_BYTES = 128 * 1024 * 1024;
/** The most that is taken between two grants; of a small window, a quarter. */
const GRANT_BYTES = 512 * 1024;
/** So many round trips' worth of a stream may be under way: one is, and with the others it gets faster. */
const ROUND_TRIPS = 2;
/** And so long on top where that is more, but no more than it was opened with: for the turns of both ends. */
const QUEUE_MS = 30;
/** Each so many-th time it is twice of that: where it is the turns that are slow, the stream then shows what it can. */
const TRY_MORE_EVERY = 8;
/** A stream's rate is that of so long at least; one that rested for longer than that begins anew. */
const LAP_MS = 50;
const REST_MS = 1000;

/** What ssh2 knows of a channel. */
interface Internals {
  readonly incoming: { window: number; readonly state: string };
  readonly outgoing: { readonly id: number; readonly state: string };
  readonly _client: { readonly _protocol: { channelWindowAdjust(id: number, bytes: number): void } };
}

/**
 * How far the server may run ahead of those who read from the channels of one connection.
 *
 * ssh2 lets it send 2 MiB and says more only when half of that was read: on a far link the server mostly waits, and on a
 * slow one all else waits for a second behind what was sent. Here it is told as soon as something was read, and the
 * window becomes what is read in two round trips, or in one and 30 ms. No more: what the link does not take piles up before it, where a
 * keystroke has to queue, and in sshd, which moves all of it for each packet. Nothing is granted for what still waits for
 * its reader, so that a slow one holds no more than the window.
 */
export class ReceiveWindows {
  /** Of the channels where it is not the one that they were opened with. */
  readonly #windows = new Map<Internals, number>();
  /** The shortest of this connection. */
  #roundTripMs = Number.POSITIVE_INFINITY;

  get roundTripMs(): number {
    return this.#roundTripMs;
  }

  answeredAfter(ms: number): void {
    this.#roundTripMs = Math.min(this.#roundTripMs, ms);
  }

  /** Sees to a channel that was just opened. */
  add(channel: Duplex): void {
    const internals = channel as unknown as Internals;
    // ssh2 grants nothing by itself any more.
    internals.incoming.window = Number.POSITIVE_INFINITY;
    let taken = 0;
    let lastAt = performance.now();
    let lap = { at: lastAt, bytes: 0 };
    let laps = 0;
    const take = (chunk: Buffer): void => {
      const now = performance.now();
      if (now - lastAt > REST_MS) lap = { at: now, bytes: -taken - chunk.length };
      lastAt = now;
      taken += chunk.length;
      if (taken < Math.min(GRANT_BYTES, this.#windowOf(internals) / 4)) return;
      lap.bytes += taken;
      const ms = now - lap.at;
      let more = 0;
      if (ms >= Math.max(this.#roundTripMs, LAP_MS)) {
        more = this.#resize(internals, windowFor(lap.bytes / ms, this.#roundTripMs, laps++), taken);
        lap = { at: now, bytes: 0 };
      }
      if (taken + more > 0) grant(internals, taken + more);
      taken = 0;
    };
    // What a stream has of its own for this event would begin to read it.
    EventEmitter.prototype.on.call(channel, 'data', take);
  }

  #windowOf(channel: Internals): number {
    return this.#windows.get(channel) ?? OPENED_WINDOW;
  }

  /** Towards `wanted`; returns by how much. What was granted stays so: it shrinks by no more than was `taken`. */
  #resize(channel: Internals, wanted: number, taken: number): number {
    const window = this.#windowOf(channel);
    const change =
      wanted > window ? Math.min(wanted - window, this.#spare()) : -Math.min(window - wanted, taken);
    if (change !== 0) this.#windows.set(channel, window + change);
    return change;
  }

  #spare(): number {
    let spare = SHARED_BYTES;
    for (const [channel, window] of this.#windows) {
      if (isOpen(channel)) spare -= Math.max(0, window - OPENED_WINDOW);
      else this.#windows.delete(channel);
    }
    return spare;
  }
}

/** What a stream of so many bytes in a ms may have under way, in bytes, after so many measurements. */
export function windowFor(rate: number, roundTripMs: number, laps: number): number {
  const tries = laps % TRY_MORE_EVERY === TRY_MORE_EVERY - 1 ? 2 : 1;
  const queued = Math.min(tries * rate * (roundTripMs + QUEUE_MS), OPENED_WINDOW);
  const wanted = Math.max(ROUND_TRIPS * rate * roundTripMs, queued);
  return Math.floor(Math.max(MIN_WINDOW, Math.min(wanted, MAX_WINDOW)));
}

function grant(channel: Internals, bytes: number): void {
  if (isOpen(channel) && channel.incoming.state === 'open')
    channel._client._protocol.channelWindowAdjust(channel.outgoing.id, bytes);
}

/** After it was closed on this side, nothing may be said on it. */
const isOpen = ({ outgoing }: Internals): boolean => outgoing.state === 'open' || outgoing.state === 'eof';
