import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * What becomes of an upload: it is passed on, read and never answered, broken off in the middle, or refused as soon as
 * it begins.
 */
export type Treatment = 'pass' | 'swallow' | 'hang-up' | { readonly status: number; readonly text: string };

/** Stands before a files server and gets in its way. */
export class UnrulyFiles {
  treat: () => Treatment = () => 'pass';
  /** What becomes of a download: all of it arrives, half of it, or other bytes of the same number. */
  give: 'all' | 'half' | 'wrong' = 'all';
  readonly #behind: string;
  readonly #stored = new Set<string>();
  readonly #server: Server;

  constructor(behind: string) {
    this.#behind = behind;
    this.#server = createServer((ask, answer) => this.#serve(ask, answer));
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Paths of the files that were stored and not deleted again. */
  get stored(): readonly string[] {
    return [...this.#stored];
  }

  async start(): Promise<this> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return this;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #serve(ask: IncomingMessage, answer: ServerResponse): void {
    const how = ask.method === 'POST' ? this.treat() : 'pass';
    if (how === 'swallow') {
      ask.resume();
      return;
    }
    if (how === 'hang-up') {
      ask.once('data', () => ask.socket.resetAndDestroy());
      return;
    }
    if (how !== 'pass') {
      answer.writeHead(how.status, { 'Content-Type': 'text/html', Connection: 'close' }).end(how.text);
      return;
    }
    this.#pass(ask, answer);
  }

  #pass(ask: IncomingMessage, answer: ServerResponse): void {
    const { host: _, ...headers } = ask.headers;
    const passed = request(`${this.#behind}${ask.url}`, { method: ask.method, headers });
    passed.on('error', () => answer.destroy());
    passed.on('response', (reply) => {
      const chunks: Buffer[] = [];
      reply.on('data', (chunk: Buffer) => chunks.push(chunk));
      reply.on('end', () => {
        const body = Buffer.concat(chunks);
        this.#remember(ask, reply.statusCode ?? 0, body);
        if (ask.method === 'GET' && this.give === 'wrong') body.fill(0);
        if (ask.method === 'GET' && this.give === 'half') {
          answer.writeHead(200, { 'Content-Length': body.length }).write(body.subarray(0, body.length / 2));
          setTimeout(() => answer.destroy(), 50);
          return;
        }
        answer
          .writeHead(reply.statusCode ?? 0, { 'Content-Type': reply.headers['content-type'] ?? '' })
          .end(body);
      });
    });
    ask.pipe(passed);
  }

  #remember({ method, url }: IncomingMessage, status: number, body: Buffer): void {
    if (status !== 200) return;
    if (method === 'POST') for (const path of JSON.parse(body.toString()) as string[]) this.#stored.add(path);
    if (method === 'DELETE') this.#stored.delete(decodeURIComponent(url ?? '').slice(1));
  }
}
