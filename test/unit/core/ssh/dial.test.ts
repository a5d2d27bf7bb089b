import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import ssh2 from 'ssh2';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { type Connection, type DialFailure, dial } from '../../../../main/core/ssh/dial.ts';
import { generateHostKey } from '../../../../main/core/ssh/keys.ts';
import { HandClock } from '../../../doubles/clock.ts';
import { silentLog } from '../../../doubles/log.ts';

const key = generateHostKey();

describe('a dial', () => {
  let clock: HandClock;
  let server: Server;
  let sockets: Socket[];
  let port: number;
  let failures: DialFailure[];
  beforeEach(async () => {
    clock = new HandClock();
    failures = [];
    sockets = [];
    server = createServer((socket) => sockets.push(socket.on('error', () => {})));
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    port = (server.address() as AddressInfo).port;
  });
  afterEach(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });

  /** Resolves with the failure, once it is told. */
  function start(at = port): { connection: Connection; failed: Promise<DialFailure> } {
    let connection: Connection | undefined;
    const failed = new Promise<DialFailure>((resolve) => {
      const lost = (failure: DialFailure) => {
        failures.push(failure);
        resolve(failure);
      };
      connection = dial({
        target: { host: '127.0.0.1', port: at, username: 'root', remote: {}, hostKey: { ours: true } },
        key,
        hooks: { lost, up: () => {}, firstUse: () => {} },
        clock,
        log: silentLog,
      });
    });
    if (!connection) throw new Error('no connection');
    return { connection, failed };
  }

  it.each([
    ['a port that is none', 70_000, 'invalid'],
    ['a port where nobody listens', 1, 'unreachable'],
  ])('of %s fails without throwing', async (_what, at, code) => {
    const { connection, failed } = start(at);
    expect(await failed).toMatchObject({ fatal: false, reason: { code } });
    await connection.hangUp();
  });

  it.each([
    ['hangs up', (socket: Socket) => socket.end()],
    ['resets', (socket: Socket) => socket.resetAndDestroy()],
    ['speaks no SSH', (socket: Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'speaks rubbish after its greeting',
      (socket: Socket) => socket.write(`SSH-2.0-x\r\n${'\xff'.repeat(9000)}`),
    ],
  ])('of a server that %s fails once', async (_what, behave) => {
    server.on('connection', behave);
    const { connection, failed } = start();
    expect(await failed).toMatchObject({ fatal: false, reason: { code: 'unreachable' } });
    const hungUp = connection.hangUp();
    clock.advance(2000);
    await hungUp;
    expect(failures).toHaveLength(1);
  });

  it('says nothing once it is hung up, and leaves no timer', async () => {
    const { connection } = start();
    await once(server, 'connection');
    const hungUp = connection.hangUp();
    // The other side does not answer the goodbye.
    clock.advance(2000);
    await hungUp;
    expect(failures).toEqual([]);
    expect(clock.pending).toBe(0);
  });

  it('opens no streams before it is up or after it is over, and does not throw', async () => {
    const { connection, failed } = start();
    const early = connection.openStream(80);
    sockets.forEach((socket) => void socket.destroy());
    server.on('connection', (socket) => socket.destroy());
    await failed;
    await expect(early).rejects.toThrow();
    await expect(connection.openStream(80)).rejects.toThrow('Not connected');
    expect(() => connection.probe(() => {})).not.toThrow();
    await connection.hangUp();
    expect(clock.pending).toBe(0);
  });
});

describe('a connection', () => {
  it.each([
    // The fastest, where the server leaves the choice.
    ['aes128-gcm@openssh.com', undefined],
    // As dropbear, which has none of that kind.
    ['aes128-ctr', ['chacha20-poly1305@openssh.com', 'aes128-ctr', 'aes256-ctr'] as const],
  ])('is encrypted with %s', async (expected, cipher) => {
    const used = new Promise<string>((resolve) => {
      const algorithms = cipher ? { cipher: [...cipher] } : {};
      const server = new ssh2.Server({ hostKeys: [generateHostKey().privateKey], algorithms }, (client) =>
        client
          .on('error', () => {})
          .on('authentication', (login) => login.accept())
          .on('handshake', ({ cs, sc }) => resolve([...new Set([cs.cipher, sc.cipher])].join())),
      );
      onTestFinished(() => void server.close());
      server.listen(0, '127.0.0.1', () => {
        const { port } = server.address() as AddressInfo;
        const connection = dial({
          target: { host: '127.0.0.1', port, username: 'root', remote: {}, hostKey: { ours: true } },
          key,
          hooks: { lost: () => {}, up: () => {}, firstUse: () => {} },
          clock: new HandClock(),
          log: silentLog,
        });
        onTestFinished(() => connection.hangUp());
      });
    });
    expect(await used).toBe(expected);
  });
});

describe('a stream', () => {
  let clock: HandClock;
  let server: ssh2.Server;
  /** Lets the server take the stream that is asked for. */
  let accept: Promise<() => ssh2.ServerChannel>;
  let connection: Connection;
  beforeEach(async () => {
    clock = new HandClock();
    accept = new Promise((resolve) => {
      server = new ssh2.Server({ hostKeys: [generateHostKey().privateKey] }, (client) => {
        client
          .on('error', () => {})
          .on('authentication', (login) => login.accept())
          .on('tcpip', (take) => resolve(take));
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise<void>((resolve, reject) => {
      connection = dial({
        target: { host: '127.0.0.1', port, username: 'root', remote: {}, hostKey: { ours: true } },
        key,
        hooks: { lost: reject, up: resolve, firstUse: () => {} },
        clock,
        log: silentLog,
      });
    });
  });
  afterEach(async () => {
    await connection.hangUp();
    server.close();
  });

  it('is joined to the port over there', async () => {
    const opening = connection.openStream(80);
    (await accept)().end('hello');
    expect(String((await once(await opening, 'data'))[0])).toBe('hello');
  });

  it('that nobody takes is given up after 15 s, and closed if it is taken after all', async () => {
    const opening = connection.openStream(80);
    const take = await accept;
    clock.advance(15_000);
    await expect(opening).rejects.toThrow('did not answer');
    await once(take().resume(), 'close');
  });

  it('is refused when the connection ends meanwhile', async () => {
    const opening = connection.openStream(80);
    await accept;
    void connection.hangUp();
    await expect(opening).rejects.toThrow();
  });
});
