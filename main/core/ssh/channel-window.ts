import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';

/** What the server may send ahead of the reader when a channel is opened; ssh2 has it as a constant. */
const OPENED_WINDOW = 2 * 1024 * 1024;
/** The most of it: 100 ms at 160 MiB/s. */
export const MAX_WINDOW = 16 * 1024 * 1024;
/** What the channels of one connection may have together beyond the window they were opened with. */
const SHARED_BYTES = 128 * 1024 * 1024;
/** So much is taken between two grants. */
const GRANT_BYTES = 512 * 1024;
/** So many round trips' worth of a stream may be under way: one is, and with the others it gets faster. */
const ROUND_TRIPS = 2;

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
 * it is told as soon as something was read, and the window becomes twice of what is read in a round trip. No more:
 * what the link does not take piles up in sshd, which moves all of it for each packet. Nothing is granted for what
 * still waits for its reader, so that a slow one holds no more than the window.
 */
export class ReceiveWindows {
  /** Of the channels that have more than they were opened with. */
  readonly #windows = new Map<Internals, number>();
  /** The shortest of this connection. */
  #roundTripMs = Number.POSITIVE_INFINITY;

  answeredAfter(ms: number): void {
    this.#roundTripMs = Math.min(this.#roundTripMs, ms);
  }

  /** Sees to a channel that was just opened. */
  add(channel: Duplex): void {
    const internals = channel as unknown as Internals;
    // ssh2 grants nothing by itself any more.
    internals.incoming.window = Number.POSITIVE_INFINITY;
    let taken = 0;
    let lap = { at: performance.now(), bytes: 0 };
    const take = (chunk: Buffer): void => {
      taken += chunk.length;
      if (taken < GRANT_BYTES) return;
      lap.bytes += taken;
      const ms = performance.now() - lap.at;
      let more = 0;
      if (ms >= this.#roundTripMs) {
        more = this.#resize(internals, (ROUND_TRIPS * lap.bytes * this.#roundTripMs) / ms, taken);
        lap = { at: lap.at + ms, bytes: 0 };
      }
      grant(internals, taken + more);
      taken = 0;
    };
    // What a stream has of its own for this event would begin to read it.
    EventEmitter.prototype.on.call(channel, 'data', take);
  }

  /** Towards `wanted`; returns by how much. What was granted stays so: it shrinks by what was `taken`, and slowly. */
  #resize(channel: Internals, wanted: number, taken: number): number {
    const window = this.#windows.get(channel) ?? OPENED_WINDOW;
    const goal = Math.max(OPENED_WINDOW, Math.min(Math.floor(wanted), MAX_WINDOW));
    const change =
      goal > window
        ? Math.min(goal - window, this.#spare())
        : -Math.min(window - goal, taken, Math.floor(window / 8));
    if (change !== 0) this.#windows.set(channel, window + change);
    return change;
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

function grant(channel: Internals, bytes: number): void {
  if (isOpen(channel) && channel.incoming.state === 'open')
    channel._client._protocol.channelWindowAdjust(channel.outgoing.id, bytes);
}

/** After it was closed on this side, nothing may be said on it. */
const isOpen = ({ outgoing }: Internals): boolean => outgoing.state === 'open' || outgoing.state === 'eof';
