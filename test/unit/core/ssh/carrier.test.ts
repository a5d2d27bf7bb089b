import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../../../main/core/ports.ts';
import { PlainCarrier, type StreamSource, WAIT_FOR_LINK_MS } from '../../../../main/core/ssh/carrier.ts';
import { HandClock } from '../../../doubles/clock.ts';

const listen = async (server: Server): Promise<number> => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

describe('a carrier of connections', () => {
  let clock: HandClock;
  let lines: string[];
  let carrier: PlainCarrier;
  let local: Server;
  let localPort: number;
  let remote: Server;
  let link: StreamSource;
  let opened: number[];
  /** The remote ends, in the order of their coming. */
  let remoteEnds: Socket[];

  beforeEach(async () => {
    clock = new HandClock();
    lines = [];
    const log: Log = {
      scope: () => log,
      hide: () => {},
      write: (_level, message) => void lines.push(message),
    };
    carrier = new PlainCarrier(clock, log);
    local = createServer({ allowHalfOpen: true, pauseOnConnect: true }, (socket) =>
      carrier.carry(socket, 8888),
    );
    localPort = await listen(local);
    remoteEnds = [];
    opened = [];
    remote = createServer({ allowHalfOpen: true }, (socket) => remoteEnds.push(socket));
    const remotePort = await listen(remote);
    link = {
      async openStream(port) {
        opened.push(port);
        const stream = connect({ host: '127.0.0.1', port: remotePort, allowHalfOpen: true });
        await once(stream, 'connect');
        return stream;
      },
    };
  });

  afterEach(async () => {
    await carrier.close();
    for (const socket of remoteEnds) socket.destroy();
    local.close();
    remote.close();
  });

  async function join(): Promise<{ client: Socket; server: Socket }> {
    const client = connect({ host: '127.0.0.1', port: localPort, allowHalfOpen: true });
    client.on('error', () => {});
    const server = await vi.waitFor(() => remoteEnds.at(-1) ?? Promise.reject(new Error('none yet')));
    return { client, server };
  }

  /** All that is sent until the end of that direction; a `for await` would destroy the stream after it. */
  const text = async (stream: Duplex): Promise<string> => {
    let read = '';
    stream.on('data', (chunk) => (read += chunk));
    await once(stream, 'end');
    return read;
  };
  const carried = () => vi.waitFor(() => expect(carrier.size).toBe(1));

  it('joins a connection to its port over there', async () => {
    carrier.linkUp(link);
    const { client, server } = await join();
    client.end('question');
    expect(await text(server)).toBe('question');
    server.end('answer');
    expect(await text(client)).toBe('answer');
    expect(opened).toEqual([8888]);
    await vi.waitFor(() => expect(carrier.size).toBe(0));
  });

  it('leaves one direction open when the other has ended', async () => {
    carrier.linkUp(link);
    const { client, server } = await join();
    server.end('only once');
    expect(await once(client, 'data')).toEqual([Buffer.from('only once')]);
    await once(client, 'end');
    client.end('still sent');
    expect(await text(server)).toBe('still sent');
  });

  it('pauses the one side while the other does not read', async () => {
    carrier.linkUp(link);
    const { client, server } = await join();
    server.pause();
    const chunk = Buffer.alloc(1 << 20);
    let sent = 0;
    while (client.write(chunk) && sent < 64) sent++;
    // The buffers of four sockets hold some MiB; what is beyond waits at the client.
    for (let n = 0; n < 64; n++) client.write(chunk);
    await vi.waitFor(() => expect(client.writableLength).toBeGreaterThan(32 << 20));
    server.resume();
    await once(client, 'drain');
  });

  it('does not end over there what a local program broke off, also where its bytes were not read yet', async () => {
    carrier.linkUp(link);
    const { client, server } = await join();
    server.pause().on('error', () => {});
    for (let n = 0; n < 32; n++) client.write(Buffer.alloc(1 << 20));
    await vi.waitFor(() => expect(client.writableLength).toBeGreaterThan(8 << 20));
    client.resetAndDestroy();
    // Its stream is destroyed, and not ended: over SSH that closes the channel without an end of its data.
    const ends = vi.spyOn(Socket.prototype, 'end');
    server.resume();
    await vi.waitFor(() => expect(carrier.size).toBe(0));
    expect(ends).not.toHaveBeenCalled();
    ends.mockRestore();
  });

  it('delivers all that was sent although the local program has gone', async () => {
    let read = 0;
    let goOn: () => void = () => {};
    // Like a channel of ssh2, it takes 2 MiB at once, and then waits for the far side.
    const stream = new Duplex({
      highWaterMark: 2 << 20,
      read() {},
      write(chunk: Buffer, _encoding, done) {
        goOn = () => {
          read += chunk.length;
          done();
        };
        if (read > 0) goOn();
      },
    });
    carrier.linkUp({ openStream: async () => stream });
    const client = connect({ host: '127.0.0.1', port: localPort, allowHalfOpen: true });
    stream.push(null);
    client.resume().end(Buffer.alloc(1 << 20));
    await once(client, 'close');
    await vi.waitFor(() => expect(carrier.size).toBe(0));
    expect(stream.destroyed).toBe(false);
    goOn();
    await once(stream, 'close');
    expect(read).toBe(1 << 20);
  });

  it('keeps a connection until the link is there', async () => {
    const client = connect({ host: '127.0.0.1', port: localPort, allowHalfOpen: true });
    client.end('early');
    await carried();
    clock.advance(WAIT_FOR_LINK_MS - 1);
    carrier.linkUp(link);
    const server = await vi.waitFor(() => remoteEnds[0] ?? Promise.reject(new Error('none yet')));
    expect(await text(server)).toBe('early');
    expect(clock.pending).toBe(0);
  });

  it('closes a connection that has waited 30 s, with a line in the log', async () => {
    const client = connect({ host: '127.0.0.1', port: localPort });
    await carried();
    clock.advance(WAIT_FOR_LINK_MS);
    await once(client, 'close').catch(() => {});
    expect(lines).toEqual([expect.stringContaining('did not come back in time')]);
    await vi.waitFor(() => expect(carrier.size).toBe(0));
  });

  it('resets connections when their link goes, so that half an answer does not pass for a whole', async () => {
    carrier.linkUp(link);
    const { client, server } = await join();
    server.write('half');
    await once(client, 'data');
    const failed = once(client, 'close');
    carrier.linkDown();
    expect(await failed.catch((error) => error)).toMatchObject({ code: 'ECONNRESET' });
    expect(await text(server)).toBe('');
  });

  it('lets connections wait that were opened after the link went', async () => {
    carrier.linkUp(link);
    carrier.linkDown();
    connect({ host: '127.0.0.1', port: localPort });
    await carried();
    carrier.linkDown();
    expect(carrier.size).toBe(1);
    expect(clock.pending).toBe(1);
  });

  it('closes a connection whose port over there refuses, and the link stays', async () => {
    carrier.linkUp({ openStream: () => Promise.reject(new Error('Connection refused')) });
    const client = connect({ host: '127.0.0.1', port: localPort });
    await once(client, 'close').catch(() => {});
    expect(lines).toEqual([expect.stringContaining('did not take it')]);
    carrier.linkUp(link);
    await join();
  });

  it('gives back a stream that comes after its connection has gone', async () => {
    let give: (stream: Duplex) => void = () => {};
    carrier.linkUp({ openStream: () => new Promise((resolve) => (give = resolve)) });
    const client = connect({ host: '127.0.0.1', port: localPort });
    await carried();
    carrier.linkDown();
    await once(client, 'close').catch(() => {});
    const stream = await link.openStream(8888);
    give(stream);
    await once(stream, 'close');
  });

  it('destroys all when it is closed', async () => {
    carrier.linkUp(link);
    const { client } = await join();
    await carrier.close();
    expect(await text(client)).toBe('');
    await vi.waitFor(() => expect(carrier.size).toBe(0));
  });
});
