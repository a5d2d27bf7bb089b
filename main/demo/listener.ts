import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import type { AddressInfo, Server as NetServer } from 'node:net';

/** Something that listens on 127.0.0.1 until it is stopped. */
export interface Listener {
  readonly port: number;
  readonly url: string;
  stop(): Promise<void>;
}

/** Binds to loopback; port 0 means any. Rejects with the system's error when the port is taken. */
export function listenOn(server: NetServer, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => {
      server.off('error', reject);
      resolve((server.address() as AddressInfo).port);
    });
  });
}

/**
 * An HTTP server on loopback that keeps idle connections open as long as clients like: the SDK's pools are
 * long-lived.
 */
export async function serveHttp(
  handler: RequestListener,
  port: number,
  prepare: (server: Server) => void = () => {},
): Promise<Listener> {
  const server = createServer({ keepAliveTimeout: 0, requestTimeout: 0 }, handler);
  prepare(server);
  const bound = await listenOn(server, port);
  return {
    port: bound,
    url: `http://127.0.0.1:${bound}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * Whether a request was meant for this computer. Pages of other sites can make a browser send some, under their own
 * name (DNS rebinding) or with their `Origin`.
 */
export function isMeantForUs(request: IncomingMessage): boolean {
  const { host = '', origin } = request.headers;
  const hostname = host.replace(/:\d+$/, '');
  return ['127.0.0.1', 'localhost', '[::1]'].includes(hostname) && (!origin || origin === `http://${host}`);
}

/** Path and arguments of a request. Unlike `new URL`, it takes whatever a client sends. */
export function targetOf(url = '/'): { readonly path: string; readonly query: URLSearchParams } {
  const at = url.indexOf('?');
  return at < 0
    ? { path: url, query: new URLSearchParams() }
    : { path: url.slice(0, at), query: new URLSearchParams(url.slice(at + 1)) };
}
