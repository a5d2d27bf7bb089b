import type { Duplex } from 'node:stream';
import type { RelayLink } from './resumable-carrier.ts';

/** To a nearer relay a channel is opened as soon as it is needed. */
const FAR_MS = 10;
const MOST = 16;

/** Channels to a relay that are opened before they are needed: far away each takes a round trip to open. */
export class ReadyChannels {
  readonly link: RelayLink;
  readonly #at: string | number;
  /** Open ones, and such that are being opened, the oldest first. */
  readonly #channels = new Set<Promise<Duplex>>();

  constructor(link: RelayLink, at: string | number) {
    this.link = link;
    this.#at = at;
  }

  /** One that is ready, or soon will be, or else a new one. */
  open(): Promise<Duplex> {
    const [oldest] = this.#channels;
    if (!oldest) return this.link.openSocket(this.#at);
    this.#channels.delete(oldest);
    return oldest;
  }

  /** Sees to it that so many are there. A relay at a port of its own takes no connections that do not say who they are. */
  fill(count: number): void {
    const trip = this.link.roundTripMs();
    if (typeof this.#at === 'number' || trip < FAR_MS || !Number.isFinite(trip)) return;
    this.openAhead(count);
  }

  /** The same wherever the relay is: they are needed in a moment. */
  openAhead(count: number): void {
    for (let n = this.#channels.size; n < Math.min(count, MOST); n++) this.#openOne();
  }

  close(): void {
    for (const channel of this.#channels) channel.then(destroy, () => {});
    this.#channels.clear();
  }

  #openOne(): void {
    const channel = this.link.openSocket(this.#at);
    const gone = (): void => void this.#channels.delete(channel);
    this.#channels.add(channel);
    channel.then((opened) => opened.once('close', gone), gone);
  }
}

const destroy = (channel: Duplex): void => void channel.destroy();
