import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, it } from 'vitest';
import { bindPort, type LocalPort } from '../../../../main/core/ssh/local-ports.ts';

const hasIpv6 = Object.values(networkInterfaces())
  .flat()
  .some((address) => address?.address === '::1');

describe('a local port', () => {
  const bound: LocalPort[] = [];
  const others: Server[] = [];
  afterEach(async () => {
    await Promise.all(bound.splice(0).map((port) => port.close()));
    for (const server of others.splice(0)) server.close();
  });

  const bind = async (first: number, remembered?: number, reserved: readonly number[] = []) => {
    const port = await bindPort({ first, remembered, reserved }, (socket) => socket.resume().end('hello'));
    bound.push(port);
    return port.port;
  };

  async function other(host: string, port = 0): Promise<number> {
    const server = createServer();
    others.push(server);
    server.listen(port, host);
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  }

  async function greeting(host: string, port: number): Promise<string> {
    const [data] = await once(connect(port, host), 'data');
    return String(data);
  }

  it.each(['127.0.0.1', ...(hasIpv6 ? ['::1'] : [])])('is reached at %s', async (host) => {
    expect(await greeting(host, await bind(21_100))).toBe('hello');
  });

  it('is the first free one from its usual start', async () => {
    const first = await bind(21_200);
    expect(await bind(21_200)).toBe(first + 1);
  });

  it('is none that is reserved, unless it is its own', async () => {
    expect(await bind(21_400, undefined, [21_400, 21_401])).toBe(21_402);
    expect(await bind(21_400, 21_401, [21_401])).toBe(21_401);
  });

  it('is the remembered one where it is free', async () => {
    expect(await bind(21_300, 21_377)).toBe(21_377);
    expect(await bind(21_300, 21_377)).toBe(21_300);
  });

  it.each(['127.0.0.1', '0.0.0.0', ...(hasIpv6 ? ['::1', '::'] : [])])(
    'is never one that another program holds at %s',
    async (host) => {
      const taken = await other(host);
      expect(await bind(taken)).not.toBe(taken);
      // Nothing of it stays bound: the other program is alone at both addresses.
      if (host === '::1') expect(await other('127.0.0.1', taken)).toBe(taken);
    },
  );

  it('is free again, at both addresses, once it is closed', async () => {
    const port = await bind(21_400);
    await bound.pop()?.close();
    expect(await bind(port)).toBe(port);
  });

  it('is not looked for for ever', async () => {
    await expect(bindPort({ first: 65_536 }, () => {})).rejects.toMatchObject({ code: 'conflict' });
  });
});
