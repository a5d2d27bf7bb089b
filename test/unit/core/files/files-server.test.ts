import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ApiClient } from '../../../../main/core/clearml/client.ts';
import { FilesServer } from '../../../../main/core/files/files-server.ts';
import type { Clock } from '../../../../main/core/ports.ts';

/** A minute is over in 0.6 s. */
const quick: Clock = {
  now: () => Date.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms / 100);
    return () => clearTimeout(timer);
  },
};

let server: Server;
let folder: string;
let attempts: number;
let tokens: string[];

async function listen(serve: Parameters<typeof createServer>[1]): Promise<FilesServer> {
  server = createServer((ask, answer) => {
    if (ask.method === 'POST') attempts++;
    tokens.push(ask.headers.authorization ?? '');
    (serve as (a: typeof ask, b: typeof answer) => void)(ask, answer);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const files = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let renewed = 0;
  const client = {
    config: { files, verify: true },
    token: async ({ refused }: { refused?: string } = {}) => {
      if (refused) renewed++;
      return `token ${renewed}`;
    },
  };
  return new FilesServer(client as unknown as ApiClient, quick);
}

const upload = (files: FilesServer, size = 1_000_000) => {
  const file = join(folder, 'data.bin');
  writeFileSync(file, Buffer.alloc(size, 1));
  return files.upload({
    path: '/p/data.bin',
    file,
    size,
    contentType: 'application/octet-stream',
    begun: () => {},
    sent: () => {},
    signal: new AbortController().signal,
  });
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'files-'));
  attempts = 0;
  tokens = [];
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

it('gives up after five attempts, and says what else it may be', async () => {
  const files = await listen((ask) => ask.once('data', () => ask.socket.resetAndDestroy()));
  await expect(upload(files)).rejects.toMatchObject({
    message: expect.stringMatching(
      /^data\.bin was not uploaded: The connection to 127\.0\.0\.1:\d+ broke\.$/,
    ),
    hint: 'Check the network and the VPN. Or the server takes no files of 1.0 MB.',
  });
  expect(attempts).toBe(5);
});

it('begins again when the server takes no more data', async () => {
  const files = await listen((ask, answer) => {
    if (attempts > 1) ask.resume().on('end', () => answer.end('[]'));
    else ask.pause();
  });
  // More than any buffer on the way holds.
  await expect(upload(files, 30_000_000)).resolves.toMatch(/^[0-9a-f]{64}$/);
  expect(attempts).toBe(2);
});

it('renews a token that is no longer good', async () => {
  const files = await listen((ask, answer) => {
    ask.resume().on('end', () => {
      if (ask.headers.authorization === 'Bearer token 0') answer.writeHead(401);
      answer.end('[]');
    });
  });
  await expect(upload(files)).resolves.toMatch(/^[0-9a-f]{64}$/);
  expect(tokens).toEqual(['Bearer token 0', 'Bearer token 1']);
});

it('does not send a file again and again to a server that takes no token', async () => {
  const files = await listen((ask, answer) => {
    ask.resume().on('end', () => answer.writeHead(401).end());
  });
  await expect(upload(files)).rejects.toMatchObject({
    code: 'unauthorized',
    message: 'The files server refuses your credentials.',
  });
  expect(tokens).toEqual(['Bearer token 0', 'Bearer token 1']);
});

it.each([
  [403, 'forbidden'],
  [404, 'server'],
  [507, 'server'],
])('does not try %d again', async (status, code) => {
  const files = await listen((ask, answer) => {
    ask.resume().on('end', () => answer.writeHead(status).end('no'));
  });
  await expect(upload(files)).rejects.toMatchObject({ code });
  expect(attempts).toBe(1);
});

it('does not show its token to another server', async () => {
  const files = await listen((_ask, answer) => answer.end('content'));
  const elsewhere = files.url.replace('127.0.0.1', 'localhost');
  const { body } = await files.download(`${elsewhere}/x`, new AbortController().signal);
  for await (const chunk of body) expect(String(chunk)).toBe('content');
  expect(tokens).toEqual(['']);
});

it('takes a file as it lies there, also from a server that calls an archive an encoding', async () => {
  const archive = gzipSync('content');
  const asked: unknown[] = [];
  const files = await listen((ask, answer) => {
    asked.push(ask.headers['accept-encoding']);
    answer.writeHead(200, { 'Content-Encoding': 'gzip', 'Content-Length': archive.length }).end(archive);
  });
  const { body } = await files.download(`${files.url}/x.tar.gz`, new AbortController().signal);
  const chunks: Buffer[] = [];
  for await (const chunk of body) chunks.push(chunk);
  expect(Buffer.concat(chunks)).toEqual(archive);
  expect(asked).toEqual(['identity']);
});

it('gives up a download that stops in the middle', async () => {
  const files = await listen((_ask, answer) => {
    answer.writeHead(200, { 'Content-Length': 100 }).write('half');
  });
  const { body } = await files.download(`${files.url}/x`, new AbortController().signal);
  const read = async (): Promise<void> => {
    for await (const _ of body);
  };
  await expect(read()).rejects.toThrow(/Nothing moves any more/);
});

it('says that it cannot read another storage', async () => {
  const files = await listen(() => {});
  await expect(files.download('s3://bucket/x', new AbortController().signal)).rejects.toThrow(
    'This file lies in s3, which this app cannot read.',
  );
});
