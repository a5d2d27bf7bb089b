import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** What happens to one request. `done-…`: the server does it, and its answer is lost or replaced. */
export type Treatment =
  | 'pass'
  | 'late'
  | 'hang'
  | 'reset'
  | 'done-reset'
  | 'html'
  | 'garbage'
  | 'half'
  | 'empty'
  | 'no-data'
  | '500'
  | '502'
  | '503'
  | '401'
  | '403';

const LATE_MS = 400;
const envelope = (code: number, subcode: number): string =>
  JSON.stringify({ meta: { result_code: code, result_subcode: subcode, result_msg: 'No.' }, data: {} });

/** Stands between the app and a ClearML server, and treats requests as it is told. */
export class UnrulyApi {
  /** Decides for each request; `pass` unless a test says otherwise. */
  treat: (endpoint: string) => Treatment = () => 'pass';
  /** Endpoints in the order in which they were asked for, with their time. */
  readonly asked: { readonly endpoint: string; readonly at: number }[] = [];
  readonly #api: string;
  readonly #server: Server;

  constructor(api: string) {
    this.#api = api;
    this.#server = createServer((incoming, response) => {
      incoming.on('error', () => {});
      response.on('error', () => {});
      void this.#answer(incoming, response);
    });
  }

  async start(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return this;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  count(endpoint?: string): number {
    return this.asked.filter((a) => endpoint === undefined || a.endpoint === endpoint).length;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const endpoint = /([\w.]+)\/?(?:\?.*)?$/.exec(incoming.url ?? '')?.[1] ?? '';
    this.asked.push({ endpoint, at: Date.now() });
    const body = await buffer(incoming);
    const treatment = this.treat(endpoint);
    const say = (status: number, type: string, text: string): void => {
      response.writeHead(status, { 'content-type': type });
      response.end(text);
    };
    switch (treatment) {
      case 'hang':
        return;
      case 'reset':
        return void response.destroy();
      case 'html':
        return say(200, 'text/html', '<!doctype html><title>Sign in to the hotel</title>');
      case 'garbage':
        return say(200, 'application/json', '\u0000\u0001{{{');
      case 'empty':
        return say(200, 'application/json', '');
      case 'no-data':
        return say(200, 'application/json', envelope(200, 0));
      case '500':
        return say(500, 'application/json', envelope(500, 0));
      case '502':
      case '503':
        return say(Number(treatment), 'text/html', '<html>Bad gateway</html>');
      case '401':
        return say(401, 'application/json', envelope(401, 22));
      case '403':
        return say(403, 'application/json', envelope(403, 21));
      case 'late':
        await new Promise((resolve) => setTimeout(resolve, LATE_MS));
        break;
      default:
        break;
    }
    const headers = { ...incoming.headers, connection: 'close' };
    const onward = request(`${this.#api}${incoming.url}`, { method: incoming.method ?? 'POST', headers });
    onward.on('error', () => response.destroy());
    onward.end(body);
    const [reply] = (await once(onward, 'response').catch(() => [])) as [IncomingMessage?];
    if (!reply) return;
    const text = await buffer(reply);
    if (treatment === 'done-reset') return void response.destroy();
    response.writeHead(reply.statusCode ?? 500, {
      'content-type': 'application/json',
      'content-length': text.length,
    });
    if (treatment !== 'half') return void response.end(text);
    response.write(text.subarray(0, text.length / 2));
    setTimeout(() => response.destroy(), 20);
  }
}
