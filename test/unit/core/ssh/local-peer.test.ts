import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Log } from '../../../../main/core/ports.ts';
import { PeerGate, type ReadTable, rowOf } from '../../../../main/core/ssh/local-peer.ts';

const NOBODY = 65_534;
const isLinux = process.platform === 'linux';
const isRoot = isLinux && process.getuid?.() === 0;
const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1');

const HEAD =
  '  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n';
const row = (ends: string, state: string, uid: number, inode: number) =>
  `   7: ${ends} ${state} 00000000:00000000 02:000A 00000000 ${String(uid).padStart(5)}        0 ${inode} 2 0 20 4 0 10 -1\n`;

describe('the row of a connection', () => {
  const table =
    HEAD +
    row('0100007F:1F56 00000000:0000', '0A', 1, 2) +
    row('0200007F:C350 0100007F:1F56', '01', 1000, 77) +
    row('0100007F:1F56 0100007F:C350', '08', 1001, 78) +
    row('0100007F:C350 0100007F:1F56', '06', 0, 0);
  const here = { address: '127.0.0.1', port: 8022 };

  it('is the one of that very pair of ends, in that direction', () => {
    const peer = { address: '127.0.0.1', port: 50_000 };
    expect(rowOf(table, peer, here)).toEqual({ isOpen: false, uid: 0, inode: 0 });
    expect(rowOf(table, here, peer)).toEqual({ isOpen: false, uid: 1001, inode: 78 });
    const other = { address: '127.0.0.2', port: 50_000 };
    expect(rowOf(table, other, here)).toEqual({ isOpen: true, uid: 1000, inode: 77 });
    expect(rowOf(table, other, { ...here, port: 8023 })).toBeUndefined();
  });

  it('is found in the table of IPv6, too', () => {
    const six =
      HEAD +
      row('00000000000000000000000001000000:C350 00000000000000000000000001000000:1F56', '01', 5, 6) +
      row('0000000000000000FFFF00000100007F:C351 0000000000000000FFFF00000100007F:1F56', '01', 7, 8);
    expect(rowOf(six, { address: '::1', port: 50_000 }, { address: '::1', port: 8022 })?.uid).toBe(5);
    const mapped = '::ffff:127.0.0.1';
    expect(rowOf(six, { address: mapped, port: 50_001 }, { address: mapped, port: 8022 })?.uid).toBe(7);
  });
});

describe('a gate', () => {
  beforeEach((context) => context.skip(!isLinux, 'only Linux tells whose a connection is'));
  const cleanups: (() => unknown)[] = [];
  afterEach(async () => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  });

  /** A port behind a gate that greets, and notes what it is sent. */
  async function guarded(host = '127.0.0.1', read?: ReadTable) {
    const logged: string[] = [];
    const log: Log = {
      scope: () => log,
      hide: () => {},
      write: (level, message, fields) => logged.push(`${level} ${message} ${fields?.uid ?? ''}`.trim()),
    };
    const gate = new PeerGate({ log, ...(read ? { read } : {}) });
    const heard: string[] = [];
    const sockets: Socket[] = [];
    const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true }, (socket) => {
      gate.guard(socket);
      sockets.push(socket.on('error', () => {}));
      socket.on('data', (data) => heard.push(String(data)));
      socket.resume().write('hello');
    });
    server.listen(0, host);
    await once(server, 'listening');
    cleanups.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return { port: (server.address() as AddressInfo).port, logged, heard, sockets };
  }

  async function greeting(options: { port: number; host: string; localAddress?: string }): Promise<string> {
    const socket = connect(options);
    cleanups.push(() => socket.destroy());
    return String((await once(socket, 'data'))[0]);
  }

  /** What another user gets who runs `script`; `socket` is connected in it. */
  async function asNobody(port: number, host: string, script: string): Promise<string> {
    const child = spawn(
      process.execPath,
      [
        '-e',
        `const socket = net.connect(${port}, '${host}', () => { ${script} }); socket.on('error', (e) => console.log(e.code)).on('data', (d) => console.log(String(d)))`,
      ],
      { uid: NOBODY, gid: NOBODY, cwd: '/', env: {}, stdio: ['ignore', 'pipe', 'inherit'] },
    );
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    await once(child, 'close');
    return said.trim();
  }

  it.each([
    ['127.0.0.1', '127.0.0.1'],
    ...(hasIpv6 ? [['::1', '::1']] : []),
    // A socket of IPv6 that leads to an address of IPv4.
    ['127.0.0.1', '::ffff:127.0.0.1'],
  ])('at %s lets its owner in who comes to %s', async (at = '', host = '') => {
    const { port, logged } = await guarded(at);
    expect(await greeting({ port, host })).toBe('hello');
    expect(logged).toEqual([]);
  });

  it('lets its owner in from another address of this computer', async () => {
    const { port } = await guarded();
    expect(await greeting({ port, host: '127.0.0.1', localAddress: '127.0.0.9' })).toBe('hello');
  });

  describe('before another user', () => {
    beforeEach((context) => context.skip(!isRoot, 'only root can come as another user'));

    it.each(['127.0.0.1', '::ffff:127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])(
      'keeps out who comes to %s',
      async (host) => {
        const { port, logged, heard } = await guarded(host === '::1' ? host : '127.0.0.1');
        expect(await asNobody(port, host, "socket.write('secret')")).toBe('ECONNRESET');
        expect(logged).toEqual([
          `warn A local connection of another user of this computer was refused ${NOBODY}`,
        ]);
        expect(heard).toEqual([]);
      },
    );

    it.each([
      ['closes', "socket.write('secret', () => socket.destroy())"],
      ['resets', "socket.write('secret', () => socket.resetAndDestroy())"],
      ['closes, and is gone', "socket.write('secret', () => process.exit())"],
    ])('takes nothing of one who at once %s', async (_what, script) => {
      let ready: () => void = () => {};
      const over = new Promise<void>((resolve) => (ready = resolve));
      // They are looked for only when they are gone.
      const { port, heard, sockets } = await guarded('127.0.0.1', async (name) => {
        await over;
        return readFile(`/proc/net/${name}`, 'latin1');
      });
      await asNobody(port, '127.0.0.1', script);
      ready();
      await vi.waitFor(() => expect(sockets[0]?.destroyed).toBe(true));
      expect(heard).toEqual([]);
    });
  });

  it('keeps out whose socket nobody holds any more, though the kernel says it is of root', async () => {
    const gone = await guarded('127.0.0.1', async () => {
      const [remote] = gone.sockets;
      const ends = `0100007F:${hex(remote?.remotePort)} 0100007F:${hex(gone.port)}`;
      return HEAD + row(ends, '05', 0, 0);
    });
    await expect(greeting({ port: gone.port, host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'ECONNRESET',
    });
    expect(gone.logged).toEqual([
      'info A local connection was refused: it was over before it was known whose it is',
    ]);
  });

  it('lets everybody in where the system does not tell, and says so once', async () => {
    const { port, logged } = await guarded('127.0.0.1', () => Promise.reject(new Error('EACCES')));
    expect(await greeting({ port, host: '127.0.0.1' })).toBe('hello');
    expect(await greeting({ port, host: '127.0.0.1' })).toBe('hello');
    expect(logged).toEqual(['warn Local ports are open to other users of this computer']);
  });

  it('lets in who comes from outside of this system', async () => {
    const mine = await guarded('127.0.0.1', async (name) => {
      const [remote] = mine.sockets;
      const ends = `0100007F:${hex(mine.port)} 0100007F:${hex(remote?.remotePort)}`;
      return name === 'tcp' ? HEAD + row(ends, '01', 0, 5) : HEAD;
    });
    expect(await greeting({ port: mine.port, host: '127.0.0.1' })).toBe('hello');
  });

  it('reads the table once for all who come at once, and nothing before it has', async () => {
    let reads = 0;
    const { port, heard } = await guarded('127.0.0.1', async (name) => {
      reads++;
      await sleep(100);
      expect(heard).toEqual([]);
      return readFile(`/proc/net/${name}`, 'latin1');
    });
    const sockets = Array.from({ length: 50 }, () => connect(port, '127.0.0.1'));
    cleanups.push(() => sockets.forEach((socket) => void socket.destroy()));
    for (const socket of sockets) socket.write('x');
    await Promise.all(sockets.map((socket) => once(socket, 'data')));
    expect(reads).toBeLessThan(5);
  });
});

const hex = (port = 0): string => port.toString(16).padStart(4, '0').toUpperCase();
