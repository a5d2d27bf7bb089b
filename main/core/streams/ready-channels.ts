import type { Duplex } from 'node:stream';
import type { RelayLink } from './resumable-carrier.ts';

/** To a nearer relay a channel is opened as soon as it is needed. */
const FAR_MS = 10;
const MOST = 16;

/** Channels to a relay that are open before they are needed: far away each takes a round trip to open. */
export class ReadyChannels {
  readonly link: RelayLink;
  readonly #at: string | number;
  /** With what hears of their end. */
  readonly #ready = new Map<Duplex, () => void>();
  #opening = 0;
  #isClosed = false;

  constructor(link: RelayLink, at: string | number) {
    this.link = link;
    this.#at = at;
  }

  /** One that is ready, or else a new one. */
  open(): Promise<Duplex> {
    for (const [channel, gone] of this.#ready) {
      this.#ready.delete(channel);
      channel.off('close', gone);
      return Promise.resolve(channel);
    }
    return this.link.openSocket(this.#at);
  }

  /** Sees to it that so many are there. A relay at a port of its own takes no connections that do not say who they are. */
  fill(count: number): void {
    const trip = this.link.roundTripMs();
    if (typeof this.#at === 'number' || trip < FAR_MS || !Number.isFinite(trip)) return;
    for (let n = this.#ready.size + this.#opening; n < Math.min(count, MOST); n++) this.#openOne();
  }

  close(): void {
    this.#isClosed = true;
    for (const channel of [...this.#ready.keys()]) channel.destroy();
  }

  #openOne(): void {
    this.#opening++;
    const opened = (channel: Duplex): void => {
      this.#opening--;
      if (this.#isClosed) {
        channel.destroy();
        return;
      }
      const gone = (): void => void this.#ready.delete(channel);
      this.#ready.set(channel, gone);
      channel.once('close', gone);
    };
    this.link.openSocket(this.#at).then(opened, () => {
      this.#opening--;
    });
  }
}
