import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { EventName } from '../../preload/contract/api.ts';
import type { Reply } from '../../preload/contract/wire.ts';
import { pageHeaders, readPage } from '../core/pages.ts';
import type { Log } from '../core/ports.ts';

/** The first WebSocket protocol; the second one is the secret. */
export const PROTOCOL = 'clearml-session-tray';
/** Close code for a page whose secret is missing or of an earlier run. */
export const WRONG_SECRET = 4401;

export interface BridgeOptions {
  /** 0 takes any free one. */
  readonly port: number;
  /** The built renderer. */
  readonly pages: string;
  readonly secret: string;
  readonly call: (name: unknown, arg: unknown) => Promise<Reply>;
  /** What a page that has just connected must hear to be complete. */
  readonly greet: (tell: (name: EventName, payload: unknown) => void) => void;
  readonly log: Log;
}

/**
 * Serves the pages and one WebSocket to browsers on this computer.
 *
 * `Host` must be our own 127.0.0.1:port, since DNS rebinding sends the attacker's name; `Origin` must be ours; and
 * the secret comes as a WebSocket protocol, since cookies ignore ports and queries are logged.
 */
export class Bridge {
  readonly #options: BridgeOptions;
  readonly #http: Server;
  readonly #sockets = new WebSocketServer({
    noServer: true,
    // An init script and packages of a megabyte each, of letters that take four bytes in JSON.
    maxPayload: 8 << 20,
    handleProtocols: () => PROTOCOL,
  });
  /** Connected pages; the one that was used last is the last one. */
  readonly #pages = new Set<WebSocket>();
  #origin = '';

  constructor(options: BridgeOptions) {
    this.#options = options;
    this.#http = createServer((request, response) => {
      this.#serve(request, response).catch((error: unknown) => {
        options.log.write('error', 'A page could not be served', { error });
        response.destroy();
      });
    });
    this.#http.on('upgrade', (request, socket, head) => this.#upgrade(request, socket, head));
  }

  /** `http://127.0.0.1:port`, once listening. */
  get origin(): string {
    return this.#origin;
  }

  get hasPages(): boolean {
    return this.#pages.size > 0;
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#http.once('error', reject);
      this.#http.listen(this.#options.port, '127.0.0.1', resolve);
    });
    this.#origin = `http://127.0.0.1:${(this.#http.address() as AddressInfo).port}`;
  }

  /** Tells every page. */
  tell(name: EventName, payload: unknown): void {
    const text = JSON.stringify({ event: name, payload });
    for (const page of this.#pages) page.send(text);
  }

  /** Tells the page that the person used last; false when there is none. */
  tellOne(name: EventName, payload: unknown): boolean {
    const page = [...this.#pages].at(-1);
    page?.send(JSON.stringify({ event: name, payload }));
    return page !== undefined;
  }

  async stop(): Promise<void> {
    for (const page of this.#pages) page.terminate();
    this.#sockets.close();
    this.#http.closeAllConnections();
    await new Promise((resolve) => this.#http.close(resolve));
  }

  #isOurs(request: IncomingMessage): boolean {
    return `http://${request.headers.host}` === this.#origin;
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = {
      ...pageHeaders(`'self' ${this.#origin.replace('http', 'ws')}`),
      'referrer-policy': 'no-referrer',
      'cross-origin-opener-policy': 'same-origin',
      'cross-origin-resource-policy': 'same-origin',
    };
    const refuse = (status: number): void => {
      response.writeHead(status, { ...headers, 'content-type': 'text/plain; charset=utf-8' });
      response.end(`${status}\n`);
    };
    if (!this.#isOurs(request)) return refuse(421);
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405);
    const page = await readPage(this.#options.pages, request.url ?? '/');
    if (!page) return refuse(404);
    response.writeHead(200, { ...headers, 'content-type': page.type, 'content-length': page.body.length });
    response.end(request.method === 'HEAD' ? undefined : page.body);
  }

  #upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on('error', () => socket.destroy());
    if (!this.#isOurs(request) || request.headers.origin !== this.#origin || request.url !== '/wire') {
      socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
      return;
    }
    const [protocol, secret = ''] = (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
    this.#sockets.handleUpgrade(request, socket, head, (page) => {
      page.on('error', (error) =>
        this.#options.log.write('warn', 'A page sent something unreadable', { error }),
      );
      // Browsers hide the status of a refused upgrade from the page, so it is accepted and closed with a code.
      if (protocol !== PROTOCOL || !sameSecret(secret, this.#options.secret)) {
        page.close(WRONG_SECRET, 'wrong secret');
        return;
      }
      this.#adopt(page);
    });
  }

  #adopt(page: WebSocket): void {
    this.#pages.add(page);
    page.on('close', () => this.#pages.delete(page));
    page.on('message', (data) => {
      this.#pages.delete(page);
      this.#pages.add(page);
      this.#answer(page, String(data)).catch((error: unknown) => {
        this.#options.log.write('error', 'A call could not be answered', { error });
      });
    });
    this.#options.greet((name, payload) => page.send(JSON.stringify({ event: name, payload })));
  }

  async #answer(page: WebSocket, text: string): Promise<void> {
    let frame: { id?: unknown; name?: unknown; arg?: unknown } | null;
    try {
      frame = JSON.parse(text) as typeof frame;
    } catch {
      frame = null;
    }
    if (typeof frame !== 'object' || frame === null || typeof frame.id !== 'number') {
      page.close(1003, 'not a call');
      return;
    }
    const reply = await this.#options.call(frame.name, frame.arg);
    if (page.readyState === page.OPEN) page.send(JSON.stringify({ id: frame.id, reply }));
  }
}

function sameSecret(given: string, secret: string): boolean {
  const a = Buffer.from(given);
  const b = Buffer.from(secret);
  return a.length === b.length && timingSafeEqual(a, b);
}
