import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Log } from '../ports.ts';
import type { Budget } from './budget.ts';
import { LocalStream, type StreamOwner } from './local-stream.ts';
import { ReadyChannels } from './ready-channels.ts';
import {
  encodeControlHello,
  encodeLaneHello,
  encodeRecord,
  encodeStreamHello,
  type Record,
  RecordReader,
  type StreamId,
} from './wire.ts';

/** What is owed is confirmed after so much, or so late. */
const ACK_BYTES = 256 * 1024;
const ACK_MS = 20;
/** The relay counts the time of grace from the last word of its client. */
const PING_MS = 20_000;
/** A channel that could not be opened is tried again after that, and then after twice as long, up to a second. */
const RETRY_MS = 50;
const MAX_RETRY_MS = 1000;
/** A stream that gets no channel so often in a row, although the link is up, does not get one. */
const MAX_FAILURES = 30;
/** Epochs of one link are no closer together. */
const BEGIN_AGAIN_MS = 250;
/** So many refusals in a row mean that there is no relay any more. */
const REFUSALS = 3;
/** For the relay to take leave. */
const GOODBYE_MS = 1000;
/** Record of a request to connect to a port; the answer carries it too. */
const ALLOW_ID = 1;
/** Record of a question what waits over there. */
const QUEUE_ID = 2;

/** From so far away on, the window of one channel slows an upload down. */
const FAR_MS = 30;
/** Then so many channels carry it: four times the 2 MiB in a round trip that sshd lets one have under way. */
const LANES = 4;
/** Where the relay is far away, so many channels are open for those who come. They are opened so long after a link is up. */
const READY = 3;
const READY_MS = 1000;

/** What a carrier needs of a link to reach its relay. */
export interface RelayLink {
  /** The shortest so far; infinite while there was none. */
  roundTripMs(): number;
  /** To a socket of the remote machine, by its path or by its port of 127.0.0.1. */
  openSocket(at: string | number): Promise<Duplex>;
}

export interface RelayAddress {
  readonly at: string | number;
  readonly token: Buffer;
}

export interface ResumableCarrierOptions {
  readonly relay: RelayAddress;
  /** Ports that the relay may connect to already. */
  readonly ports: readonly number[];
  readonly budget: Budget;
  readonly clock: Clock;
  readonly log: Log;
  /** The relay is gone, and with it all that went through it; or it never answered. */
  readonly relayGone: (connections: number, hadAnswered: boolean) => void;
}

/** The remote machine answered that nothing listens there. */
const isRefusal = (error: unknown): boolean => (error as { reason?: unknown }).reason === CONNECT_FAILED;
/** SSH_OPEN_CONNECT_FAILED (RFC 4254). */
const CONNECT_FAILED = 2;

/**
 * Carries connections through one relay, on one SSH channel each, and one more for what is to be said of them.
 *
 * Each link is an epoch: with the next one everything is begun anew where it was. Without a link, and while one is
 * begun, the streams wait.
 */
export class ResumableCarrier {
  readonly #options: ResumableCarrierOptions;
  readonly #streams = new Map<StreamId, LocalStream>();
  readonly #sockets = new Set<Socket>();
  readonly #allowed: Set<number>;
  readonly #owner: StreamOwner;
  readonly #owing = new Map<LocalStream, number>();
  /** Those that have, or will have, lanes on the link that there is now. */
  readonly #spread = new Set<LocalStream>();
  #link: RelayLink | undefined;
  /** Of the link that there is, and of the one that may follow it. */
  #ready: ReadyChannels | undefined;
  #prepared: ReadyChannels | undefined;
  #control: Duplex | undefined;
  /** What is said while the control channel is being opened. */
  #unsaid: Buffer[] = [];
  #epoch = 0;
  #nextId = 1;
  #refusals = 0;
  #hasAnswered = false;
  #begunAt = 0;
  #isClosed = false;
  /** Cancels all that this epoch waits for. */
  #cancels = new Set<() => void>();
  #cancelAcks: (() => void) | undefined;
  #saidGoodbye: (() => void) | undefined;
  #askedQueue: (bytes: number) => void = () => {};

  constructor(options: ResumableCarrierOptions) {
    this.#options = options;
    this.#allowed = new Set(options.ports);
    this.#owner = {
      budget: options.budget,
      record: (record) => this.#say(record),
      oweAck: (stream) => this.#oweAck(stream),
      channelLost: (stream) => {
        this.#spread.delete(stream);
        this.#openLater(stream);
      },
      crowded: (stream) => this.#spreadOut(stream),
      roundTripMs: () => this.#link?.roundTripMs() ?? Number.POSITIVE_INFINITY,
      over: (stream) => {
        this.#streams.delete(stream.state.id);
        this.#owing.delete(stream);
        this.#spread.delete(stream);
      },
      log: (message, fields) => options.log.write('info', message, fields),
    };
  }

  /** How many local connections are open. */
  get size(): number {
    return this.#sockets.size;
  }

  /** Tells how many bytes the link has not taken yet, on both sides; nothing where it breaks meanwhile. */
  queued(told: (bytes: number) => void): void {
    this.#askedQueue = told;
    this.#say({ type: 'ping', id: QUEUE_ID, offset: 0 });
  }

  /** Takes over a paused socket that allows half-open. */
  carry(socket: Socket, port: number): void {
    this.#sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#sockets.delete(socket));
    const stream = new LocalStream(this.#nextId++, port, socket, this.#owner);
    this.#streams.set(stream.state.id, stream);
    this.#open(stream);
    this.#prepared?.fill(this.#streams.size + 1);
  }

  /** This link may be the next one. */
  prepare(link: RelayLink): void {
    this.#prepared?.close();
    const prepared = new ReadyChannels(link, this.#options.relay.at);
    this.#prepared = prepared;
    // Its round trip is known by then.
    this.#options.clock.after(READY_MS, () => {
      if (this.#prepared === prepared) prepared.fill(this.#streams.size + 1);
    });
  }

  /** This link will be the next one in a round trip: what is opened now is opened by then. */
  expect(link: RelayLink): void {
    this.#prepared?.close();
    this.#prepared = new ReadyChannels(link, this.#options.relay.at);
    this.#prepared.openAhead(this.#streams.size + 1);
  }

  linkUp(link: RelayLink): void {
    this.#link = link;
    this.#ready =
      this.#prepared?.link === link ? this.#prepared : new ReadyChannels(link, this.#options.relay.at);
    this.#prepared = undefined;
    this.#refusals = 0;
    this.#begin();
  }

  linkDown(): void {
    this.#link = undefined;
    this.#ready?.close();
    this.#ready = undefined;
    this.#release();
  }

  /** Ends everything, here and there. Resolves once the relay has heard it, if it can be told. */
  async close(): Promise<void> {
    const { clock } = this.#options;
    this.#isClosed = true;
    if (this.#link) {
      const heard = new Promise<void>((resolve) => (this.#saidGoodbye = resolve));
      const cancel = clock.after(GOODBYE_MS, () => this.#saidGoodbye?.());
      this.#say({ type: 'bye', id: 0, offset: 0 });
      await heard;
      cancel();
    }
    this.linkDown();
    this.#prepared?.close();
    this.#prepared = undefined;
    // A reset, not an end: what has arrived so far must not pass for the whole.
    for (const stream of [...this.#streams.values()]) stream.abort();
    for (const socket of this.#sockets) socket.destroy();
  }

  /** Opens everything anew, through the link that there is. */
  #begin(): void {
    this.#release();
    if (!this.#link || this.#isClosed) return;
    this.#epoch++;
    this.#begunAt = this.#options.clock.now();
    this.#openControl(this.#link, this.#epoch);
    this.#later(READY_MS, () => this.#ready?.fill(READY));
    for (const stream of [...this.#streams.values()]) this.#open(stream);
  }

  /** Lets go of all channels. */
  #release(): void {
    for (const cancel of this.#cancels) cancel();
    this.#cancels.clear();
    this.#cancelAcks = undefined;
    this.#owing.clear();
    this.#spread.clear();
    this.#unsaid = [];
    const control = this.#control;
    this.#control = undefined;
    control?.removeAllListeners('data').removeAllListeners('close').resume().destroy();
    for (const stream of [...this.#streams.values()]) stream.detach();
    this.#saidGoodbye?.();
  }

  #openChannel(link: RelayLink): Promise<Duplex> {
    const ready = this.#ready?.link === link ? this.#ready : undefined;
    const opened = ready ? ready.open() : link.openSocket(this.#options.relay.at);
    ready?.fill(READY);
    return opened;
  }

  #openControl(link: RelayLink, epoch: number): void {
    const { log } = this.#options;
    this.#openChannel(link).then(
      (channel) => {
        if (epoch !== this.#epoch || link !== this.#link) channel.destroy();
        else this.#startControl(channel, epoch);
      },
      (error: Error) => {
        if (epoch !== this.#epoch || link !== this.#link) return;
        log.write('debug', 'The relay was not reached', { reason: error.message });
        this.#controlFailed(isRefusal(error));
      },
    );
  }

  #startControl(channel: Duplex, epoch: number): void {
    const { token } = this.#options.relay;
    const reader = new RecordReader();
    let isWelcome = false;
    this.#control = channel;
    const lost = () => {
      if (channel !== this.#control) return;
      this.#controlFailed(!isWelcome);
    };
    channel.on('data', (chunk: Buffer) => {
      try {
        const records = reader.read(isWelcome ? chunk : chunk.subarray(1));
        isWelcome = true;
        this.#hasAnswered = true;
        this.#refusals = 0;
        for (const record of records) this.#take(record);
      } catch (error) {
        this.#options.log.write('warn', 'The relay said something that makes no sense', { error });
        lost();
      }
    });
    channel.once('end', lost).once('close', lost);
    channel.write(
      encodeControlHello({ token, epoch, nextId: this.#nextId, live: [...this.#streams.keys()] }),
    );
    for (const record of this.#unsaid) channel.write(record);
    this.#unsaid = [];
    this.#ping();
  }

  #controlFailed(isRefusal: boolean): void {
    if (this.#saidGoodbye) {
      this.#release();
      return;
    }
    this.#refusals = isRefusal ? this.#refusals + 1 : 0;
    if (this.#refusals >= REFUSALS) {
      this.#relayGone();
      return;
    }
    const justBegun = this.#options.clock.now() - this.#begunAt < BEGIN_AGAIN_MS;
    this.#release();
    this.#later(justBegun ? BEGIN_AGAIN_MS : RETRY_MS, () => this.#begin());
  }

  #relayGone(): void {
    const connections = this.#streams.size;
    this.#isClosed = true;
    this.#release();
    for (const stream of [...this.#streams.values()]) {
      stream.reset('A local connection was closed: the relay on the remote machine is gone');
    }
    this.#options.relayGone(connections, this.#hasAnswered);
  }

  #ping(): void {
    this.#later(PING_MS, () => {
      this.#say({ type: 'ping', id: 0, offset: 0 });
      this.#ping();
    });
  }

  #open(stream: LocalStream): void {
    const link = this.#link;
    const epoch = this.#epoch;
    const { id, port } = stream.state;
    if (!link || this.#isClosed || stream.hasChannel || this.#streams.get(id) !== stream) return;
    if (!this.#allowed.has(port)) {
      this.#say({ type: 'allow', id: ALLOW_ID, offset: port });
      return;
    }
    const { token } = this.#options.relay;
    const isCurrent = () => epoch === this.#epoch && link === this.#link && this.#streams.get(id) === stream;
    this.#openChannel(link).then(
      (channel) => {
        if (!isCurrent() || stream.hasChannel) channel.destroy();
        else stream.attach(channel, (hello) => encodeStreamHello({ ...hello, token, epoch }));
      },
      () => {
        if (isCurrent()) this.#openLater(stream);
      },
    );
  }

  /** Spreads an upload over several channels where the machine is far away. */
  #spreadOut(stream: LocalStream): void {
    const link = this.#link;
    const trip = link?.roundTripMs() ?? 0;
    if (!link || trip < FAR_MS || !Number.isFinite(trip) || this.#spread.has(stream)) return;
    this.#spread.add(stream);
    const epoch = this.#epoch;
    const { token } = this.#options.relay;
    const isCurrent = () => epoch === this.#epoch && this.#spread.has(stream) && stream.state.isOpen;
    for (let n = 0; n < LANES; n++) {
      this.#openChannel(link).then(
        (channel) => {
          if (isCurrent()) stream.addLane(channel, encodeLaneHello({ token, epoch, id: stream.state.id }));
          else channel.destroy();
        },
        (error: Error) =>
          this.#options.log.write('debug', 'An upload gets no lane', { reason: error.message }),
      );
    }
  }

  #openLater(stream: LocalStream): void {
    stream.failures++;
    if (stream.failures > MAX_FAILURES) {
      stream.reset('A local connection was closed: it gets no channel to the remote machine');
      return;
    }
    this.#later(Math.min(RETRY_MS * 2 ** stream.failures, MAX_RETRY_MS), () => this.#open(stream));
  }

  #take({ type, id, offset }: Record): void {
    const stream = this.#streams.get(id);
    switch (type) {
      case 'ack':
        stream?.takeAck(offset);
        return;
      case 'fin':
        stream?.takeFin(offset);
        return;
      case 'rst':
        this.#say({ type: 'rst', id, offset: 0 });
        stream?.reset('A local connection was closed: the remote program broke it off');
        return;
      case 'pong':
        if (id === ALLOW_ID) this.#allow(offset);
        if (id === QUEUE_ID) this.#askedQueue(offset + this.#unsent());
        return;
      case 'ping':
      case 'bye':
      case 'allow':
        throw new Error(`A relay does not say ${type}.`);
    }
  }

  #allow(port: number): void {
    this.#allowed.add(port);
    for (const waiting of this.#streams.values()) {
      if (waiting.state.port === port) this.#open(waiting);
    }
  }

  #unsent(): number {
    let bytes = 0;
    for (const { state } of this.#streams.values()) bytes += state.out.unsent;
    return bytes;
  }

  /** Without a link there is nobody to tell; what matters is then told by the next hellos. */
  #say(record: Record): void {
    if (this.#control) this.#control.write(encodeRecord(record));
    else if (this.#link) this.#unsaid.push(encodeRecord(record));
  }

  #oweAck(stream: LocalStream): void {
    const { ack } = stream.state;
    const from = this.#owing.get(stream);
    if (from === undefined) this.#owing.set(stream, ack);
    else if (ack - from >= ACK_BYTES) this.#sendAck(stream);
    this.#cancelAcks ??= this.#later(ACK_MS, () => {
      this.#cancelAcks = undefined;
      for (const owed of [...this.#owing.keys()]) this.#sendAck(owed);
    });
  }

  #sendAck(stream: LocalStream): void {
    this.#owing.delete(stream);
    this.#say({ type: 'ack', id: stream.state.id, offset: stream.state.ack });
  }

  /** Unless the epoch ends before. */
  #later(ms: number, run: () => void): () => void {
    const cancel = this.#options.clock.after(ms, () => {
      this.#cancels.delete(cancel);
      run();
    });
    this.#cancels.add(cancel);
    return cancel;
  }
}
