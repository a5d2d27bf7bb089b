import { EventEmitter } from 'node:events';
import type { Duplex } from 'node:stream';
import { FlowWindow, OPENED_WINDOW } from './flow-window.ts';

/** What the channels of one connection may have together beyond the window they were opened with. */
const SHARED_BYTES = 128 * 1024 * 1024;
/** The most that is taken between two grants; of a small window, a quarter. */
const GRANT_BYTES = 512 * 1024;

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
 * window becomes one that fits. No more: what the link does not take piles up before it, where a keystroke has to queue,
 * and in sshd, which moves all of it for each packet. Nothing is granted for what still waits for its reader, so that a
 * slow one holds no more than the window.
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
    const flow = new FlowWindow(() => this.#roundTripMs, 'as it was');
    let taken = 0;
    const take = (chunk: Buffer): void => {
      flow.moved(chunk.length);
      taken += chunk.length;
      if (taken < Math.min(GRANT_BYTES, this.#windowOf(internals) / 4)) return;
      const granted = taken + this.#resize(internals, flow.bytes, taken);
      if (granted > 0) grant(internals, granted);
      taken = 0;
    };
    // What a stream has of its own for this event would begin to read it.
    EventEmitter.prototype.on.call(channel, 'data', take);
    channel.once('close', () => this.#windows.delete(internals));
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
    for (const window of this.#windows.values()) spare -= Math.max(0, window - OPENED_WINDOW);
    return spare;
  }
}

/** After the channel was closed on this side, nothing may be said on it. */
function grant({ incoming, outgoing, _client }: Internals, bytes: number): void {
  const isOpen = outgoing.state === 'open' || outgoing.state === 'eof';
  if (isOpen && incoming.state === 'open') _client._protocol.channelWindowAdjust(outgoing.id, bytes);
}
