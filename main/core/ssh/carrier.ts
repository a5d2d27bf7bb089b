import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Clock, Log } from '../ports.ts';
import { onLocalEnd } from './local-end.ts';

/** How long a connection waits for a link that is down. */
export const WAIT_FOR_LINK_MS = 30_000;

/** What the plain carrier needs of a link. */
export interface StreamSource {
  openStream(port: number): Promise<Duplex>;
}

/** What a carrier needs of a link. */
export interface Link extends StreamSource {
  /** The shortest so far; infinite while there was none. */
  roundTripMs(): number;
  /** To a socket of the remote machine, by its path or by its port of 127.0.0.1. */
  openSocket(at: string | number): Promise<Duplex>;
  /** Runs a command and resolves with what it printed; rejects when there is no running it. */
  run(command: string, input: Buffer): Promise<string>;
}

/**
 * Carries the connections of local programs to the remote machine. One per session: it outlives links, and whether
 * its streams do too is its own affair.
 */
export interface Carrier {
  /** Takes over a paused socket that allows half-open: it is joined to `port` over there, or closed with a log line. */
  carry(socket: Socket, port: number): void;
  linkUp(link: Link): void;
  linkDown(): void;
  /** Destroys what is left, and resolves once the remote machine has been told, if that takes a word. */
  close(): Promise<void>;
  /** How many local connections are open. */
  readonly size: number;
}

interface Waiting {
  readonly socket: Socket;
  readonly port: number;
  readonly giveUp: () => void;
}

/** Paused connections that wait for a link, for a while. */
export class WaitingRoom {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #waiting = new Set<Waiting>();

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  add(socket: Socket, port: number): void {
    const cancel = this.#clock.after(WAIT_FOR_LINK_MS, () => {
      this.#log.write('info', 'A local connection was closed: the link did not come back in time', { port });
      socket.resetAndDestroy();
    });
    const giveUp = (): void => {
      cancel();
      this.#waiting.delete(waiting);
      socket.off('close', giveUp);
    };
    const waiting: Waiting = { socket, port, giveUp };
    this.#waiting.add(waiting);
    socket.once('close', giveUp);
  }

  /** Hands over all that wait. */
  empty(take: (socket: Socket, port: number) => void): void {
    for (const { socket, port, giveUp } of [...this.#waiting]) {
      giveUp();
      take(socket, port);
    }
  }
}

/** One SSH channel for each connection; they end with their link. */
export class PlainCarrier implements Omit<Carrier, 'linkUp'> {
  readonly #log: Log;
  #link: StreamSource | undefined;
  readonly #open = new Set<Socket>();
  readonly #waiting: WaitingRoom;

  constructor(clock: Clock, log: Log) {
    this.#log = log;
    this.#waiting = new WaitingRoom(clock, log);
  }

  get size(): number {
    return this.#open.size;
  }

  carry(socket: Socket, port: number): void {
    this.#open.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => this.#open.delete(socket));
    if (this.#link) this.#join(socket, port, this.#link);
    else this.#waiting.add(socket, port);
  }

  linkUp(link: StreamSource): void {
    this.#link = link;
    this.#waiting.empty((socket, port) => this.#join(socket, port, link));
  }

  linkDown(): void {
    if (!this.#link) return;
    this.#link = undefined;
    // A reset, not an end: what has arrived so far must not pass for the whole.
    for (const socket of this.#open) socket.resetAndDestroy();
  }

  async close(): Promise<void> {
    this.#link = undefined;
    for (const socket of this.#open) socket.destroy();
  }

  #join(socket: Socket, port: number, link: StreamSource): void {
    link.openStream(port).then(
      (stream) => join(socket, stream),
      (error: Error) => {
        this.#log.write('info', 'A local connection was closed: the remote port did not take it', {
          port,
          reason: error.message,
        });
        socket.resetAndDestroy();
      },
    );
  }
}

/** Pipes both ways with backpressure; the end of one direction leaves the other open. */
function join(socket: Socket, stream: Duplex): void {
  if (socket.destroyed) {
    stream.destroy();
    return;
  }
  stream.on('error', () => socket.destroy());
  // The channel is gone both ways: what it brought still goes out, what comes in has nowhere to go.
  stream.once('close', () => socket.destroySoon());
  socket.once('close', () => leave(stream));
  stream.pipe(socket);
  socket.pipe(stream, { end: false });
  onLocalEnd(socket, () => stream.end());
}

/** The local program is gone. What it had sent to its end is still delivered: ssh2 drops what waits when it closes. */
function leave(stream: Duplex): void {
  if (!stream.writableEnded || stream.writableFinished) {
    stream.destroy();
    return;
  }
  stream.resume();
  stream.once('finish', () => stream.destroy());
}
