import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { type DelayLineOptions, startDelayLine } from '../../doubles/delay-line.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A line to a server that treats each connection as told. */
async function lineTo(serve: (socket: Socket) => void, options: Omit<DelayLineOptions, 'to'>) {
  const server: Server = createServer({ allowHalfOpen: true, noDelay: true }, (socket) => {
    cleanups.push(() => socket.destroy());
    serve(socket.on('error', () => {}));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  cleanups.push(() => server.close());
  const line = await startDelayLine({ to: (server.address() as AddressInfo).port, ...options });
  cleanups.push(() => line.close());
  return line;
}

async function dial(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
  cleanups.push(() => socket.destroy());
  await once(
    socket.on('error', () => {}),
    'connect',
  );
  return socket;
}

const echo = (socket: Socket) => void socket.pipe(socket);

/** ms that something takes where the computer has time for it: of some tries, as long as none was quick enough. */
async function quickest(enoughMs: number, something: () => Promise<unknown>): Promise<number> {
  let quickest = Number.POSITIVE_INFINITY;
  for (let tries = 0; tries < 50 && quickest >= enoughMs; tries++) {
    const startedAt = performance.now();
    await something();
    quickest = Math.min(quickest, performance.now() - startedAt);
  }
  return quickest;
}

/** More than is under way at most, with the buffers of sockets. */
const MUCH = 100_000_000;

const digest = (data: Buffer) => createHash('sha256').update(data).digest('hex');

async function readAll(socket: Socket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'end');
  return Buffer.concat(chunks);
}

describe('a delay line', () => {
  it('takes two round trips to a greeting', async () => {
    const line = await lineTo((socket) => socket.write('welcome'), { delayMs: 50 });
    const ms = await quickest(250, async () => once(await dial(line.port), 'data'));
    expect(ms).toBeGreaterThan(195);
    expect(ms).toBeLessThan(250);
  });

  it('takes one round trip to an answer', async () => {
    const line = await lineTo(echo, { delayMs: 50 });
    const socket = await dial(line.port);
    socket.write('x');
    await once(socket, 'data');
    const ms = await quickest(150, async () => {
      socket.write('y');
      await once(socket, 'data');
    });
    expect(ms).toBeGreaterThan(95);
    expect(ms).toBeLessThan(150);
  });

  it('takes two round trips to the answer to what is said first', async () => {
    const line = await lineTo(echo, { delayMs: 50 });
    const ms = await quickest(250, async () => {
      const socket = await dial(line.port);
      socket.write('x');
      await once(socket, 'data');
    });
    expect(ms).toBeGreaterThan(195);
    expect(ms).toBeLessThan(250);
  });

  it('keeps bytes, their order and the end of a direction', async () => {
    const data = randomBytes(8 << 20);
    const line = await lineTo(
      (socket) => {
        void readAll(socket).then((all) => socket.end(digest(all)));
      },
      { delayMs: 5 },
    );
    const socket = await dial(line.port);
    socket.end(data);
    expect(String(await readAll(socket))).toBe(digest(data));
  });

  it('carries no more than its rate, for all connections together', async () => {
    const line = await lineTo((socket) => socket.end(Buffer.alloc(500_000)), { bytesPerSecond: 2_000_000 });
    const ms = await quickest(700, async () => {
      const sockets = await Promise.all([dial(line.port), dial(line.port)]);
      await Promise.all(sockets.map(readAll));
    });
    expect(ms).toBeGreaterThan(480);
    expect(ms).toBeLessThan(700);
  });

  it('does not read ahead of a reader that does not read', async () => {
    let written = 0;
    const line = await lineTo(
      (socket) => {
        const block = Buffer.alloc(1 << 20);
        const more = () => {
          while (socket.write(block)) written += block.length;
          written += block.length;
        };
        more();
        socket.on('drain', more);
      },
      { bytesPerSecond: 200_000_000 },
    );
    const socket = await dial(line.port);
    socket.pause();
    let before = -1;
    while (written > before && written < MUCH) {
      before = written;
      await sleep(200);
    }
    expect(written).toBeLessThan(MUCH);
  });

  it('is a black hole for as long as it is told to, and loses nothing of what was sent', async () => {
    const line = await lineTo(echo, { delayMs: 1 });
    const socket = await dial(line.port);
    socket.write('a');
    await once(socket, 'data');
    line.blackHole(true);
    socket.write('b');
    let early = '';
    const note = (data: Buffer) => (early += data);
    socket.on('data', note);
    // A connection that is made meanwhile gets nothing either.
    const second = await dial(line.port);
    second.write('c');
    second.on('data', note);
    await sleep(150);
    expect(early).toBe('');
    line.blackHole(false);
    await Promise.all([once(socket, 'data'), once(second, 'data')]);
    expect([...early].sort().join('')).toBe('bc');
  });

  it('passes on a reset as one', async () => {
    const line = await lineTo((socket) => socket.once('data', () => socket.resetAndDestroy()), {
      delayMs: 1,
    });
    const socket = await dial(line.port);
    socket.write('x');
    await expect(once(socket, 'end')).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});
