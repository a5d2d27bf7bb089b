/** Links to a relay on this computer that break at a given byte, and a bench that carries streams over them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { systemClock } from '../../../../main/core/clock.ts';
import type { Link } from '../../../../main/core/ssh/carrier.ts';
import { Budget } from '../../../../main/core/streams/budget.ts';
import { ResumableCarrier } from '../../../../main/core/streams/resumable-carrier.ts';
import { silentLog } from '../../../doubles/log.ts';
import { type RelayProcess, startRelay } from './relay-rig.ts';

/** A link without SSH. All its channels break once so many bytes have gone through them, both ways together. */
export class CutLink implements Link {
  readonly #channels = new Set<Duplex>();
  readonly #processes = new Set<ChildProcess>();
  readonly #broken: () => void;
  readonly #tripMs: number;
  #left: number;
  isBroken = false;
  bytes = 0;
  /** Channels that were opened. */
  opened = 0;

  constructor(bytes: number, broken: () => void = () => {}, tripMs = 0) {
    this.#left = bytes;
    this.#tripMs = tripMs;
    this.#broken = broken;
  }

  roundTripMs(): number {
    return this.#tripMs;
  }

  async openSocket(at: string | number): Promise<Duplex> {
    if (this.isBroken) throw new Error('Not connected');
    const socket =
      typeof at === 'string' ? connect(at) : connect({ port: at, host: '127.0.0.1', allowHalfOpen: true });
    try {
      await once(socket, 'connect');
    } catch (error) {
      throw Object.assign(error as Error, { reason: 2 });
    }
    if (this.isBroken) {
      socket.destroy();
      throw new Error('Not connected');
    }
    return this.#channel(socket);
  }

  openStream(port: number): Promise<Duplex> {
    return this.openSocket(port);
  }

  async run(command: string, input: Buffer): Promise<string> {
    const child = spawn('sh', ['-c', command], { stdio: ['pipe', 'pipe', 'ignore'] });
    this.#processes.add(child);
    child.stdin.on('error', () => {});
    child.stdin.end(input);
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    await once(child.stdout, 'end');
    return output;
  }

  break(): void {
    if (this.isBroken) return;
    this.isBroken = true;
    for (const channel of this.#channels) channel.destroy();
    for (const child of this.#processes) child.kill();
    this.#broken();
  }

  #channel(socket: Socket): Duplex {
    socket.on('error', () => channel.destroy());
    // Of several channels of a far link some are slower.
    const isLate = this.#tripMs > 0 && this.opened % 2 === 1;
    const channel = new Duplex({
      read: () => socket.resume(),
      write: (chunk: Buffer, _encoding, done) => {
        const part = this.#pass(chunk);
        const isWhole = part.length === chunk.length && !this.isBroken;
        const write = () => socket.write(part, () => (isWhole ? done() : this.break()));
        if (isLate) setTimeout(write, 2);
        else write();
      },
      final: (done) => {
        socket.end();
        done();
      },
      destroy: (_error, done) => {
        socket.destroy();
        this.#channels.delete(channel);
        done(null);
      },
    });
    channel.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      const part = this.#pass(chunk);
      if (!channel.push(part)) socket.pause();
      if (part.length < chunk.length) this.break();
    });
    socket.on('end', () => channel.push(null));
    socket.on('close', () => channel.destroy());
    this.#channels.add(channel);
    this.opened++;
    return channel;
  }

  /** What of it still goes through. */
  #pass(chunk: Buffer): Buffer {
    const part = chunk.subarray(0, this.#left);
    this.#left -= part.length;
    this.bytes += part.length;
    return part;
  }
}

export interface StreamBench {
  readonly carrier: ResumableCarrier;
  readonly relay: RelayProcess;
  readonly budget: Budget;
  /** A local program's connection. */
  dial(): Promise<Socket>;
  stop(): Promise<void>;
}

/** A carrier with a relay and a local port, behind which `target` is. */
export async function streamBench(
  target: number,
  options: {
    readonly source?: string;
    readonly budget?: Budget;
    readonly allowed?: readonly number[];
    readonly gone?: (connections: number) => void;
  } = {},
): Promise<StreamBench> {
  const { source, budget = new Budget(1 << 28), gone = () => {}, allowed = [target] } = options;
  const relay = await startRelay({ ports: allowed, ...(source === undefined ? {} : { source }) });
  const carrier = new ResumableCarrier({
    relay,
    ports: allowed,
    budget,
    clock: systemClock,
    log: silentLog,
    relayGone: gone,
  });
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
    carrier.carry(socket, target),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    carrier,
    relay,
    budget,
    async dial() {
      const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
      socket.on('error', () => {});
      await once(socket, 'connect');
      return socket;
    },
    async stop() {
      server.close();
      await carrier.close();
      relay.stop();
    },
  };
}
