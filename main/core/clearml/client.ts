import { hostname } from 'node:os';
import { AppError, type ErrorCode } from '../../../preload/contract/errors.ts';
import { systemClock } from '../clock.ts';
import type { Clock, Log } from '../ports.ts';
import type { ServerConfig } from './config.ts';
import { type Http, type HttpReply, makeHttp, NetworkError } from './http.ts';

export interface ClientOptions {
  readonly log: Log;
  /** Of this app, for the server's own logs. */
  readonly version: string;
  readonly clock?: Clock;
  /** 0 to 1, for the jitter of retries. */
  readonly random?: () => number;
  readonly timeoutMs?: number;
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined;
  /** The call changes nothing, or the same thing again: it is repeated after a failure that may pass. */
  readonly repeat?: boolean;
  readonly timeoutMs?: number;
}

/** The server answered that it will not, with the codes of its envelope. */
export class ApiError extends AppError {
  readonly endpoint: string;
  readonly result: number;
  readonly subcode: number;

  constructor(
    code: ErrorCode,
    message: string,
    details: { endpoint: string; result: number; subcode: number; hint?: string; cause?: unknown },
  ) {
    super(code, message, details);
    this.endpoint = details.endpoint;
    this.result = details.result;
    this.subcode = details.subcode;
  }
}

/** A half-open connection must not stall the poller; the SDK allows its first requests 10 s to read. */
const TIMEOUT_MS = 30_000;
/** The SDK's api.auth.token_expiration_threshold_sec, and the longer one it uses for bare tokens. */
const RENEW_BEFORE_MS = 360_000;
const RENEW_TOKEN_BEFORE_MS = 3_600_000;
const RETRIES = 2;
const RETRY_MS = 500;
/** Those that the SDK repeats, and 504. */
const PASSING_RESULTS = new Set([429, 502, 503, 504, 509]);

interface Token {
  readonly text: string;
  /** Epoch ms. */
  readonly renewAt: number;
}

/**
 * Speaks to the API of one ClearML server: one login that all calls share, the envelope, and errors for people.
 *
 * Nothing of a request or a reply is logged but the endpoint, its time and the result.
 */
export class ApiClient {
  readonly config: ServerConfig;
  /** Requests that were sent, by endpoint; logins and retries count as well. */
  readonly counts = new Map<string, number>();
  readonly #log: Log;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #timeoutMs: number;
  readonly #headers: Readonly<Record<string, string>>;
  #http: Http | undefined;
  #token: Token | undefined;
  #login: Promise<Token> | undefined;

  constructor(config: ServerConfig, options: ClientOptions) {
    this.config = config;
    this.#log = options.log;
    this.#clock = options.clock ?? systemClock;
    this.#random = options.random ?? Math.random;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.#headers = {
      'Content-Type': 'application/json',
      'X-ClearML-Client': `clearml-session-tray-${options.version}`,
      'X-ClearML-Worker': hostname(),
    };
    for (const secret of [config.accessKey, config.secretKey, config.token, basic(config)]) {
      if (secret) this.#log.hide(secret);
    }
  }

  get requests(): number {
    return [...this.counts.values()].reduce((sum, n) => sum + n, 0);
  }

  /** Keeps a secret of the server out of the log. */
  hide(secret: string): void {
    this.#log.hide(secret);
  }

  /** Calls `service.action` of the server's newest version; resolves with the `data` of the reply. */
  async call(endpoint: string, body: object, options: CallOptions = {}): Promise<unknown> {
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.#authorized(endpoint, body, options);
      } catch (error) {
        const passing =
          error instanceof NetworkError
            ? error.passing
            : error instanceof ApiError && PASSING_RESULTS.has(error.result);
        if (!options.repeat || !passing || attempt >= RETRIES) throw error;
        await this.#wait(RETRY_MS * 2 ** attempt * (0.5 + this.#random()), options.signal);
      }
    }
  }

  async #authorized(endpoint: string, body: object, options: CallOptions): Promise<unknown> {
    const token = await this.#bearer(options.signal);
    try {
      return await this.#send(endpoint, body, `Bearer ${token.text}`, options);
    } catch (error) {
      if (!(error instanceof ApiError && error.result === 401)) throw error;
      // Another call may have renewed it already.
      if (this.#token === token) this.#token = undefined;
    }
    const fresh = await this.#bearer(options.signal);
    return this.#send(endpoint, body, `Bearer ${fresh.text}`, options);
  }

  /** The token that every call carries, for the files server; `refused` names one that is no longer good. */
  async token(options: { readonly refused?: string; readonly signal?: AbortSignal } = {}): Promise<string> {
    if (options.refused !== undefined && this.#token?.text === options.refused) this.#token = undefined;
    return (await this.#bearer(options.signal)).text;
  }

  async #bearer(signal: AbortSignal | undefined): Promise<Token> {
    if (this.#token && this.#clock.now() < this.#token.renewAt) return this.#token;
    this.#login ??= this.#logIn().finally(() => {
      this.#login = undefined;
    });
    return unlessAborted(this.#login, signal);
  }

  async #logIn(): Promise<Token> {
    // What a token became is good for longer than the token that was configured.
    const own = this.config.token && (this.#token?.text ?? this.config.token);
    const authorization = own ? `Bearer ${own}` : `Basic ${basic(this.config)}`;
    const data = await this.#send('auth.login', {}, authorization, {}).catch((error: unknown) => {
      if (error instanceof ApiError && error.result === 401) this.#token = undefined;
      throw error;
    });
    const text = (data as { token?: unknown } | undefined)?.token;
    if (typeof text !== 'string' || !text) {
      throw new AppError('server', `${this.config.api} gave no token for the credentials.`);
    }
    this.#log.hide(text);
    const before = this.config.token ? RENEW_TOKEN_BEFORE_MS : RENEW_BEFORE_MS;
    const now = this.#clock.now();
    this.#token = { text, renewAt: now + usableMs(text, before, now) };
    return this.#token;
  }

  async #send(endpoint: string, body: object, authorization: string, options: CallOptions): Promise<unknown> {
    this.#http ??= makeHttp(this.config.verify);
    this.counts.set(endpoint, (this.counts.get(endpoint) ?? 0) + 1);
    const started = this.#clock.now();
    const reply = await this.#http({
      method: 'POST',
      url: `${this.config.api}/${endpoint}`,
      headers: { ...this.#headers, Authorization: authorization },
      body: JSON.stringify(body),
      timeoutMs: options.timeoutMs ?? this.#timeoutMs,
      ...(options.signal ? { signal: options.signal } : {}),
    });
    this.#log.write('debug', endpoint, { ms: this.#clock.now() - started, status: reply.status });
    return dataOf(reply, endpoint, this.config.api);
  }

  #wait(ms: number, signal: AbortSignal | undefined): Promise<void> {
    let stop = () => {};
    const waited = new Promise<void>((resolve) => {
      stop = this.#clock.after(ms, resolve);
    });
    return unlessAborted(waited, signal).finally(() => stop());
  }
}

const basic = ({ accessKey, secretKey }: ServerConfig): string =>
  accessKey ? Buffer.from(`${accessKey}:${secretKey}`).toString('base64') : '';

/** How long a token may be used; for ever when it does not say, since a 401 renews it too. */
function usableMs(token: string, before: number, now: number): number {
  try {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as {
      iat?: unknown;
      exp?: unknown;
    };
    if (typeof claims.exp !== 'number') return Number.POSITIVE_INFINITY;
    // The server's own clock on both sides: ours may be wrong.
    const issued = typeof claims.iat === 'number' ? claims.iat : now / 1000;
    const life = Math.max(0, claims.exp - issued) * 1000;
    return life - Math.min(before, life / 4);
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}

/** One caller may give up waiting for what others still want. */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return promise;
  return new Promise((resolve, reject) => {
    const cancel = () => reject(new AppError('cancelled', 'Cancelled.'));
    if (signal.aborted) cancel();
    signal.addEventListener('abort', cancel, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', cancel));
  });
}

interface Meta {
  readonly result_code: number;
  readonly result_subcode?: unknown;
  readonly result_msg?: unknown;
}

/** The `data` of an envelope; throws for an error in it, and for what is no envelope. */
function dataOf(reply: HttpReply, endpoint: string, api: string): unknown {
  const envelope = parse(reply.text);
  const meta = envelope?.meta as Meta | undefined;
  if (typeof meta?.result_code !== 'number') throw strangeReply(reply, endpoint, api);
  if (meta.result_code >= 200 && meta.result_code < 300) return envelope?.data ?? {};
  throw refusal(endpoint, meta);
}

function parse(text: string): { readonly meta?: unknown; readonly data?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function refusal(endpoint: string, meta: Meta): ApiError {
  const result = meta.result_code;
  const subcode = typeof meta.result_subcode === 'number' ? meta.result_subcode : 0;
  const said = typeof meta.result_msg === 'string' ? meta.result_msg.slice(0, 200) : '';
  const error = (code: ErrorCode, message: string, hint?: string) =>
    new ApiError(code, message, {
      endpoint,
      result,
      subcode,
      ...(hint ? { hint } : {}),
      cause: new Error(`${result}/${subcode} ${said}`),
    });
  if (result === 401) {
    return error(
      'unauthorized',
      'The ClearML server refused the credentials.',
      'In the ClearML web UI, Settings > Workspace > Create new credentials makes a new pair.',
    );
  }
  if (result === 403) {
    return error(
      'forbidden',
      'The ClearML server does not allow you to do that.',
      'Ask the administrator of the workspace.',
    );
  }
  if (result === 404) {
    return error(
      'unsupported',
      `The ClearML server does not know ${endpoint}.`,
      'It may be too old, or api_server is another address of it.',
    );
  }
  if (result === 429) return error('server', 'The ClearML server wants fewer requests.', 'Wait a little.');
  if (result === 400) {
    // The numbers are those of apierrors/errors.conf in clearml-server.
    if (subcode === 101 || subcode === 130) {
      return error(
        'not-found',
        'There is no such session on this ClearML server.',
        'It may have been deleted.',
      );
    }
    if (subcode === 701) return error('not-found', 'That queue does not exist any more.', 'Choose another.');
    if (subcode === 401 || subcode === 403) return error('not-found', 'That project does not exist.');
    if ((subcode >= 110 && subcode <= 125) || subcode === 129 || subcode === 703 || subcode === 706) {
      return error('conflict', 'The session is in another state by now.', 'Look at it again.');
    }
    return error('server', `The ClearML server did not accept ${endpoint}: ${said || `error ${subcode}`}`);
  }
  if (result === 500 && subcode === 4) return error('server', 'The ClearML server is short of disk space.');
  return error(
    'server',
    `The ClearML server failed (${result}/${subcode}).`,
    'Try again; its log has the reason.',
  );
}

/** Something answered that is not the API: say what it looks like. */
function strangeReply(reply: HttpReply, endpoint: string, api: string): ApiError {
  const { status, text, location } = reply;
  const error = (code: ErrorCode, message: string, hint: string) =>
    new ApiError(code, message, { endpoint, result: status, subcode: 0, hint });
  const apiHint = 'The API is usually at https://api.… or at port 8008.';
  if (status >= 300 && status < 400) {
    const to = location && URL.canParse(location, api) ? new URL(location, api).origin : 'another address';
    return error('invalid', `${api} leads to ${to}.`, 'Set api_server to the address of the API itself.');
  }
  if (status === 407) {
    return error('unreachable', 'The proxy wants a password.', 'Put it into HTTPS_PROXY, or use NO_PROXY.');
  }
  if (status === 401 || status === 403) {
    return error('forbidden', `Something in front of ${api} refused the request (${status}).`, apiHint);
  }
  if (status === 429 || status >= 500) {
    return error('server', `${api} is not ready (${status}).`, 'The server may be starting; try again.');
  }
  if (/sent an HTTP request to an HTTPS|plain HTTP request/i.test(text)) {
    return error('invalid', `${api} speaks https.`, 'Set api_server to the same address with https://.');
  }
  if (/^\s*<(!doctype|html)/i.test(text)) {
    return error('invalid', `${api} is a web page, perhaps the ClearML web UI, but not the API.`, apiHint);
  }
  if (text.trim() === 'OK') {
    return error('invalid', `${api} is the files server, not the API.`, apiHint);
  }
  return error('invalid', `${api} answers, but not as a ClearML API does (${status}).`, apiHint);
}
