import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/core/clock.ts';
import { type Connection, type DialOptions, dial } from '../../main/core/ssh/dial.ts';
import { generateHostKey } from '../../main/core/ssh/keys.ts';
import { startDelayLine } from '../doubles/delay-line.ts';
import { silentLog } from '../doubles/log.ts';
import { reasonAgainst, type SshServer, startDropbear, startSshd } from './servers.ts';
import { echoServer, targetOf } from './tunnel-bench.ts';

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

describe.each([
  ['sshd', startSshd],
  ['dropbear', startDropbear],
] as const)('through %s', (name, start) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    async function world(authorizedKeys: readonly string[]) {
      const [server, echo] = [await start({ authorizedKeys }), await echoServer()];
      if (!server) throw new Error(`${name} cannot run here.`);
      cleanups.push(() => server.stop(), echo.close);
      const line = await startDelayLine({ to: server.port, delayMs: ROUND_TRIP_MS / 2 });
      cleanups.push(line.close);
      return { server, echo, far: line.port };
    }

    it('a login takes four round trips: of TCP, of the offers, of the keys, and its own', async () => {
      const { server, far } = await world([key.publicLine]);
      const { connection, tookMs } = await login(server, far);
      expect(connection.usedKey()).toBe(true);
      expect(roundTrips(tookMs)).toBe(4);
    });

    it('a channel is open with the login where the key was taken before', async () => {
      const { server, echo, far } = await world([key.publicLine]);
      const startedAt = performance.now();
      let opened: Promise<number> | undefined;
      const almostUp = (connection: Connection): void => {
        opened = connection.openStream(echo.port).then((channel) => {
          channel.destroy();
          return performance.now() - startedAt;
        });
      };
      await login(server, far, { isKeyTaken: true, hooks: { almostUp } });
      expect(roundTrips((await opened) ?? 0)).toBe(4);
    });

    it('a key that is not taken any more costs another connection, and the password still does', async () => {
      const { server, echo } = await world([]);
      let failed: Promise<string> | undefined;
      const almostUp = (early: Connection): void => {
        failed = early.openStream(echo.port).then(
          () => 'opened',
          () => 'failed',
        );
      };
      const { connection } = await login(server, server.port, { isKeyTaken: true, hooks: { almostUp } });
      expect(await failed).toBe('failed');
      expect(connection.usedKey()).toBe(false);
      const channel = await connection.openStream(echo.port);
      channel.write('x');
      expect(String(await new Promise((resolve) => channel.once('data', resolve)))).toBe('x');
    });
  });
});
