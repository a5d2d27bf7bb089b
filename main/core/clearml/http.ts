import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios, { type AxiosInstance } from 'axios';
import { getProxyForUrl } from 'proxy-from-env';
import { AppError, type ErrorCode } from '../../../preload/contract/errors.ts';
import type { ServerConfig } from './config.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** For the whole exchange, from the look-up of the name to the last byte. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal;
}

export interface HttpReply {
  readonly status: number;
  readonly text: string;
  /** Where a redirect leads; none is followed. */
  readonly location: string | undefined;
}

/** Whatever was answered is a reply; only silence is an error: a NetworkError, or AppError `cancelled`. */
export type Http = (request: HttpRequest) => Promise<HttpReply>;

/** Nobody answered. `passing` when the same request may well succeed in a moment. */
export class NetworkError extends AppError {
  readonly passing: boolean;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string; cause?: unknown; passing: boolean },
  ) {
    super(code, message, options);
    this.passing = options.passing;
  }
}

/** More than the longest list or task document; a wrong address must not fill the memory. */
const LARGEST_REPLY = 50_000_000;

/**
 * Requests as the configuration wants certificates checked, through the proxy of the environment (axios tunnels
 * https with CONNECT itself). Throws AppError `invalid` when the CA file cannot be read.
 *
 * Connections are not kept: one that died while the computer slept would cost the next request its whole timeout,
 * and a call that must not be repeated would fail on one that the server has just closed.
 */
export function makeHttp(verify: ServerConfig['verify']): Http {
  const client = makeAxios(verify);
  return (request) => send(client, request);
}

/** What `makeHttp` sends with; for streams of files, which do not fit into a text. */
export function makeAxios(verify: ServerConfig['verify']): AxiosInstance {
  const tls = typeof verify === 'boolean' ? { rejectUnauthorized: verify } : { ca: certificates(verify.ca) };
  return axios.create({
    httpAgent: new HttpAgent({ keepAlive: false }),
    httpsAgent: new HttpsAgent({ keepAlive: false, ...tls }),
    maxRedirects: 0,
    maxContentLength: LARGEST_REPLY,
    responseType: 'text',
    transformResponse: (text: unknown) => text,
    validateStatus: () => true,
  });
}

function certificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new AppError('invalid', `The certificate file ${file} cannot be read.`, {
      hint: 'It is named by verify_certificate in clearml.conf.',
      cause: error,
    });
  }
}

async function send(client: AxiosInstance, request: HttpRequest): Promise<HttpReply> {
  const { method, url, headers, body, timeoutMs, signal } = request;
  const stop = new AbortController();
  const cancel = () => stop.abort();
  signal?.addEventListener('abort', cancel, { once: true });
  // Own timer: the one of axios starts anew with each byte that trickles in.
  let late = false;
  const timer = setTimeout(() => {
    late = true;
    stop.abort();
  }, timeoutMs);
  try {
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    const reply = await client.request<unknown>({
      method,
      url,
      headers: { ...headers },
      data: body ?? null,
      signal: stop.signal,
    });
    return {
      status: reply.status,
      text: typeof reply.data === 'string' ? reply.data : '',
      location: typeof reply.headers.location === 'string' ? reply.headers.location : undefined,
    };
  } catch (error) {
    if (signal?.aborted) throw new AppError('cancelled', 'Cancelled.');
    if (late) {
      throw new NetworkError('timeout', `${hostOf(url)} did not answer within ${timeoutMs / 1000} s.`, {
        hint: 'Check the network and the VPN.',
        passing: false,
      });
    }
    throw networkError(error, url);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', cancel);
  }
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : url);

const TLS_TRUST =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(_LOCALLY)?)|CERT_(UNTRUSTED|CHAIN_TOO_LONG|SIGNATURE_FAILURE))$/;

/** The libraries' own words name options of Node; these name what a person can do. */
export function networkError(error: unknown, url: string): AppError {
  if (error instanceof AppError) return error;
  const { code = '', message = '' } = error as { code?: string; message?: string };
  const proxy = getProxyForUrl(url);
  const target = hostOf(url);
  const host = proxy ? `${target} (through the proxy ${hostOf(proxy)})` : target;
  // Not the error itself: an axios error holds the request with its headers.
  const cause = new Error(`${code} ${message}`.trim());
  const fault = (kind: ErrorCode, text: string, hint: string, passing = false) =>
    new NetworkError(kind, text, { hint, cause, passing });
  const unreachable = (text: string, hint: string) => fault('unreachable', text, hint, true);

  if (TLS_TRUST.test(code)) {
    return fault(
      'unreachable',
      `This computer does not trust the certificate of ${target}.`,
      'Set api.verify_certificate in clearml.conf to the file of the authority that signed it.',
    );
  }
  switch (code) {
    case 'CERT_HAS_EXPIRED':
      return fault('unreachable', `The certificate of ${target} has expired.`, 'Its operator must renew it.');
    case 'CERT_NOT_YET_VALID':
      return fault(
        'unreachable',
        `The certificate of ${target} is not valid yet.`,
        'Check the clock of this computer.',
      );
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return fault(
        'unreachable',
        `The certificate of ${target} is for another name.`,
        'Use the name that the certificate is for.',
      );
    case 'ENOTFOUND':
      return fault(
        'unreachable',
        `There is no server named ${new URL(proxy || url).hostname}.`,
        'Check the address; some names exist only inside a VPN.',
      );
    case 'EAI_AGAIN':
      return unreachable(`The address of ${host} cannot be looked up.`, 'Check the network and the VPN.');
    case 'ECONNREFUSED':
      return unreachable(`Nothing answers at ${host}.`, 'Check that the server runs, and the port.');
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return unreachable(`There is no way to ${host}.`, 'Check the network and the VPN.');
    case 'ETIMEDOUT':
      return unreachable(`${host} does not answer.`, 'Check the network and the VPN.');
    case 'ERR_INVALID_URL':
      return fault('invalid', 'The proxy in the environment is not an address.', 'Look at HTTPS_PROXY.');
    default:
      break;
  }
  if (code === 'ERR_BAD_RESPONSE' && message.startsWith('maxContentLength')) {
    return fault(
      'server',
      `${target} sends more than ${LARGEST_REPLY / 1e6} MB at once.`,
      'Check the address.',
    );
  }
  if (code === 'EPROTO' || code.startsWith('ERR_SSL')) {
    const plain = /wrong version number|packet length|http request/i.test(message);
    return fault(
      'unreachable',
      plain ? `${target} does not speak https.` : `No secure connection to ${target} could be made.`,
      plain ? 'Try the address with http:// instead.' : 'The server offers no encryption this app knows.',
    );
  }
  return unreachable(`The connection to ${host} broke.`, 'Check the network and the VPN.');
}
