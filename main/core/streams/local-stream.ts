import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { FlowWindow } from '../ssh/flow-window.ts';
import { onLocalEnd } from '../ssh/local-end.ts';
import { writeTogether } from '../ssh/write-together.ts';
import type { Budget } from './budget.ts';
import { StreamState } from './stream-state.ts';
import { decodeReply, encodePiece, REPLY_BYTES, type Record, type Reply, type StreamId } from './wire.ts';

/** What one stream may keep for a relay that has not confirmed it; beyond, the local program has to wait. */
export const STREAM_CAP = 16 * 1024 * 1024;
/** A local program is not read ahead of a channel that does not take more. */
const UNSENT_CAP = 512 * 1024;
/** What went through one channel before a stream asks for more of them. */
const CROWDED_BYTES = 256 * 1024;
/** The relay takes so long to confirm a little. */
const CONFIRM_MS = 20;

/** What a stream asks of its carrier. */
export interface StreamOwner {
  readonly budget: Budget;
  record(record: Record): void;
  /** Something came that is to be confirmed. */
  oweAck(stream: LocalStream): void;
  /** Its channel is gone, and it wants another one. */
  channelLost(stream: LocalStream): void;
  /** It could send more than it may for now, and has sent so much that it will go on for a while. */
  crowded(stream: LocalStream): void;
  /** Of the link that there is. */
  roundTripMs(): number;
  /** It is over, and needs no channel any more. */
  over(stream: LocalStream): void;
  log(message: string, fields: { readonly port: number; readonly reason?: string }): void;
}

interface Lane {
  readonly channel: Duplex;
  isBlocked: boolean;
  release: () => void;
}

/** One connection of a local program. */
export class LocalStream {
  readonly state: StreamState;
  /** How often in a row it got no channel, or no answer on it. */
  failures = 0;
  readonly #socket: Socket;
  readonly #owner: StreamOwner;
  #channel: Duplex | undefined;
  #release: () => void = () => {};
  /** What has come of the reply. */
  #greeting: Buffer | undefined;
  #isBlocked = false;
  /** More channels for what goes to the relay; once there is one, the first carries none of that. */
  #lanes: Lane[] = [];
  #sent = 0;
  #flow: FlowWindow;
  #isOver = false;
  /** The local program is gone. What it sent to its end is still delivered. */
  #isGone = false;
  #charged = 0;

  constructor(id: StreamId, port: number, socket: Socket, owner: StreamOwner) {
    this.state = new StreamState(id, port);
    this.#socket = socket;
    this.#owner = owner;
    this.#flow = this.#newFlow();
    writeTogether(socket);
    socket.on('data', (chunk: Buffer) => {
      this.state.out.append(chunk);
      this.#pump();
      this.#throttle();
    });
    onLocalEnd(socket, () => {
      this.state.end();
      this.#tellEnd();
    });
    socket.on('drain', () => this.#channel?.resume());
    socket.on('close', () => this.#leave());
    this.#throttle();
  }

  /** Of what is under way to the relay: the server's window alone lets a slow link keep a keystroke for a second. */
  #newFlow(): FlowWindow {
    return new FlowWindow(() => this.#owner.roundTripMs() + CONFIRM_MS, 'as opened');
  }

  get hasChannel(): boolean {
    return this.#channel !== undefined;
  }

  /** Goes on through a channel, where a hello is said first. */
  attach(channel: Duplex, encode: (hello: ReturnType<StreamState['hello']>) => Buffer): void {
    this.detach();
    this.#channel = channel;
    this.#greeting = Buffer.alloc(0);
    this.#isBlocked = false;
    this.#sent = 0;
    this.#flow = this.#newFlow();
    const lost = () => this.#lost();
    const read = (chunk: Buffer) => this.#guard(() => this.#read(chunk));
    const drain = () => {
      this.#isBlocked = false;
      this.#pump();
      this.#throttle();
    };
    channel.on('data', read).on('drain', drain).once('end', lost).once('close', lost);
    this.#release = () => {
      channel.off('data', read).off('drain', drain).off('end', lost).off('close', lost);
      // What is still under way belongs to a channel that no longer counts.
      channel.resume();
      channel.destroy();
    };
    this.#isBlocked = !channel.write(encode(this.state.hello()));
    this.#pump();
    this.#throttle();
  }

  /** Spreads what it sends over one more channel; it has one to which the relay has answered. */
  addLane(channel: Duplex, hello: Buffer): void {
    const lane: Lane = { channel, isBlocked: false, release: () => {} };
    const lost = () => this.#lost();
    const drain = () => {
      lane.isBlocked = false;
      this.#pump();
      this.#throttle();
    };
    channel.on('drain', drain).once('end', lost).once('close', lost).resume();
    lane.release = () => {
      channel.off('drain', drain).off('end', lost).off('close', lost).destroy();
    };
    lane.isBlocked = !channel.write(hello);
    this.#lanes.push(lane);
    this.#pump();
    this.#throttle();
  }

  /** One channel took along what the others do not make good. */
  #lost(): void {
    this.detach();
    this.#owner.channelLost(this);
  }

  /** Lets go of its channels, if any. */
  detach(): void {
    this.#channel = undefined;
    this.#release();
    this.#release = () => {};
    for (const { release } of this.#lanes.splice(0)) release();
    this.#greeting = undefined;
    this.state.lost();
    // Nobody needs the rest: the relay learns that from the list of those that live.
    if (this.#isGone && !this.state.hasEnd) this.#end();
  }

  takeAck(offset: number): void {
    this.#guard(() => {
      const { acked } = this.state.out;
      this.state.takeAck(offset);
      this.#flow.moved(this.state.out.acked - acked);
      this.#pump();
      this.#throttle();
      this.#settle();
    });
  }

  takeFin(offset: number): void {
    this.#guard(() => {
      this.state.takeFin(offset);
      this.#tellLocalEnd();
      this.#settle();
    });
  }

  /** Breaks it off on this side: the relay has, or it cannot go on. */
  reset(message: string, reason?: string): void {
    if (this.#isOver) return;
    const { port } = this.state;
    this.#owner.log(message, { port, ...(reason === undefined ? {} : { reason }) });
    this.abort();
  }

  abort(): void {
    this.#end();
    this.#socket.resetAndDestroy();
  }

  /** Whatever contradicts what is known of a stream ends it: it must not go on with bytes that may be wrong. */
  #guard(run: () => void): void {
    try {
      run();
    } catch (error) {
      this.#owner.record({ type: 'rst', id: this.state.id, offset: 0 });
      this.reset('A local connection was closed: its stream did not fit together', (error as Error).message);
    }
  }

  #read(chunk: Buffer): void {
    if (this.#greeting === undefined) {
      this.#deliver(chunk);
      return;
    }
    const greeting = Buffer.concat([this.#greeting, chunk]);
    if (greeting.length < REPLY_BYTES) {
      this.#greeting = greeting;
      return;
    }
    this.#greeting = undefined;
    this.#answered(decodeReply(greeting));
    if (greeting.length > REPLY_BYTES && !this.#isOver) this.#deliver(greeting.subarray(REPLY_BYTES));
  }

  #answered(reply: Reply): void {
    const { id } = this.state;
    if (reply.status !== 'open') {
      this.#owner.record({ type: 'rst', id, offset: 0 });
      this.reset(REFUSALS[reply.status]);
      return;
    }
    this.failures = 0;
    this.state.reply(reply);
    this.#tellEnd();
    this.#tellLocalEnd();
    this.#pump();
    this.#throttle();
    this.#settle();
  }

  #deliver(chunk: Buffer): void {
    this.state.received(chunk.length);
    this.#owner.oweAck(this);
    if (!this.#isGone && !this.#socket.write(chunk)) this.#channel?.pause();
    this.#tellLocalEnd();
    this.#settle();
  }

  /** To the relay, that the local program has sent all. */
  #tellEnd(): void {
    const offset = this.state.finToTell();
    if (offset !== undefined) this.#owner.record({ type: 'fin', id: this.state.id, offset });
  }

  /** To the local program, that the relay has sent all. */
  #tellLocalEnd(): void {
    if (!this.state.peerEnded) return;
    if (!this.#isGone) this.#socket.end();
    this.#owner.oweAck(this);
  }

  #pump(): void {
    if (this.#lanes.length > 0) {
      this.#pumpLanes();
      return;
    }
    while (this.#channel && !this.#isBlocked && this.#mayGoOn()) {
      const chunk = this.state.next();
      if (!chunk) return;
      this.#sent += chunk.length;
      this.#isBlocked = !this.#channel.write(chunk);
    }
    const isCrowded = this.state.out.unsent > 0 && this.#sent >= CROWDED_BYTES;
    if (isCrowded && this.state.isOpen) this.#owner.crowded(this);
  }

  #mayGoOn(): boolean {
    const { cursor, acked } = this.state.out;
    return cursor - acked < this.#flow.bytes;
  }

  #pumpLanes(): void {
    while (this.#mayGoOn()) {
      const lane = this.#lanes.find(({ isBlocked }) => !isBlocked);
      if (!lane) return;
      const offset = this.state.out.cursor;
      const chunk = this.state.next();
      if (!chunk) return;
      lane.channel.write(encodePiece(offset, chunk.length));
      lane.isBlocked = !lane.channel.write(chunk);
    }
  }

  /** Reads the local program, or lets it wait. */
  #throttle = (): void => {
    const { out } = this.state;
    this.#charge(this.#isOver ? 0 : out.cost);
    if (this.#isOver || this.#socket.destroyed) return;
    const mayRead =
      out.unsent < UNSENT_CAP &&
      out.cost < STREAM_CAP &&
      this.#owner.budget.hasRoom(out.cost, this.#throttle);
    if (mayRead) this.#socket.resume();
    else this.#socket.pause();
  };

  #charge(cost: number): void {
    const more = cost - this.#charged;
    this.#charged = cost;
    if (more !== 0) this.#owner.budget.charge(more);
  }

  /** Ends it once everything has arrived that somebody waits for. */
  #settle(): void {
    if (this.#isOver) return;
    const isOver = this.#isGone ? this.state.isOpen && this.state.isDelivered : this.state.isDone;
    if (!isOver) return;
    this.#owner.record({ type: 'rst', id: this.state.id, offset: 0 });
    this.#end();
  }

  #leave(): void {
    this.#isGone = true;
    this.#channel?.resume();
    if (!this.#channel && !this.state.hasEnd) this.#end();
    else this.#settle();
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.detach();
    this.state.out.clear();
    this.#throttle();
    this.#owner.budget.forget(this.#throttle);
    this.#owner.over(this);
  }
}

const REFUSALS: { readonly [S in Exclude<Reply['status'], 'open'>]: string } = {
  refused: 'A local connection was closed: the remote port did not take it',
  forbidden: 'A local connection was closed: its port is not one of the session',
  gone: 'A local connection was closed: the remote program broke it off',
};
