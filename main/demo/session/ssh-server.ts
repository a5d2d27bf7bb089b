import { timingSafeEqual } from 'node:crypto';
import { connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import ssh2, { type AuthContext, type Connection, type ServerChannel, type TcpipRequestInfo } from 'ssh2';
import { listenOn } from '../listener.ts';
import type { Home } from './home.ts';
import { createProcesses } from './processes.ts';
import { serveSftp } from './sftp.ts';
import { serveShell } from './shell.ts';

const { Server, utils } = ssh2;

/** As sshd's MaxAuthTries. */
const MAX_AUTH_FAILURES = 6;

/** As the payload sets sshd: ClientAliveInterval and ClientAliveCountMax. */
const KEEPALIVE_MS = 10_000;
const KEEPALIVE_COUNT = 20;

const LOOPBACK = ['localhost', '127.0.0.1', '::1'];

export interface SshServerOptions {
  /** Private keys in OpenSSH or PEM form. */
  readonly hostKeys: readonly string[];
  readonly username: string;
  readonly password: string;
  readonly home: Home;
  readonly greeting: string;
  /** Where the services of the session really listen, by their port on its loopback. */
  readonly forwards: ReadonlyMap<number, NetConnectOpts>;
}

/** How the server treats connections, so that broken networks can be looked at. */
export type SshTrouble =
  | 'none'
  /** Connections stay open and carry nothing, new ones get no answer: like a frozen machine. */
  | 'frozen'
  /** New connections are closed at once. */
  | 'refusing';

export interface SshServer {
  readonly port: number;
  /** Drops all connections without a goodbye; returns how many. */
  killConnections(): number;
  setTrouble(trouble: SshTrouble): void;
  stop(): Promise<void>;
}

/** A real SSH server on loopback: password and key login, shell, exec, SFTP and forwarding to its loopback. */
export async function startSshServer(options: SshServerOptions): Promise<SshServer> {
  const processes = createProcesses();
  const sockets = new Set<Socket>();
  const waiting = new Set<Socket>();
  let trouble: SshTrouble = 'none';

  const ssh = new Server(
    {
      hostKeys: [...options.hostKeys],
      ident: 'clearml-demo',
      keepaliveInterval: KEEPALIVE_MS,
      keepaliveCountMax: KEEPALIVE_COUNT,
    },
    (connection) => serveConnection(connection, options, processes),
  );
  const listener = createServer((socket) => {
    if (trouble === 'refusing') {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    socket.on('error', () => {});
    sockets.add(socket);
    socket.once('close', () => {
      sockets.delete(socket);
      waiting.delete(socket);
    });
    if (trouble === 'frozen') waiting.add(socket);
    else ssh.injectSocket(socket);
  });
  const port = await listenOn(listener, 0);

  return {
    port,
    killConnections() {
      const count = sockets.size;
      for (const socket of sockets) socket.destroy();
      return count;
    },
    setTrouble(next) {
      const thaws = trouble === 'frozen' && next !== 'frozen';
      const freezes = trouble !== 'frozen' && next === 'frozen';
      trouble = next;
      for (const socket of sockets) {
        if (freezes) {
          socket.pause();
          socket.cork();
        } else if (thaws && !waiting.has(socket)) {
          socket.uncork();
          socket.resume();
        }
      }
      if (!thaws) return;
      for (const socket of waiting) ssh.injectSocket(socket);
      waiting.clear();
    },
    async stop() {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await Promise.all([closed, processes.stop()]);
    },
  };
}

function serveConnection(
  connection: Connection,
  options: SshServerOptions,
  processes: ReturnType<typeof createProcesses>,
): void {
  let failures = 0;
  connection.on('error', () => {});
  connection.on('authentication', (attempt) => {
    if (isWelcome(attempt, options)) return attempt.accept();
    if (attempt.method !== 'none' && ++failures >= MAX_AUTH_FAILURES) return connection.end();
    attempt.reject(['publickey', 'password']);
  });
  connection.on('session', (accept) => {
    const session = accept();
    serveShell(session, options.home, processes, options.greeting);
    session.on('sftp', (acceptSftp) => serveSftp(acceptSftp(), options.home.path));
  });
  connection.on('tcpip', (accept, reject, info) => forward(accept, reject, info, options.forwards));
}

function isWelcome(attempt: AuthContext, { username, password, home }: SshServerOptions): boolean {
  if (attempt.username !== username) return false;
  if (attempt.method === 'password') return sameText(attempt.password, password);
  if (attempt.method !== 'publickey') return false;
  for (const line of home.authorizedKeys()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const parsed = utils.parseKey(line);
    const key = Array.isArray(parsed) ? parsed[0] : parsed;
    if (!key || key instanceof Error || !key.getPublicSSH().equals(attempt.key.data)) continue;
    // Without a signature the client only asks whether this key would do.
    if (!attempt.signature || !attempt.blob) return true;
    return key.verify(attempt.blob, attempt.signature, attempt.hashAlgo) === true;
  }
  return false;
}

function sameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function forward(
  accept: () => ServerChannel,
  reject: () => void,
  info: TcpipRequestInfo,
  forwards: ReadonlyMap<number, NetConnectOpts>,
): void {
  if (!LOOPBACK.includes(info.destIP)) {
    reject();
    return;
  }
  // Else what the person has started in the session, such as the relay.
  const target = forwards.get(info.destPort) ?? { host: '127.0.0.1', port: info.destPort };
  const socket = connect({ ...target, allowHalfOpen: true });
  socket.once('error', reject);
  socket.once('connect', () => {
    socket.off('error', reject);
    const channel = accept();
    // `accept` has nothing to give when the client hung up meanwhile.
    if (!channel) {
      socket.destroy();
      return;
    }
    socket.setNoDelay(true);
    join(channel, socket);
  });
}

/** Copies both ways; either side may end its own way first, as over a plain TCP connection. */
function join(channel: ServerChannel, socket: Socket): void {
  let openWays = 2;
  const wayEnded = () => {
    if (--openWays === 0) channel.close();
  };
  socket.pipe(channel, { end: false });
  channel.pipe(socket);
  // Behind all data that waits for the client's window. `end` would close the other way as well.
  socket.once('end', () =>
    channel.write(Buffer.alloc(0), () => {
      channel.eof();
      wayEnded();
    }),
  );
  channel.once('end', wayEnded);
  socket.on('error', () => channel.close());
  channel.on('error', () => socket.destroy());
  channel.once('close', () => socket.destroySoon());
}
