import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { Bridge, PROTOCOL, WRONG_SECRET } from '../../main/browser/bridge.ts';
import type { Reply } from '../../preload/contract/wire.ts';
import { silentLog } from '../doubles/log.ts';
import { testCall, transportCases } from './cases.ts';

const SECRET = 'the-secret-of-this-run';
const pages = mkdtempSync(join(tmpdir(), 'pages-'));
writeFileSync(join(pages, 'index.html'), '<!doctype html><title>x</title>');
afterAll(() => rmSync(pages, { recursive: true }));

async function startBridge(call = testCall(silentLog)): Promise<Bridge> {
  const bridge = new Bridge({ port: 0, pages, secret: SECRET, call, greet: () => {}, log: silentLog });
  await bridge.listen();
  return bridge;
}

function openSocket(
  bridge: Bridge,
  different: { origin?: string; host?: string; secret?: string; path?: string } = {},
) {
  const url = bridge.origin.replace('http', 'ws') + (different.path ?? '/wire');
  return new WebSocket(url, [PROTOCOL, different.secret ?? SECRET], {
    origin: different.origin ?? bridge.origin,
    ...(different.host ? { headers: { host: different.host } } : {}),
  });
}

transportCases('the WebSocket of browser mode', async (call) => {
  const bridge = await startBridge(call);
  const socket = openSocket(bridge);
  await once(socket, 'open');
  let last = 0;
  const onFrame = (
    hear: (frame: { id?: number; reply?: Reply; event?: string; payload?: unknown }) => void,
  ) => {
    const pass = (data: unknown): void => hear(JSON.parse(String(data)));
    socket.on('message', pass);
    return () => void socket.off('message', pass);
  };
  return {
    wire: {
      views: 'page',
      invoke: (name, arg) =>
        new Promise((resolve) => {
          const id = ++last;
          const stop = onFrame((frame) => {
            if (frame.id !== id || !frame.reply) return;
            stop();
            resolve(frame.reply);
          });
          socket.send(JSON.stringify({ id, name, arg }));
        }),
      listen: (hear) => onFrame((frame) => frame.event && hear(frame.event, frame.payload)),
    },
    tell: (name, payload) => bridge.tell(name, payload),
    close: () => bridge.stop(),
  };
});

describe('the door of browser mode', () => {
  let bridge: Bridge;
  beforeEach(async () => {
    bridge = await startBridge();
  });
  afterEach(() => bridge.stop());

  it.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['a rebound name, where origin equals host', { origin: 'http://evil.example', host: 'evil.example' }],
    ['no origin of a page', { origin: 'null' }],
    ['another path', { path: '/other' }],
  ])('refuses a socket of %s', async (_, different) => {
    const [error] = await once(openSocket(bridge, different), 'error');
    expect(String(error)).toContain('403');
  });

  it.each(['', 'wrong', `${SECRET}x`])('closes a socket with the secret "%s"', async (secret) => {
    const socket = openSocket(bridge, { secret: secret || 'none' });
    const [code] = await once(socket, 'close');
    expect(code).toBe(WRONG_SECRET);
  });

  it.each(['not json', '[]', 'null', '{"name":"state.get"}'])(
    'closes a socket that sends %s',
    async (text) => {
      const socket = openSocket(bridge);
      await once(socket, 'open');
      socket.send(text);
      const [code] = await once(socket, 'close');
      expect(code).toBe(1003);
    },
  );

  const get = (
    path: string,
    host?: string,
  ): Promise<{ status: number; headers: NodeJS.Dict<string | string[]> }> =>
    new Promise((resolve, reject) => {
      const url = new URL(bridge.origin);
      request({ port: url.port, host: '127.0.0.1', path, headers: host ? { host } : {} }, (response) => {
        response.resume();
        resolve({ status: response.statusCode ?? 0, headers: response.headers });
      })
        .on('error', reject)
        .end();
    });

  it('serves the page with a policy that leaves it nothing but its own wire', async () => {
    const { status, headers } = await get('/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['access-control-allow-origin']).toBeUndefined();
  });

  it.each([
    ['a rebound host name', '/', 'evil.example', 421],
    ['the name localhost', '/', 'localhost', 421],
    ['a path out of the folder', '/../package.json', undefined, 404],
    ['an encoded path out of the folder', '/%2e%2e/package.json', undefined, 404],
    ['a file that is not there', '/nothing.js', undefined, 404],
  ])('refuses %s', async (_, path, host, status) => {
    expect((await get(path, host)).status).toBe(status);
  });
});
