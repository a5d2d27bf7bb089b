import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/core/clock.ts';
import { type Connection, type DialOptions, dial } from '../../main/core/ssh/dial.ts';
import { generateHostKey } from '../../main/core/ssh/keys.ts';
import { STABLE_MS } from '../../main/core/ssh/tunnel-machine.ts';
import { startDelayLine } from '../doubles/delay-line.ts';
import { silentLog } from '../doubles/log.ts';
import { reasonAgainst, type SshServer, startDropbear, startSshd } from './servers.ts';
import { A, dialLocal, echoServer, targetOf, tunnelBench } from './tunnel-bench.ts';

/** So long that what the computers do meanwhile is a small part of it. */
const ROUND_TRIP_MS = 600;

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of cleanups.splice(0).reverse()) await end();
});

const key = generateHostKey();

interface Login {
  readonly connection: Connection;
  readonly tookMs: number;
}

/** Resolves once it is up. */
async function login(
  server: SshServer,
  port: number,
  {
    hooks,
    ...different
  }: Partial<Omit<DialOptions, 'hooks'>> & { hooks?: Partial<DialOptions['hooks']> } = {},
): Promise<Login> {
  const startedAt = performance.now();
  const connection = await new Promise<Connection>((resolve, reject) => {
    const made = dial({
      target: targetOf(server, {}, { port }),
      key,
      clock: systemClock,
      log: silentLog,
      ...different,
      hooks: { up: () => resolve(made), lost: reject, firstUse: () => {}, ...hooks },
    });
  });
  cleanups.push(() => connection.hangUp());
  return { connection, tookMs: performance.now() - startedAt };
}

const roundTrips = (ms: number): number => Math.floor(ms / ROUND_TRIP_MS);

async function world(start: typeof startSshd | typeof startDropbear, authorizedKeys: readonly string[]) {
  const [server, echo] = [await start({ authorizedKeys }), await echoServer()];
  if (!server) throw new Error('The server cannot run here.');
  cleanups.push(() => server.stop(), echo.close);
  const far = await startDelayLine({ to: server.port, delayMs: ROUND_TRIP_MS / 2 });
  cleanups.push(far.close);
  return { server, echo, far };
}

describe.each([
  ['sshd', startSshd],
  ['dropbear', startDropbear],
] as const)('through %s', (name, start) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    it('a login takes four round trips: of TCP, of the offers, of the keys, and its own', async () => {
      const { server, far } = await world(start, [key.publicLine]);
      const { tookMs } = await login(server, far.port);
      expect(roundTrips(tookMs)).toBe(4);
    });

    it('a channel is open with the login where the key was taken before', async () => {
      const { server, echo, far } = await world(start, [key.publicLine]);
      const startedAt = performance.now();
      let opened: Promise<number> | undefined;
      const almostUp = (connection: Connection): void => {
        opened = connection.openStream(echo.port).then((channel) => {
          channel.destroy();
          return performance.now() - startedAt;
        });
      };
      await login(server, far.port, { isKeyTaken: true, hooks: { almostUp } });
      expect(roundTrips((await opened) ?? 0)).toBe(4);
    });

    it('the key is taken and a relay started, however long commands are on their way', async () => {
      const { server, echo, far } = await world(start, []);
      const b = tunnelBench();
      cleanups.push(b.stop);
      await b.pool.open(A, targetOf(server, { jupyter: echo.port }, { port: far.port }), {});
      await b.logged('The key of this app is authorized');
      await b.logged('The relay is running');
    });

    it('a key that is not taken any more costs another connection, and the password still does', async () => {
      const { server, echo } = await world(start, []);
      let failed: Promise<string> | undefined;
      const almostUp = (early: Connection): void => {
        failed = early.openStream(echo.port).then(
          () => 'opened',
          () => 'failed',
        );
      };
      const { connection } = await login(server, server.port, { isKeyTaken: true, hooks: { almostUp } });
      expect(await failed).toBe('failed');
      const channel = await connection.openStream(echo.port);
      channel.write('x');
      expect(String(await new Promise((resolve) => channel.once('data', resolve)))).toBe('x');
    });
  });
});

describe.skipIf(reasonAgainst('sshd'))('after a break of the link', () => {
  it.each<[what: string, trips: number, standbys: number]>([
    ['five round trips: four of a login, and its own', 5, 0],
    ['its own round trip where there is a second connection', 1, 1],
  ])('a stream goes on after %s', async (_what, trips, standbys) => {
    const { server, echo, far } = await world(startSshd, []);
    const b = tunnelBench({ standbys });
    cleanups.push(b.stop);
    const target = targetOf(server, { jupyter: echo.port }, { port: far.port });
    const { jupyter } = await b.pool.open(A, target, {});
    await b.logged('The relay is running');
    const local = await dialLocal(jupyter);
    cleanups.push(() => local.destroy());
    local.write('x');
    await once(local, 'data');
    // A link that held for so long is dialled again at once, and there is a second one, if there is to be one.
    await sleep(STABLE_MS + 7 * ROUND_TRIP_MS);
    const cutAt = performance.now();
    far.cutOldest();
    local.write('y');
    await once(local, 'data');
    expect(roundTrips(performance.now() - cutAt)).toBe(trips);
  });
});
