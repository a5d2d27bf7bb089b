import { connect, createServer, type Server, type Socket } from 'node:net';
import { AppError } from '../../../preload/contract/errors.ts';
import { PeerGate } from './local-peer.ts';

const TRIES = 1000;
const PROBE_MS = 300;

/** A local port, listening on 127.0.0.1 and, where it exists, on ::1: `localhost` means either. */
export interface LocalPort {
  readonly port: number;
  close(): Promise<void>;
}

export interface PortWish {
  readonly first: number;
  readonly remembered?: number | undefined;
  /** Kept free for others who will want them again. */
  readonly reserved?: readonly number[];
}

/**
 * Binds `remembered` if it is free, else the first free port from `first` upward that is not reserved. `onSocket`
 * gets paused sockets that allow half-open, and that carry nothing yet for those whom `gate` keeps out.
 */
export async function bindPort(
  { first, remembered, reserved = [] }: PortWish,
  onSocket: (socket: Socket) => void,
  gate = new PeerGate(),
): Promise<LocalPort> {
  const guarded = (socket: Socket): void => {
    gate.guard(socket);
    onSocket(socket);
  };
  const candidates = Array.from({ length: TRIES }, (_, n) => first + n).filter(
    (port) => port <= 65_535 && !reserved.includes(port),
  );
  if (remembered !== undefined) candidates.unshift(remembered);
  for (const port of candidates) {
    const bound = await bindBoth(port, guarded);
    if (bound) return bound;
  }
  throw new AppError('conflict', `No local port from ${first} upward is free.`, {
    hint: 'Close programs that hold many ports, and reconnect.',
  });
}

async function bindBoth(port: number, onSocket: (socket: Socket) => void): Promise<LocalPort | undefined> {
  if (await answersElsewhere(port)) return undefined;
  const v4 = await listen('127.0.0.1', port, onSocket);
  if (v4 === 'taken' || v4 === 'no-such-address') return undefined;
  const v6 = await listen('::1', port, onSocket);
  if (v6 === 'taken') {
    // `localhost` would lead to the other program half of the time.
    await shut(v4);
    return undefined;
  }
  return {
    port,
    close: async () => {
      await Promise.all([shut(v4), ...(v6 === 'no-such-address' ? [] : [shut(v6)])]);
    },
  };
}

function listen(
  host: string,
  port: number,
  onSocket: (socket: Socket) => void,
): Promise<Server | 'taken' | 'no-such-address'> {
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, onSocket);
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      switch (error.code) {
        case 'EADDRINUSE':
        // Windows reserves whole ranges, for Hyper-V for instance.
        case 'EACCES':
          return resolve('taken');
        case 'EADDRNOTAVAIL':
        case 'EAFNOSUPPORT':
          return resolve('no-such-address');
        default:
          return reject(error);
      }
    });
    server.listen({ host, port }, () => resolve(server));
  });
}

/** The connections are the caller's to end. */
const shut = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));

/**
 * macOS and Windows let 127.0.0.1:n be bound although another program listens on n at all addresses, and would lead
 * away from it those who want that one. Linux refuses by itself, so that nobody is disturbed by a connection.
 */
function answersElsewhere(port: number): Promise<boolean> {
  if (process.platform === 'linux') return Promise.resolve(false);
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port, timeout: PROBE_MS });
    const end = (answers: boolean) => {
      socket.destroy();
      resolve(answers);
    };
    socket.once('connect', () => end(true));
    socket.once('timeout', () => end(false));
    socket.once('error', () => end(false));
  });
}
