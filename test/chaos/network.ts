import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type RemoteServer, remoteServer } from '../integration/tunnel-bench.ts';

/** What lies between the app and the SSH server, with all its troubles. */
export interface Network {
  readonly port: number;
  /** Breaks each connection once so many more bytes have come through it. */
  cutAfter(bytes: number): void;
  /** Swallows everything of the connections there are, without a word. */
  swallow(): void;
  /** Lets little through for a while. */
  slowFor(ms: number): Promise<void>;
  close(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** Bytes until it breaks. */
  left: number;
  swallowed: boolean;
}

const SLOW_MS = 30;

export async function networkTo(port: number): Promise<Network> {
  const pairs = new Set<Pair>();
  let isSlow = false;
  const end = (pair: Pair): void => {
    pairs.delete(pair);
    pair.near.destroy();
    pair.far.destroy();
  };
  const pass = (pair: Pair, from: Socket, to: Socket): void => {
    from.on('data', (chunk: Buffer) => {
      if (pair.swallowed) return;
      const part = chunk.subarray(0, pair.left);
      pair.left -= part.length;
      const room = to.write(part);
      if (part.length < chunk.length) return end(pair);
      if (room && !isSlow) return;
      from.pause();
      if (isSlow) setTimeout(() => from.resume(), SLOW_MS);
      else to.once('drain', () => from.resume());
    });
    from.on('end', () => to.end());
    from.on('error', () => end(pair)).on('close', () => end(pair));
  };
  const server: RemoteServer = await remoteServer((near) => {
    const far = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true });
    near.setNoDelay(true);
    const pair: Pair = { near, far, left: Number.POSITIVE_INFINITY, swallowed: false };
    pairs.add(pair);
    pass(pair, near, far);
    pass(pair, far, near);
  });
  return {
    port: server.port,
    cutAfter(bytes) {
      for (const pair of pairs) pair.left = bytes;
    },
    swallow() {
      for (const pair of pairs) pair.swallowed = true;
    },
    async slowFor(ms) {
      isSlow = true;
      await sleep(ms);
      isSlow = false;
    },
    async close() {
      for (const pair of [...pairs]) end(pair);
      await server.close();
    },
  };
}
