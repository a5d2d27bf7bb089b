/** A pool of tunnels as the app runs it, with what it told, for tests against real servers. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../main/core/clock.ts';
import type { Log } from '../../main/core/ports.ts';
import { type AppKey, loadAppKey } from '../../main/core/ssh/keys.ts';
import { TunnelThread, type TunnelThreadOptions } from '../../main/core/ssh/thread/tunnel-thread.ts';
import { TunnelPool, type TunnelPoolOptions } from '../../main/core/ssh/tunnel-pool.ts';
import type { SeenHostKey, Target, Tunnels } from '../../main/core/ssh/tunnels.ts';
import type { Link, SessionId, Tool } from '../../preload/contract/state.ts';
import { silentLog } from '../doubles/log.ts';
import type { SshServer } from './servers.ts';

export const A: SessionId = 'a'.repeat(32);
export const B: SessionId = 'b'.repeat(32);

const WAIT_MS = 30_000;

export interface TunnelBench {
  readonly pool: Tunnels;
  readonly key: AppKey;
  /** All that was told of each session's link, oldest first. */
  links(id?: SessionId): readonly Link[];
  readonly seen: readonly SeenHostKey[];
  readonly log: readonly string[];
  /** Waits until what was told of a link, oldest first, is as `enough` wants it. */
  told(enough: (links: readonly Link[]) => boolean, id?: SessionId): Promise<void>;
  /** Waits until the link of a session is there. */
  until(at: Link['at'], id?: SessionId): Promise<Link>;
  /** Waits for a line of the log that contains the text. */
  logged(text: string): Promise<void>;
  /** Where `refresh` says the session is. */
  moveTo(target: Target): void;
  stop(): Promise<void>;
}

interface BenchOptions extends Pick<TunnelPoolOptions, 'standbys'> {
  /** The file of a thread of their own, as in the app. */
  readonly thread?: URL;
}

export function tunnelBench({ thread, standbys = 0 }: BenchOptions = {}): TunnelBench {
  const folder = mkdtempSync(join(tmpdir(), 'tray-bench-'));
  const key = loadAppKey(folder, silentLog);
  const told = new Map<SessionId, Link[]>();
  const seen: SeenHostKey[] = [];
  const lines: string[] = [];
  const waiters = new Set<() => void>();
  const wakeAll = () => {
    for (const look of [...waiters]) look();
  };
  let home: Target | undefined;
  const log: Log = {
    scope: () => log,
    hide: () => {},
    write: (_level, message, fields) => {
      lines.push(`${message} ${JSON.stringify(fields ?? {})}`);
      wakeAll();
    },
  };
  const options: Omit<TunnelThreadOptions, 'file'> = {
    standbys,
    key,
    clock: systemClock,
    log,
    refresh: async () => {
      if (!home) throw new Error('Nobody knows where the session is.');
      return home;
    },
    listener: {
      linkChanged: (id, link) => {
        told.set(id, [...(told.get(id) ?? []), link]);
        wakeAll();
      },
      hostKeySeen: (_id, key) => seen.push(key),
      useChanged: () => {},
    },
  };
  const pool = thread ? new TunnelThread({ ...options, file: thread }) : new TunnelPool(options);

  /** Waits for `look` to find something; it is asked after everything that is told. */
  const found = <T>(look: () => T | undefined, what: () => string) =>
    new Promise<T>((resolve, reject) => {
      const timer = setTimeout(() => {
        waiters.delete(attempt);
        reject(new Error(`${what()} did not come:\n${lines.join('\n')}`));
      }, WAIT_MS);
      const attempt = () => {
        const result = look();
        if (result === undefined) return;
        clearTimeout(timer);
        waiters.delete(attempt);
        resolve(result);
      };
      waiters.add(attempt);
      attempt();
    });

  return {
    pool,
    key,
    seen,
    log: lines,
    links: (id = A) => told.get(id) ?? [],
    until: (at, id = A) =>
      found(
        () => {
          const last = told.get(id)?.at(-1);
          return last?.at === at ? last : undefined;
        },
        () => `The link "${at}"`,
      ),
    told: async (enough, id = A) => {
      await found(
        () => enough(told.get(id) ?? []) || undefined,
        () => 'What was awaited of the link',
      );
    },
    logged: async (text) => {
      await found(
        () => lines.find((line) => line.includes(text)),
        () => `"${text}"`,
      );
    },
    moveTo: (target) => {
      home = target;
    },
    async stop() {
      await pool.stop();
      // A relay that could not be told would wait for hours.
      for (const line of lines) {
        const pid = /^The relay is running .*"pid":(\d+)/.exec(line)?.[1];
        if (pid) endProcess(Number(pid));
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has ended.
  }
}

/** How a session on this server is reached, as its task would say. */
export function targetOf(
  server: SshServer,
  remote: { readonly [T in Tool]?: number } = {},
  different: Partial<Target> = {},
): Target {
  return {
    host: '127.0.0.1',
    port: server.port,
    username: server.username,
    password: server.password,
    remote: { ssh: server.port, ...remote },
    hostKey: { ours: true, expected: server.fingerprint },
    ...different,
  };
}

export interface RemoteServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A server on "the remote machine" that treats each connection as told. */
export async function remoteServer(serve: (socket: Socket) => void): Promise<RemoteServer> {
  const sockets = new Set<Socket>();
  const server: Server = createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
    serve(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export const echoServer = (): Promise<RemoteServer> => remoteServer((socket) => socket.pipe(socket));

/** A local program's connection that stays open. */
export async function dialLocal(port: number | undefined, host = '127.0.0.1'): Promise<Socket> {
  const socket = connect({ port: port ?? 0, host, allowHalfOpen: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

/** Sends `text`, ends that direction, and reads all that comes back. */
export async function askLocal(port: number | undefined, text: string, host?: string): Promise<string> {
  const socket = await dialLocal(port, host);
  let answer = '';
  socket.on('data', (chunk) => (answer += chunk));
  const ended = once(socket, 'end');
  socket.end(text);
  await ended;
  return answer;
}
