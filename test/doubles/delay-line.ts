/** A far machine on this computer: a TCP proxy whose bytes take their time. */
import { once } from 'node:events';
import { type AddressInfo, createServer, Socket } from 'node:net';

export interface DelayLineOptions {
  /** Port of 127.0.0.1. */
  readonly to: number;
  /** One way. */
  readonly delayMs?: number;
  /** Each way, for all connections together. */
  readonly bytesPerSecond?: number;
}

export interface DelayLine {
  readonly port: number;
  /** Bytes that were sent into it, both ways. */
  carried(): number;
  /** While it is on, nothing passes, and nobody is told. What was sent meanwhile passes afterwards, as TCP repeats it. */
  blackHole(on: boolean): void;
  /** Breaks the oldest connection off. */
  cutOldest(): void;
  close(): Promise<void>;
}

/** Of a link without a limit: more than is ever under way. */
const UNLIMITED_QUEUE = 64 * 1024 * 1024;
/** A router's buffer holds so much of what the link carries in a second. */
const QUEUE_S = 0.1;
const MIN_QUEUE = 64 * 1024;

export async function startDelayLine({
  to,
  delayMs = 0,
  bytesPerSecond = Number.POSITIVE_INFINITY,
}: DelayLineOptions): Promise<DelayLine> {
  const sockets = new Set<Socket>();
  const nears = new Set<Socket>();
  const lanes = new Set<Lane>();
  const wires = [new Wire(delayMs, bytesPerSecond), new Wire(delayMs, bytesPerSecond)] as const;
  let isBlack = false;

  const keep = (socket: Socket): void => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (near) => {
    keep(near);
    nears.add(near);
    near.once('close', () => nears.delete(near));
    const far = new Socket({ allowHalfOpen: true }).setNoDelay(true);
    keep(far);
    const pair = [new Lane(near, far, wires[0]), new Lane(far, near, wires[1])];
    near.resume();
    // By then the third packet of the handshake would be there; this side was connected at once.
    setTimeout(() => {
      if (far.destroyed) return;
      far.connect(to, '127.0.0.1');
      for (const lane of pair) {
        lanes.add(lane);
        near.once('close', () => lanes.delete(lane));
        lane.hold(isBlack);
      }
    }, 3 * delayMs);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    carried: () => wires[0].bytes + wires[1].bytes,
    blackHole: (on) => {
      isBlack = on;
      for (const lane of lanes) lane.hold(on);
    },
    cutOldest: () => {
      const [near] = nears;
      near?.resetAndDestroy();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

/** One direction of the link. */
class Wire {
  readonly queue: number;
  bytes = 0;
  readonly #delayMs: number;
  readonly #bytesPerSecond: number;
  #freeAt = 0;

  constructor(delayMs: number, bytesPerSecond: number) {
    this.#delayMs = delayMs;
    this.#bytesPerSecond = bytesPerSecond;
    const held = bytesPerSecond * (QUEUE_S + delayMs / 1000);
    this.queue = Number.isFinite(held) ? Math.max(MIN_QUEUE, held) : UNLIMITED_QUEUE;
  }

  /** When something that is sent now will have arrived. */
  arrival(bytes: number): number {
    this.bytes += bytes;
    this.#freeAt = Math.max(this.#freeAt, performance.now()) + (bytes / this.#bytesPerSecond) * 1000;
    return this.#freeAt + this.#delayMs;
  }
}

/** One direction of one connection. */
class Lane {
  readonly #to: Socket;
  readonly #underWay: { readonly at: number; readonly deliver: () => void }[] = [];
  #bytes = 0;
  #isHeld = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(from: Socket, to: Socket, wire: Wire) {
    this.#to = to;
    const send = (bytes: number, deliver: () => void): void => {
      this.#underWay.push({ at: wire.arrival(bytes), deliver });
      this.#deliver();
    };
    from.on('data', (chunk: Buffer) => {
      this.#bytes += chunk.length;
      if (this.#bytes >= wire.queue) from.pause();
      send(chunk.length, () => {
        to.write(chunk);
        this.#bytes -= chunk.length;
        if (this.#bytes < wire.queue) from.resume();
      });
    });
    from.once('end', () => send(0, () => to.end()));
    // Its reset, not its end.
    from.once('close', () => {
      if (!from.readableEnded) send(0, () => to.resetAndDestroy());
    });
    to.on('drain', () => this.#deliver());
    to.once('close', () => clearTimeout(this.#timer));
  }

  hold(on: boolean): void {
    this.#isHeld = on;
    this.#deliver();
  }

  #deliver(): void {
    clearTimeout(this.#timer);
    for (;;) {
      const next = this.#underWay[0];
      if (!next || this.#isHeld || this.#to.destroyed || this.#to.writableNeedDrain) return;
      const ms = next.at - performance.now();
      if (ms > 0) {
        this.#timer = setTimeout(() => this.#deliver(), ms);
        return;
      }
      this.#underWay.shift();
      next.deliver();
    }
  }
}
