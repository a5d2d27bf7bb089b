import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { type Duplex, PassThrough } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ReceiveWindows } from '../../../../main/core/ssh/channel-window.ts';
import { type Connection, dial } from '../../../../main/core/ssh/dial.ts';
import { MAX_WINDOW, MIN_WINDOW, OPENED_WINDOW } from '../../../../main/core/ssh/flow-window.ts';
import { generateHostKey } from '../../../../main/core/ssh/keys.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { silentLog } from '../../../doubles/log.ts';

const MiB = 1 << 20;
/** Headers of packets, padding, and what is said besides. */
const OVERHEAD = MiB;

/**
 * A channel that is read at so many bytes in a ms, 60 MiB at each rate and 1 MiB after a rest, with a round trip of
 * 100 ms, and how much more the server may send ahead in the end than when it was opened.
 */
function readChannel(windows: ReceiveWindows, rates: readonly number[], rest?: { readonly ms: number }) {
  let [granted, now, bytes] = [0, 0, 0];
  const clock = vi.spyOn(performance, 'now').mockImplementation(() => now);
  windows.answeredAfter(100);
  const channel = Object.assign(new PassThrough(), {
    incoming: { window: 0, state: 'open' },
    outgoing: { id: 1, state: 'open' },
    _client: { _protocol: { channelWindowAdjust: (_id: number, more: number) => (granted += more) } },
  });
  windows.add(channel);
  const block = Buffer.alloc(16 * 1024);
  const take = (bytesAtOnce: number, rate: number): void => {
    for (let n = 0; n < bytesAtOnce / block.length; n++) {
      now += block.length / rate;
      bytes += block.length;
      channel.emit('data', block);
    }
  };
  for (const rate of rates) take(60 * MiB, rate);
  if (rest) {
    now += rest.ms;
    take(MiB, rates.at(-1) ?? 1);
  }
  clock.mockRestore();
  return { channel, more: granted - bytes };
}

describe('the window of a stream', () => {
  const [full, inOneMs] = [MAX_WINDOW - OPENED_WINDOW, MiB / 100];
  it.each([
    ['stays as it was at 1 MiB in a round trip', inOneMs, 0],
    ['becomes 6 MiB at 3 MiB in a round trip', 3 * inOneMs, 4 * MiB],
    ['is never more than 16 MiB', 20 * inOneMs, full],
    ['becomes what is read in 130 ms, at a sixth of that', inOneMs / 6, 0.22 * MiB - OPENED_WINDOW],
    ['is never less than 64 KiB', inOneMs / 100, MIN_WINDOW - OPENED_WINDOW],
  ])('%s', (_what, rate, more) => {
    expect(Math.abs(readChannel(new ReceiveWindows(), [rate]).more - more)).toBeLessThan(MiB / 2);
  });

  it('shrinks when the stream becomes slower', () => {
    expect(readChannel(new ReceiveWindows(), [20 * inOneMs, inOneMs]).more).toBeLessThan(MiB);
  });

  it('takes no rest for a slow link', () => {
    const busy = readChannel(new ReceiveWindows(), [3 * inOneMs]);
    const rested = readChannel(new ReceiveWindows(), [3 * inOneMs], { ms: 60_000 });
    expect(Math.abs(rested.more - busy.more)).toBeLessThan(MiB / 4);
  });

  it('is limited with the others of its connection, and those of closed ones are for others', () => {
    const windows = new ReceiveWindows();
    const channels = Array.from({ length: 12 }, () => readChannel(windows, [20 * inOneMs]));
    expect(channels.map(({ more }) => more)).toEqual([...Array(9).fill(full), 2 * MiB, 0, 0]);
    for (const { channel } of channels.slice(0, 2)) channel.emit('close');
    expect([0, 1, 2].map(() => readChannel(windows, [20 * inOneMs]).more)).toEqual([full, full, 0]);
  });
});

describe('what a server may send ahead of a reader', () => {
  let server: ssh2.Server;
  let connection: Connection;
  /** What the server does with each stream. */
  let serve: (channel: ssh2.ServerChannel) => void;
  beforeEach(async () => {
    server = new ssh2.Server({ hostKeys: [generateHostKey().privateKey] }, (client) => {
      client
        .on('error', () => {})
        .on('authentication', (login) => login.accept())
        .on('tcpip', (take) => serve(take().on('error', () => {})));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((resolve, reject) => {
      connection = dial({
        target: { host: '127.0.0.1', port, username: 'root', remote: {}, hostKey: { ours: true } },
        key: generateHostKey(),
        hooks: { lost: reject, up: resolve, firstUse: () => {} },
        clock: new HandClock(),
        log: silentLog,
      });
    });
  });
  afterEach(async () => {
    await connection.hangUp();
    server.close();
  });

  const flood = (channel: ssh2.ServerChannel): void => {
    const block = Buffer.alloc(256 * 1024);
    const more = () => {
      while (channel.writable && channel.write(block));
    };
    channel.on('drain', more);
    more();
  };

  /** What comes in, in bytes, until nothing comes any more; on a busy computer that begins late. */
  async function arriving(least = 0): Promise<number> {
    const from = connection.heard().bytesIn;
    const bytes = (): number => connection.heard().bytesIn - from;
    await expect.poll(bytes).toBeGreaterThanOrEqual(least);
    do await sleep(50);
    while (connection.heard().silentMs < 150);
    return bytes();
  }

  /** Reads at least so much, and stops. */
  async function read(stream: Duplex, bytes: number): Promise<void> {
    let left = bytes;
    await new Promise<void>((resolve) => {
      const take = (chunk: Buffer) => {
        left -= chunk.length;
        if (left > 0) return;
        stream.off('data', take).pause();
        resolve();
      };
      stream.on('data', take).resume();
    });
  }

  /** The round trip is the shortest of those that were seen; of a busy computer, the first ones are long. */
  async function seeNear(): Promise<void> {
    for (let n = 0; n < 50; n++) await new Promise<void>((resolve) => connection.probe(resolve));
  }

  it('is 2 MiB where nobody reads', async () => {
    serve = flood;
    await connection.openStream(80);
    const bytes = await arriving(OPENED_WINDOW - 256 * 1024);
    expect(bytes).toBeLessThan(OPENED_WINDOW + OVERHEAD);
  });

  it('is no more for a quick reader of a near machine', async () => {
    serve = flood;
    await seeNear();
    const stream = await connection.openStream(80);
    await read(stream, 40 * MiB);
    await arriving();
    // All that was granted waits here.
    expect(stream.readableLength).toBeGreaterThan(MIN_WINDOW / 2);
    expect(stream.readableLength).toBeLessThan(4 * MiB);
  });

  it('stays as it was for a slow reader', async () => {
    serve = flood;
    await seeNear();
    const stream = await connection.openStream(80);
    stream.pause();
    await arriving(OPENED_WINDOW - 256 * 1024);
    for (let n = 0; n < 30; n++) {
      stream.read(512 * 1024);
      // The server has filled it up by then.
      await sleep(20);
      expect(stream.readableLength).toBeLessThanOrEqual(OPENED_WINDOW + MiB / 2);
    }
  });

  it('keeps every byte and the end, whatever the reader’s pace', async () => {
    const data = randomBytes(24 * MiB);
    serve = (channel) => channel.end(data);
    const stream = await connection.openStream(80);
    const hash = createHash('sha256');
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      hash.update(chunk);
      const pausesAt = Math.floor(bytes / (3 * MiB));
      bytes += chunk.length;
      if (Math.floor(bytes / (3 * MiB)) === pausesAt) return;
      stream.pause();
      setTimeout(() => stream.resume(), 10);
    });
    await once(stream, 'end');
    expect(bytes).toBe(data.length);
    expect(hash.digest('hex')).toBe(createHash('sha256').update(data).digest('hex'));
  });
});
