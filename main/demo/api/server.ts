import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Listener, serveHttp } from '../listener.ts';
import { authenticate, type Credentials, issueToken, TOKEN_COOKIE } from './auth.ts';
import { findEndpoint } from './endpoints.ts';
import { Fault } from './fault.ts';
import { type Fields, type Model, newId } from './model.ts';
import { integer } from './read.ts';
import { type Address, MAX_BODY_BYTES, parseAddress, parseBody, withQuery } from './request.ts';
import { SERVER } from './users.ts';

/** How the API may be told to misbehave, for tests and for looking at the app's reactions. */
export interface ApiTrouble {
  /** Each answer is this late, in milliseconds. */
  delayMs: number;
  /** Every call is answered with this HTTP status. */
  status: 0 | 401 | 403 | 429 | 500 | 503;
  /** Answers this many calls with `status`, then works again; Infinity means until told otherwise. */
  times: number;
}

export const noTrouble = (): ApiTrouble => ({ delayMs: 0, status: 0, times: Number.POSITIVE_INFINITY });

export interface ApiOptions {
  readonly model: Model;
  readonly credentials: Credentials;
  readonly port: number;
  readonly trouble: ApiTrouble;
  /** Told about each call: endpoint, code and subcode. */
  readonly called?: (endpoint: string, code: number, subcode: number) => void;
}

/** ClearML's API over HTTP: any method, bodies on GET too, the envelope of the real server on every answer. */
export function serveApi(options: ApiOptions): Promise<Listener> {
  return serveHttp((request, response) => {
    void answer(options, request, response);
  }, options.port);
}

interface Reply {
  readonly code: number;
  readonly subcode: number;
  readonly message: string;
  readonly data: Fields;
  readonly errorData: Readonly<Fields>;
}

async function answer(
  options: ApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  let address: Address | undefined;
  let reply: Reply;
  try {
    const raw = await readBody(request);
    address = parseAddress(request.url ?? '/');
    await makeTrouble(options.trouble);
    const data = run(options, request, response, address, raw);
    reply = { code: 200, subcode: 0, message: 'OK', data, errorData: {} };
  } catch (error) {
    reply = refusal(error);
  }
  options.called?.(address?.endpoint ?? request.url ?? '', reply.code, reply.subcode);
  if (response.destroyed) return;
  const text = JSON.stringify({ meta: meta(address, request, reply), data: reply.data });
  response.writeHead(reply.code, {
    'Content-Type': 'application/json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
  });
  response.end(text);
}

function run(
  options: ApiOptions,
  request: IncomingMessage,
  response: ServerResponse,
  address: Address,
  raw: string,
): Fields {
  const { model, credentials } = options;
  if (request.headers['content-encoding']) throw new Fault(415, 0, 'Content-Encoding is not supported');
  const { body, batch } = parseBody(raw, request.headers['content-type']);
  const merged = withQuery(body, address.query);
  if (address.endpoint === 'auth.login') {
    const user = authenticate(credentials, model, request.headers);
    const token = issueToken(credentials, model, user, integer(merged, 'expiration_sec'));
    response.setHeader('Set-Cookie', `${TOKEN_COOKIE}=${token}; Path=/; HttpOnly; SameSite=Lax`);
    return { token };
  }
  const endpoint = findEndpoint(address.endpoint, address.version);
  const user = authenticate(credentials, model, request.headers);
  return endpoint({
    model,
    user,
    body: merged,
    ...(batch ? { batch } : {}),
    ip: peerAddress(request),
    client: clientName(request),
  });
}

/** The worker's name as the SDK and the agent send it. */
function clientName(request: IncomingMessage): string {
  return String(request.headers['x-clearml-worker'] ?? request.headers['x-trains-worker'] ?? '');
}

function peerAddress(request: IncomingMessage): string {
  const forwarded = request.headers['x-forwarded-for'] ?? request.headers['x-real-ip'];
  const first = String(forwarded ?? '')
    .split(',')[0]
    ?.trim();
  return first || (request.socket.remoteAddress ?? '127.0.0.1').replace(/^::ffff:/, '');
}

function refusal(error: unknown): Reply {
  const fault = error instanceof Fault ? error : new Fault(500, 0, `General error: ${String(error)}`);
  return {
    code: fault.code,
    subcode: fault.subcode,
    message: fault.message,
    data: {},
    errorData: fault.data,
  };
}

/** Before 2.1 versions were numbers. */
const versionOut = (version: string): string | number => (Number(version) < 2.1 ? Number(version) : version);

function meta(address: Address | undefined, request: IncomingMessage, reply: Reply): Fields {
  const requested = address?.version ?? SERVER.api_version;
  const trx = request.headers['x-clearml-trx'] ?? request.headers['x-trains-trx'];
  const id = newId();
  return {
    id,
    trx: typeof trx === 'string' && trx !== '' ? trx : id,
    endpoint: {
      name: address?.endpoint ?? '',
      requested_version: versionOut(requested),
      actual_version: versionOut('2.9'),
    },
    result_code: reply.code,
    result_subcode: reply.subcode,
    result_msg: reply.message,
    error_stack: null,
    error_data: reply.errorData,
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new Fault(413, 0, 'Request is too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function makeTrouble(trouble: ApiTrouble): Promise<void> {
  if (trouble.delayMs > 0) await new Promise((resolve) => setTimeout(resolve, trouble.delayMs).unref());
  if (trouble.status === 0 || trouble.times <= 0) return;
  trouble.times--;
  throw new Fault(trouble.status, trouble.status === 401 ? 22 : 0, 'The demo was told to misbehave');
}
