import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcp, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { ApiClient, type ClientOptions } from '../../../main/core/clearml/client.ts';
import type { ServerConfig } from '../../../main/core/clearml/config.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import { HandClock } from '../../doubles/clock.ts';
import {
  bodyOf,
  certificate,
  deadPort,
  jwt,
  listen,
  memoryLog,
  proxy,
  reply,
  serve,
  serveTls,
} from './servers.ts';

const KEY = 'ACCESS-KEY-1';
const SECRET = 'SECRET-KEY-1';
const BASIC = `Basic ${Buffer.from(`${KEY}:${SECRET}`).toString('base64')}`;

const open: { close(): unknown }[] = [];
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const thing of open.splice(0)) await thing.close();
});
function keep<T extends { close(): unknown }>(thing: T): T {
  open.push(thing);
  return thing;
}

const configFor = (api: string, more: Partial<ServerConfig> = {}): ServerConfig => ({
  api,
  web: '',
  files: '',
  accessKey: KEY,
  secretKey: SECRET,
  verify: true,
  source: 'file',
  ...more,
});

function clientFor(api: string, more: Partial<ServerConfig> & Partial<ClientOptions> = {}) {
  const { log = memoryLog(), version = '1.2.3', clock, random, timeoutMs, ...config } = more;
  const options = {
    log,
    version,
    ...(clock ? { clock } : {}),
    ...(random ? { random } : {}),
    timeoutMs: timeoutMs ?? 5000,
  };
  return new ApiClient(configFor(api, config), options);
}

/** An API that signs everybody in; `answer` is everything but auth.login. */
async function api(answer: RequestListener, life = 2_592_000) {
  const tokens: string[] = [];
  const logins: string[] = [];
  const calls: { path: string; auth: string; body: unknown }[] = [];
  const state = { refused: '' };
  const server = keep(
    await serve(async (request, response) => {
      const path = request.url ?? '';
      const auth = request.headers.authorization ?? '';
      if (path.endsWith('auth.login')) {
        logins.push(auth);
        if (auth === state.refused) return reply(response, {}, 401, 30, 'invalid token');
        tokens.push(jwt(life));
        reply(response, { token: tokens.at(-1) });
        return;
      }
      calls.push({ path, auth, body: JSON.parse(await bodyOf(request)) });
      answer(request, response);
    }),
  );
  return Object.assign(state, { ...server, tokens, logins, calls });
}

/** Lets time pass at once, and remembers how long it would have been. */
const hurried = () => {
  const waits: number[] = [];
  return {
    waits,
    now: () => Date.now(),
    after(ms: number, run: () => void) {
      waits.push(ms);
      const timer = setImmediate(run);
      return () => clearImmediate(timer);
    },
  };
};

describe('signing in', () => {
  it('happens once for 20 calls at the same time, with Basic, and Bearer from then on', async () => {
    const server = await api((_, response) => reply(response, { user: 'ada' }));
    const client = clientFor(server.url);
    const results = await Promise.all(
      Array.from({ length: 20 }, () => client.call('users.get_current_user', { a: 1 })),
    );
    expect(results).toEqual(Array(20).fill({ user: 'ada' }));
    expect(server.logins).toEqual([BASIC]);
    expect(server.calls[0]).toEqual({
      path: '/users.get_current_user',
      auth: `Bearer ${server.tokens[0]}`,
      body: { a: 1 },
    });
    expect(Object.fromEntries(client.counts)).toEqual({ 'auth.login': 1, 'users.get_current_user': 20 });
    expect(client.requests).toBe(21);
  });

  it('says who calls, by POST, behind any path of the host', async () => {
    let seen: unknown;
    const server = await api((request, response) => {
      seen = [
        request.method,
        request.url,
        request.headers['x-clearml-client'],
        request.headers['content-type'],
      ];
      reply(response, {});
    });
    await clientFor(`${server.url}/api`).call('tasks.get_all', {});
    expect(seen).toEqual(['POST', '/api/tasks.get_all', 'clearml-session-tray-1.2.3', 'application/json']);
  });

  it('is renewed before the token expires, by the server’s idea of how long that is', async () => {
    const clock = new HandClock();
    const server = await api((_, response) => reply(response, {}), 3600);
    const client = clientFor(server.url, { clock });
    await client.call('a.b', {});
    clock.advance(3600_000 - 360_000 - 1000);
    await client.call('a.b', {});
    expect(server.logins).toHaveLength(1);
    clock.advance(1000);
    await Promise.all([client.call('a.b', {}), client.call('a.b', {})]);
    expect(server.logins).toHaveLength(2);
    expect(server.calls.at(-1)?.auth).toBe(`Bearer ${server.tokens[1]}`);
  });

  it('does not happen for each call when a token lives shorter than the usual margin', async () => {
    const clock = new HandClock();
    const server = await api((_, response) => reply(response, {}), 60);
    const client = clientFor(server.url, { clock });
    await client.call('a.b', {});
    clock.advance(44_000);
    await client.call('a.b', {});
    expect(server.logins).toHaveLength(1);
  });

  it('takes a token instead of keys', async () => {
    const server = await api((_, response) => reply(response, {}));
    await clientFor(server.url, { accessKey: '', secretKey: '', token: 'T0KEN-1' }).call('a.b', {});
    expect(server.logins).toEqual(['Bearer T0KEN-1']);
  });

  it('renews a token with what it became, since the first one may have expired, and falls back to that', async () => {
    const clock = new HandClock();
    const server = await api((_, response) => reply(response, {}), 86_400);
    const client = clientFor(server.url, { accessKey: '', secretKey: '', token: 'T0KEN-1', clock });
    await client.call('a.b', {});
    clock.advance(86_400_000 - 3_600_000);
    await client.call('a.b', {});
    expect(server.logins).toEqual(['Bearer T0KEN-1', `Bearer ${server.tokens[0]}`]);
    server.refused = `Bearer ${server.tokens[1]}`;
    clock.advance(86_400_000);
    await expect(client.call('a.b', {})).rejects.toMatchObject({ code: 'unauthorized' });
    await client.call('a.b', {});
    expect(server.logins.at(-1)).toBe('Bearer T0KEN-1');
  });

  it('happens again, once, when a token is refused; the calls are repeated', async () => {
    const server = await api((request, response) => {
      if (request.headers.authorization === `Bearer ${server.tokens[0]}`)
        reply(response, {}, 401, 30, 'invalid token');
      else reply(response, { fine: true });
    });
    const client = clientFor(server.url);
    const results = await Promise.all(Array.from({ length: 5 }, () => client.call('tasks.create', {})));
    expect(results).toEqual(Array(5).fill({ fine: true }));
    expect(server.logins).toHaveLength(2);
    expect(server.calls).toHaveLength(10);
  });

  it('is given up after a second refusal', async () => {
    const server = await api((_, response) => reply(response, {}, 401, 30, 'invalid token'));
    const client = clientFor(server.url);
    await expect(client.call('a.b', {}, { repeat: true })).rejects.toMatchObject({ code: 'unauthorized' });
    expect(Object.fromEntries(client.counts)).toEqual({ 'auth.login': 2, 'a.b': 2 });
  });

  it('with wrong credentials is refused at once', async () => {
    const server = keep(
      await serve((_, response) => reply(response, {}, 401, 22, 'unauthorized (invalid credentials)')),
    );
    const client = clientFor(server.url);
    await expect(client.call('a.b', {}, { repeat: true })).rejects.toMatchObject({
      code: 'unauthorized',
      message: 'The ClearML server refused the credentials.',
      subcode: 22,
    });
    expect(client.requests).toBe(1);
  });

  it('goes on for the others when one caller gives up', async () => {
    const logins: (() => void)[] = [];
    const server = keep(
      await serve((request, response) => {
        if (request.url === '/auth.login') logins.push(() => reply(response, { token: jwt(3600) }));
        else reply(response, { fine: true });
      }),
    );
    const client = clientFor(server.url);
    const stop = new AbortController();
    const given = client.call('a.b', {}, { signal: stop.signal });
    const other = client.call('a.b', {});
    await vi.waitFor(() => expect(logins).toHaveLength(1));
    stop.abort();
    await expect(given).rejects.toMatchObject({ code: 'cancelled' });
    for (const answer of logins) answer();
    await expect(other).resolves.toEqual({ fine: true });
    expect(client.counts.get('auth.login')).toBe(1);
  });
});

describe('a call that gets no answer', () => {
  const halfOpen = async () => {
    const sockets: Socket[] = [];
    const server = createTcp((socket) => sockets.push(socket.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    keep({ close: () => sockets.map((s) => s.destroy()) && server.close() });
    return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
  };

  it('ends after its timeout, and is not repeated', async () => {
    const client = clientFor(await halfOpen(), { timeoutMs: 100 });
    await expect(client.call('a.b', {}, { repeat: true })).rejects.toMatchObject({
      code: 'timeout',
      message: expect.stringMatching(/^127\.0\.0\.1:\d+ did not answer within 0.1 s\.$/),
    });
    expect(client.requests).toBe(1);
  });

  it('ends after its timeout also when bytes trickle in for ever', async () => {
    const server = keep(
      await serve((_, response) => {
        response.writeHead(200);
        const timer = setInterval(() => response.write(' '), 20);
        response.on('close', () => clearInterval(timer));
      }),
    );
    await expect(clientFor(server.url, { timeoutMs: 200 }).call('a.b', {})).rejects.toMatchObject({
      code: 'timeout',
    });
  });

  it('ends when it is cancelled, before and while it runs', async () => {
    const url = await halfOpen();
    await expect(clientFor(url).call('a.b', {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    const server = await api(() => {});
    const stop = new AbortController();
    const call = clientFor(server.url).call('a.b', {}, { signal: stop.signal, repeat: true });
    await vi.waitFor(() => expect(server.calls).toHaveLength(1));
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled', message: 'Cancelled.' });
  });
});

describe('a call that fails', () => {
  const failing = (...codes: number[]) => {
    let n = 0;
    return api((request, response) => {
      const code = codes[n++] ?? 200;
      if (code === 0) request.socket.destroy();
      else reply(response, { n }, code, 0, 'no');
    });
  };

  it.each([[429], [502], [503], [504], [509], [0]])(
    'with %i is repeated where that is allowed, with jitter',
    async (code) => {
      const server = await failing(code, code);
      const clock = hurried();
      const client = clientFor(server.url, { clock, random: () => 0.25 });
      await expect(client.call('a.b', {}, { repeat: true })).resolves.toEqual({ n: 3 });
      expect(clock.waits).toEqual([375, 750]);
    },
  );

  it('is given up after three times', async () => {
    const server = await failing(503, 503, 503, 503);
    await expect(
      clientFor(server.url, { clock: hurried() }).call('a.b', {}, { repeat: true }),
    ).rejects.toMatchObject({ code: 'server' });
    expect(server.calls).toHaveLength(3);
  });

  it.each([[429], [502], [503], [0]])(
    'with %i is not repeated where the caller did not allow it',
    async (code) => {
      const server = await failing(code);
      await expect(clientFor(server.url, { clock: hurried() }).call('a.b', {})).rejects.toBeInstanceOf(
        AppError,
      );
      expect(server.calls).toHaveLength(1);
    },
  );

  it.each([[400], [403], [404], [500]])('with %i is not repeated, since that will not pass', async (code) => {
    const server = await failing(code);
    await expect(
      clientFor(server.url, { clock: hurried() }).call('a.b', {}, { repeat: true }),
    ).rejects.toBeInstanceOf(AppError);
    expect(server.calls).toHaveLength(1);
  });

  it('is not repeated once it was cancelled', async () => {
    const server = await failing(503, 503);
    const clock = new HandClock();
    const stop = new AbortController();
    const call = clientFor(server.url, { clock }).call('a.b', {}, { repeat: true, signal: stop.signal });
    await vi.waitFor(() => expect(clock.pending).toBe(1));
    stop.abort();
    await expect(call).rejects.toMatchObject({ code: 'cancelled' });
    expect(clock.pending).toBe(0);
    expect(server.calls).toHaveLength(1);
  });
});

describe('what a person reads', () => {
  it.each<[number, number, string, string]>([
    [400, 101, 'not-found', 'There is no such session on this ClearML server.'],
    [400, 701, 'not-found', 'That queue does not exist any more.'],
    [400, 401, 'not-found', 'That project does not exist.'],
    [400, 110, 'conflict', 'The session is in another state by now.'],
    [400, 121, 'conflict', 'The session is in another state by now.'],
    [400, 706, 'conflict', 'The session is in another state by now.'],
    [400, 12, 'server', 'The ClearML server did not accept tasks.x: said so'],
    [401, 20, 'unauthorized', 'The ClearML server refused the credentials.'],
    [401, 30, 'unauthorized', 'The ClearML server refused the credentials.'],
    [403, 21, 'forbidden', 'The ClearML server does not allow you to do that.'],
    [404, 0, 'unsupported', 'The ClearML server does not know tasks.x.'],
    [429, 0, 'server', 'The ClearML server wants fewer requests.'],
    [500, 0, 'server', 'The ClearML server failed (500/0).'],
    [500, 4, 'server', 'The ClearML server is short of disk space.'],
  ])('for an envelope with %i/%i', async (result, subcode, code, message) => {
    const server = await api((_, response) => reply(response, {}, result, subcode, 'said so'));
    await expect(clientFor(server.url).call('tasks.x', {})).rejects.toMatchObject({
      code,
      message,
      result,
      subcode,
      endpoint: 'tasks.x',
    });
  });

  it.each<[string, number, string, Record<string, string>, string, RegExp]>([
    [
      'a web page',
      200,
      '<!DOCTYPE html><html>',
      {},
      'invalid',
      /is a web page, perhaps the ClearML web UI, but not the API\.$/,
    ],
    ['a web page that takes no POST', 405, '<html>405</html>', {}, 'invalid', /is a web page/],
    ['the files server', 200, 'OK', {}, 'invalid', /is the files server, not the API\.$/],
    ['other JSON', 200, '{"hello":1}', {}, 'invalid', /answers, but not as a ClearML API does \(200\)\.$/],
    ['JSON that is no object', 200, 'null', {}, 'invalid', /answers, but not as a ClearML API does/],
    [
      'a redirect',
      301,
      '',
      { location: 'https://elsewhere.example/login?x=1' },
      'invalid',
      /leads to https:\/\/elsewhere\.example\.$/,
    ],
    ['a redirect to nowhere', 302, '', {}, 'invalid', /leads to another address\.$/],
    [
      'a gateway without its server',
      502,
      '<html>bad gateway</html>',
      {},
      'server',
      /is not ready \(502\)\.$/,
    ],
    ['a gate', 403, 'no', {}, 'forbidden', /Something in front of .* refused the request \(403\)\.$/],
    ['a proxy with a password', 407, '', {}, 'unreachable', /^The proxy wants a password\.$/],
    [
      'https taken for http',
      400,
      'Client sent an HTTP request to an HTTPS server.',
      {},
      'invalid',
      /speaks https\.$/,
    ],
  ])('for %s', async (_, status, text, headers, code, message) => {
    const server = keep(
      await serve((_request, response) => {
        response.writeHead(status, headers);
        response.end(text);
      }),
    );
    await expect(clientFor(server.url).call('a.b', {})).rejects.toMatchObject({
      code,
      message: expect.stringMatching(message),
    });
  });

  it('for a port where nothing listens', async () => {
    const port = await deadPort();
    await expect(clientFor(`http://127.0.0.1:${port}`).call('a.b', {})).rejects.toMatchObject({
      code: 'unreachable',
      message: `Nothing answers at 127.0.0.1:${port}.`,
    });
  });

  it('for a name that does not exist', async () => {
    const call = clientFor('http://no-such-server.invalid:8008', { clock: hurried() }).call('a.b', {});
    await expect(call).rejects.toMatchObject({
      code: 'unreachable',
      message: expect.stringMatching(
        /^(There is no server named no-such-server\.invalid|The address of no-such-server\.invalid:8008 cannot be looked up)\.$/,
      ),
    });
  });

  it('for http where https is expected', async () => {
    const server = keep(await serve((_, response) => reply(response, {})));
    await expect(clientFor(server.url.replace('http', 'https')).call('a.b', {})).rejects.toMatchObject({
      code: 'unreachable',
      message: `127.0.0.1:${server.port} does not speak https.`,
    });
  });

  it('for an answer that would fill the memory, once', async () => {
    let calls = 0;
    const server = await api((_, response) => {
      calls++;
      const more = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(1_000_000, ' ')));
      };
      response.on('drain', more);
      more();
    });
    await expect(clientFor(server.url).call('a.b', {}, { repeat: true })).rejects.toMatchObject({
      code: 'server',
      message: `${new URL(server.url).host} sends more than 50 MB at once.`,
    });
    expect(calls).toBe(1);
  });

  it('for a connection that breaks', async () => {
    const server = keep(await serve((request) => request.socket.destroy()));
    await expect(clientFor(server.url).call('a.b', {})).rejects.toMatchObject({
      code: 'unreachable',
      message: `The connection to 127.0.0.1:${server.port} broke.`,
    });
  });
});

describe('certificates', () => {
  const folder = mkdtempSync(join(tmpdir(), 'clearml-ca-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const signIn: RequestListener = (request, response) =>
    reply(response, request.url === '/auth.login' ? { token: jwt(3600) } : { fine: true });

  it('of unknown authorities are refused, with advice', async () => {
    const server = keep(await serveTls(signIn, certificate()));
    await expect(clientFor(server.url).call('a.b', {})).rejects.toMatchObject({
      code: 'unreachable',
      message: `This computer does not trust the certificate of 127.0.0.1:${server.port}.`,
      hint: expect.stringContaining('verify_certificate'),
    });
  });

  it('are checked against the CA file of the configuration', async () => {
    const own = certificate();
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, own.cert);
    const server = keep(await serveTls(signIn, own));
    await expect(clientFor(server.url, { verify: { ca } }).call('a.b', {})).resolves.toEqual({ fine: true });
    const other = keep(await serveTls(signIn, certificate()));
    await expect(clientFor(other.url, { verify: { ca } }).call('a.b', {})).rejects.toMatchObject({
      code: 'unreachable',
    });
  });

  it('are not checked with verify_certificate: false', async () => {
    const server = keep(await serveTls(signIn, certificate()));
    await expect(clientFor(server.url, { verify: false }).call('a.b', {})).resolves.toEqual({ fine: true });
  });

  it('for another name are refused', async () => {
    const own = certificate([10, 9, 8, 7]);
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, own.cert);
    const server = keep(await serveTls(signIn, own));
    await expect(clientFor(server.url, { verify: { ca } }).call('a.b', {})).rejects.toMatchObject({
      message: `The certificate of 127.0.0.1:${server.port} is for another name.`,
    });
  });

  it('that lie in a missing file make calls fail with its name', async () => {
    const client = clientFor('https://127.0.0.1:1', { verify: { ca: '/nope/ca.pem' } });
    await expect(client.call('a.b', {})).rejects.toMatchObject({
      code: 'invalid',
      message: 'The certificate file /nope/ca.pem cannot be read.',
    });
  });
});

describe('the proxy of the environment', () => {
  const signIn: RequestListener = (request, response) =>
    reply(response, request.url?.endsWith('/auth.login') ? { token: jwt(3600) } : { fine: true });
  // axios never sends these through a proxy when NO_PROXY names any of the loopback.
  const noProxy = (value: string) => vi.stubEnv('no_proxy', value);

  it('is tunnelled through for https, which it cannot read', async () => {
    const through = keep(await proxy());
    const server = keep(await serveTls(signIn, certificate()));
    vi.stubEnv('https_proxy', through.url);
    noProxy('');
    await expect(clientFor(server.url, { verify: false }).call('a.b', {})).resolves.toEqual({ fine: true });
    expect(new Set(through.seen)).toEqual(new Set([`CONNECT 127.0.0.1:${server.port}`]));
  });

  it('does not weaken the check of the certificate', async () => {
    const through = keep(await proxy());
    const own = certificate();
    const folder = mkdtempSync(join(tmpdir(), 'clearml-ca-'));
    keep({ close: () => rmSync(folder, { recursive: true }) });
    const ca = join(folder, 'ca.pem');
    writeFileSync(ca, own.cert);
    vi.stubEnv('https_proxy', through.url);
    noProxy('');
    const server = keep(await serveTls(signIn, own));
    await expect(clientFor(server.url).call('a.b', {})).rejects.toMatchObject({
      message: expect.stringMatching(/does not trust/),
    });
    await expect(clientFor(server.url, { verify: { ca } }).call('a.b', {})).resolves.toEqual({ fine: true });
    const other = keep(await serveTls(signIn, certificate()));
    await expect(clientFor(other.url, { verify: { ca } }).call('a.b', {})).rejects.toMatchObject({
      message: expect.stringMatching(/does not trust/),
    });
  });

  it('is asked for http', async () => {
    const through = keep(await proxy());
    const server = keep(await serve(signIn));
    vi.stubEnv('http_proxy', through.url);
    noProxy('');
    await expect(clientFor(server.url).call('a.b', {})).resolves.toEqual({ fine: true });
    expect(through.seen).toEqual([`POST ${server.url}/auth.login`, `POST ${server.url}/a.b`]);
  });

  it('is left out for what NO_PROXY names', async () => {
    const server = keep(await serve(signIn));
    vi.stubEnv('http_proxy', `http://127.0.0.1:${await deadPort()}`);
    noProxy('example.org,127.0.0.1');
    await expect(clientFor(server.url).call('a.b', {})).resolves.toEqual({ fine: true });
  });

  it('is named when it is what does not answer', async () => {
    const dead = await deadPort();
    vi.stubEnv('https_proxy', `http://user:pass@127.0.0.1:${dead}`);
    noProxy('');
    await expect(clientFor('https://clearml.example').call('a.b', {})).rejects.toMatchObject({
      message: `Nothing answers at clearml.example (through the proxy 127.0.0.1:${dead}).`,
    });
  });

  it('that refuses the tunnel is told from the server', async () => {
    const gate = createServer().on('connect', (_, socket) => {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    vi.stubEnv('https_proxy', keep(await listen(gate)).url);
    noProxy('');
    await expect(clientFor('https://clearml.example').call('a.b', {})).rejects.toMatchObject({
      code: 'unreachable',
      message: 'The proxy wants a password.',
    });
  });

  it('that is no address is named', async () => {
    vi.stubEnv('https_proxy', 'http://[nonsense');
    noProxy('');
    await expect(clientFor('https://clearml.example').call('a.b', {})).rejects.toMatchObject({
      code: 'invalid',
      message: 'The proxy in the environment is not an address.',
    });
  });
});

describe('secrets', () => {
  it('are hidden from the log, and in no line and no error', async () => {
    const log = memoryLog();
    const server = await api((request, response) => {
      if (request.url === '/tasks.gone') request.socket.destroy();
      else if (request.url === '/tasks.bad') reply(response, {}, 400, 12, 'validation error');
      else reply(response, { password: 'PASS-1' });
    });
    const client = clientFor(server.url, { log });
    await client.call('tasks.good', { password: 'PASS-1' });
    const errors = await Promise.all(
      ['tasks.gone', 'tasks.bad'].map((name) =>
        client.call(name, { password: 'PASS-1' }).catch((e: unknown) => e),
      ),
    );
    expect([...log.hidden]).toEqual(expect.arrayContaining([KEY, SECRET, BASIC.slice(6), server.tokens[0]]));
    const told = `${log.lines.join('\n')}\n${errors.map((e) => inspect(e, { depth: 9 })).join('\n')}`;
    for (const secret of [KEY, SECRET, BASIC.slice(6), server.tokens[0], 'PASS-1'])
      expect(told).not.toContain(secret);
    expect(log.lines).toContainEqual(expect.stringMatching(/^debug tasks.good \{"ms":\d+,"status":200\}$/));
  });
});
