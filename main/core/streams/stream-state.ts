import { ReplayBuffer } from './replay-buffer.ts';
import type { Reply, StreamHello, StreamId } from './wire.ts';

/** Up to so much is sent again without asking first what has arrived: it is sooner done than asked. */
const SEND_AGAIN_BYTES = 64 * 1024;

/**
 * The client's end of one stream, without a socket or a timer in it.
 *
 * Each direction counts its bytes, and its end as one more. What the relay has not confirmed is kept. A hello and its
 * reply tell both ends all that they need to know of each other, so that whatever was lost with a link is told again.
 */
export class StreamState {
  readonly id: StreamId;
  readonly port: number;
  readonly out = new ReplayBuffer();
  /** Where our direction ends. */
  #fin: number | undefined;
  #finTold = false;
  #finAcked = false;
  #received = 0;
  #peerFin: number | undefined;
  #peerEnded = false;
  /** The relay has answered once: it knows the stream, or has lost it. */
  #known = false;
  /** The relay has answered on the channel that there is now. */
  #open = false;
  /** Bytes may go out: it is known from where on. */
  #sending = false;

  constructor(id: StreamId, port: number) {
    this.id = id;
    this.port = port;
  }

  get isOpen(): boolean {
    return this.#open;
  }

  /** All before this is here, for good. */
  get ack(): number {
    return this.#received + (this.#peerEnded ? 1 : 0);
  }

  /** The relay has sent all that it will. */
  get peerEnded(): boolean {
    return this.#peerEnded;
  }

  /** The local program has sent all that it will. */
  get hasEnd(): boolean {
    return this.#fin !== undefined;
  }

  /** The relay has everything up to the end, if there is one. */
  get isDelivered(): boolean {
    return this.#fin === undefined || this.#finAcked;
  }

  /** Both directions have ended, and everything has arrived. */
  get isDone(): boolean {
    return this.#finAcked && this.#peerEnded;
  }

  /** The local program has sent all that it will. */
  end(): void {
    this.#fin ??= this.out.end;
  }

  hello(): Pick<StreamHello, 'id' | 'port' | 'mayBeNew' | 'received' | 'start' | 'fin'> {
    this.#open = false;
    this.#finTold = this.#fin !== undefined;
    const { acked, end } = this.out;
    this.#sending = end - acked <= SEND_AGAIN_BYTES;
    this.out.rewind(acked);
    return {
      id: this.id,
      port: this.port,
      mayBeNew: !this.#known,
      received: this.ack,
      start: this.#sending ? acked : undefined,
      fin: this.#fin,
    };
  }

  /** It was opened on the channel that there is now. */
  reply({ received, fin }: Reply): void {
    this.#known = true;
    this.#open = true;
    this.takeAck(received);
    if (!this.#sending) this.out.rewind(this.out.acked);
    this.#sending = true;
    if (fin !== undefined) this.takeFin(fin);
  }

  /** The channel is gone. */
  lost(): void {
    this.#open = false;
    this.#sending = false;
  }

  /** The next bytes for the channel. */
  next(): Buffer | undefined {
    return this.#sending ? this.out.next() : undefined;
  }

  /** Our end, once, when it may be told. */
  finToTell(): number | undefined {
    if (!this.#open || this.#finTold) return undefined;
    this.#finTold = this.#fin !== undefined;
    return this.#fin;
  }

  received(bytes: number): void {
    this.#received += bytes;
    if (this.#peerFin !== undefined && this.#received > this.#peerFin)
      throw new Error('Bytes after the end.');
    this.#checkEnd();
  }

  takeAck(offset: number): void {
    const isFin = this.#fin !== undefined && offset === this.#fin + 1;
    if (isFin) this.#finAcked = true;
    this.out.ack(isFin ? offset - 1 : offset);
  }

  takeFin(offset: number): void {
    if (offset < this.#received) throw new Error('An end before what has arrived.');
    if (offset !== (this.#peerFin ?? offset)) throw new Error('Another end than before.');
    this.#peerFin = offset;
    this.#checkEnd();
  }

  #checkEnd(): void {
    if (this.#received === this.#peerFin) this.#peerEnded = true;
  }
}
