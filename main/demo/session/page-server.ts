import { randomBytes, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Listener, serveHttp, targetOf } from '../listener.ts';
import { counterPage } from './counter-page.ts';

/** A message this often. */
const TICK_MS = 200;

const HEADERS = {
  'Cache-Control': 'no-store',
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self' ws:; " +
    "frame-ancestors 'none'; base-uri 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
};

export interface PageOptions {
  readonly tool: string;
  /** The program that would have been used. */
  readonly program: string;
  readonly session: string;
  /** Asked for as Jupyter does: `?token=` once, then a cookie. Without one the page is open. */
  readonly token?: string;
}

/** Serves the counter page and its WebSocket on loopback. */
export async function servePage(options: PageOptions): Promise<Listener> {
  const page = counterPage(options.tool, options.program, options.session);
  // Cookies ignore ports, so the name tells apart the pages of several sessions on one computer.
  const cookie = `demo-${randomBytes(6).toString('hex')}`;
  const startedAt = Date.now();
  const sockets = new WebSocketServer({ noServer: true, maxPayload: 1024 });
  sockets.on('connection', (socket) => count(socket, startedAt));

  const listener = await serveHttp(
    (request, response) => answer(request, response),
    0,
    (server) =>
      server.on('upgrade', (request, socket, head) => {
        if (targetOf(request.url).path !== '/counter' || !isAllowed(request)) {
          socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
          return;
        }
        sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
      }),
  );
  return {
    ...listener,
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      await listener.stop();
    },
  };

  function answer(request: IncomingMessage, response: ServerResponse): void {
    const { path, query } = targetOf(request.url);
    if (!isAllowed(request)) {
      send(response, 403, 'text/plain', 'Forbidden: this page needs its token.\n');
    } else if (options.token && query.has('token')) {
      query.delete('token');
      // `//host` would lead elsewhere.
      const own = path.replace(/^\/+/, '/');
      response.setHeader('Set-Cookie', `${cookie}=${options.token}; Path=/; HttpOnly; SameSite=Lax`);
      response.setHeader('Location', query.size > 0 ? `${own}?${query}` : own);
      send(response, 302, 'text/plain', '');
    } else if (path === '/api/status') {
      send(response, 200, 'application/json', JSON.stringify({ started: new Date(startedAt).toISOString() }));
    } else {
      send(response, 200, 'text/html; charset=utf-8', page);
    }
  }

  function isAllowed(request: IncomingMessage): boolean {
    if (!options.token) return true;
    const { query } = targetOf(request.url);
    const fromCookie = request.headers.cookie
      ?.split(';')
      .map((c) => c.trim())
      .find((c) => c.startsWith(`${cookie}=`))
      ?.slice(cookie.length + 1);
    const fromHeader = /^token (.+)$/i.exec(request.headers.authorization ?? '')?.[1];
    return [query.get('token'), fromCookie, fromHeader].some(
      (t) => t != null && same(t, options.token ?? ''),
    );
  }
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function send(response: ServerResponse, code: number, type: string, text: string): void {
  response.writeHead(code, { ...HEADERS, 'Content-Type': type, 'Content-Length': Buffer.byteLength(text) });
  response.end(text);
}

/**
 * Numbers follow the time since the page's server started, so that a page which was away sees what it missed; a
 * connection that stays gets every number.
 */
function count(socket: WebSocket, startedAt: number): void {
  const now = () => Math.floor((Date.now() - startedAt) / TICK_MS) + 1;
  let sent = now() - 1;
  const tick = setInterval(() => {
    while (sent < now()) socket.send(String(++sent));
  }, TICK_MS);
  socket.on('error', () => {});
  socket.once('close', () => clearInterval(tick));
}
