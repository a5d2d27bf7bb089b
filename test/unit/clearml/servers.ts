import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import {
  createServer as createHttp,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttps } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Log } from '../../../main/core/ports.ts';

export interface Running {
  readonly url: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Listens on a free port of 127.0.0.1; closing drops what is still open. */
export async function listen(server: Server, scheme: 'http' | 'https' = 'http'): Promise<Running> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => {}).on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${scheme}://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}

export const serve = (handler: RequestListener) => listen(createHttp(handler));
export const serveTls = (handler: RequestListener, options: Certificate) =>
  listen(createHttps(options, handler), 'https');

/** A port of 127.0.0.1 at which nothing answers. */
export async function deadPort(): Promise<number> {
  const server = await serve(() => {});
  await server.close();
  return server.port;
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += chunk;
  return text;
}

export function reply(
  response: ServerResponse,
  data: unknown,
  code = 200,
  subcode = 0,
  message = 'OK',
): void {
  const meta = {
    id: randomBytes(16).toString('hex'),
    result_code: code,
    result_subcode: subcode,
    result_msg: message,
  };
  response.writeHead(code, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ meta, data: code === 200 ? data : {} }));
}

/** A token as the server makes them; `life` in seconds. */
export function jwt(life: number, issued = Math.floor(Date.now() / 1000)): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const claims = {
    iat: issued,
    exp: issued + life,
    api_version: '2.30',
    nonce: randomBytes(6).toString('hex'),
  };
  return `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}.${randomBytes(16).toString('base64url')}`;
}

/** A forward proxy: CONNECT for https, whole addresses for http. */
export async function proxy(): Promise<Running & { readonly seen: string[] }> {
  const seen: string[] = [];
  const server = createHttp(async (request, response) => {
    seen.push(`${request.method} ${request.url}`);
    const body = await bodyOf(request);
    const answer = await fetch(request.url ?? '', {
      method: request.method ?? 'GET',
      headers: { authorization: request.headers.authorization ?? '' },
      ...(body ? { body } : {}),
    });
    response.writeHead(answer.status);
    response.end(await answer.text());
  });
  server.on('connect', (request, socket: Socket, head) => {
    seen.push(`CONNECT ${request.url}`);
    const [host, port] = (request.url ?? '').split(':');
    const out = connect(Number(port), host);
    out.on('connect', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      out.write(head);
      out.pipe(socket).pipe(out);
    });
    out.on('error', () => socket.destroy());
    socket.on('error', () => out.destroy());
  });
  return { ...(await listen(server)), seen };
}

export interface Certificate {
  readonly key: string;
  readonly cert: string;
}

/** A self-signed certificate for 127.0.0.1, so that no key needs to lie in the repository. */
export function certificate(ip = [127, 0, 0, 1]): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    const size =
      body.length < 128
        ? [body.length]
        : body.length < 256
          ? [0x81, body.length]
          : [0x82, body.length >> 8, body.length & 255];
    return Buffer.concat([Buffer.from([tag, ...size]), body]);
  };
  const hex = (text: string) => Buffer.from(text, 'hex');
  const oid = (text: string) => der(6, hex(text));
  const name = der(0x30, der(0x31, der(0x30, oid('550403'), der(0x0c, Buffer.from('test')))));
  const day = (offset: number) => {
    const time = new Date(Date.now() + offset * 86_400_000).toISOString();
    return der(0x17, Buffer.from(`${time.replace(/[-:T]|\.\d+/g, '').slice(2)}`));
  };
  const ecdsa = der(0x30, oid('2a8648ce3d040302'));
  const extension = (id: string, value: Buffer) => der(0x30, oid(id), der(4, value));
  const body = der(
    0x30,
    der(0xa0, der(2, hex('02'))),
    der(2, Buffer.concat([hex('01'), randomBytes(8)])),
    ecdsa,
    name,
    der(0x30, day(-1), day(1)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      der(
        0x30,
        extension('551d13', der(0x30, der(1, hex('ff')))),
        extension('551d11', der(0x30, der(0x87, Buffer.from(ip)))),
      ),
    ),
  );
  const signature = sign('sha256', body, privateKey);
  const whole = der(0x30, body, ecdsa, der(3, hex('00'), signature));
  const lines = whole.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
  };
}

/** Keeps everything that was logged, and what it was told to hide. */
export function memoryLog(): Log & { readonly lines: string[]; readonly hidden: Set<string> } {
  const lines: string[] = [];
  const hidden = new Set<string>();
  const log: Log & { lines: string[]; hidden: Set<string> } = {
    lines,
    hidden,
    scope: () => log,
    hide: (secret) => hidden.add(secret),
    write: (level, message, fields) => lines.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`),
  };
  return log;
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
