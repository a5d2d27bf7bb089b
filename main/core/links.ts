import { randomBytes } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppError } from '../../preload/contract/errors.ts';
import { stateTexts } from '../../preload/contract/texts/index.ts';
import type { AllowedUrl } from './ports.ts';

const LIFE_MS = 60_000;

/**
 * Accepts what may be handed to the system's browser: http(s) on this computer or on one of the given origins.
 */
export function allowUrl(url: string, origins: readonly string[]): AllowedUrl {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const here = parsed?.protocol === 'http:' && parsed.hostname === '127.0.0.1';
  const known = parsed && /^https?:$/.test(parsed.protocol) && origins.includes(parsed.origin);
  if (!parsed || !(here || known) || parsed.username || parsed.password) {
    throw new AppError('invalid', 'That address is not one of this ClearML server.');
  }
  return parsed.href as AllowedUrl;
}

/** What a program in a session has printed: any web page, since the person has clicked on it. */
export function allowPrintedUrl(url: string): AllowedUrl {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username || parsed.password) {
    throw new AppError('invalid', 'That address is not one of a web page.');
  }
  return parsed.href as AllowedUrl;
}

/**
 * Turns an address that holds a token into one that does not, works once, and for a minute.
 *
 * An address given to the system's browser stands on a command line, where other users of the computer read it.
 */
export class OneTimeLinks {
  #server: Promise<Server> | undefined;
  readonly #targets = new Map<string, { url: string; timer: NodeJS.Timeout }>();

  async make(url: string): Promise<AllowedUrl> {
    this.#server ??= this.#listen().catch((error: unknown) => {
      // The next one may find a port.
      this.#server = undefined;
      throw error;
    });
    const { port } = (await this.#server).address() as AddressInfo;
    const name = randomBytes(24).toString('base64url');
    const timer = setTimeout(() => this.#targets.delete(name), LIFE_MS);
    timer.unref();
    this.#targets.set(name, { url, timer });
    return allowUrl(`http://127.0.0.1:${port}/open/${name}`, []);
  }

  #listen(): Promise<Server> {
    const server = createServer((request, response) => {
      const name = /^\/open\/([\w-]{32})$/.exec(request.url ?? '')?.[1] ?? '';
      const target = request.method === 'GET' ? this.#targets.get(name) : undefined;
      const headers = { 'cache-control': 'no-store', 'referrer-policy': 'no-referrer' };
      if (!target) {
        response.writeHead(404, { ...headers, 'content-type': 'text/plain; charset=utf-8' });
        response.end(`${stateTexts.linkUsed}\n`);
        return;
      }
      this.#targets.delete(name);
      clearTimeout(target.timer);
      response.writeHead(302, { ...headers, location: target.url });
      response.end();
    });
    server.unref();
    return new Promise((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, '127.0.0.1', () => resolve(server));
    });
  }

  async stop(): Promise<void> {
    for (const { timer } of this.#targets.values()) clearTimeout(timer);
    this.#targets.clear();
    const server = await this.#server;
    this.#server = undefined;
    if (!server) return;
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
