import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/core/clock.ts';
import { type Connection, dial } from '../../main/core/ssh/dial.ts';
import { generateHostKey } from '../../main/core/ssh/keys.ts';
import { startDelayLine } from '../doubles/delay-line.ts';
import { silentLog } from '../doubles/log.ts';
import { reasonAgainst, type SshServer, startDropbear, startSshd } from './servers.ts';
import { remoteServer, targetOf } from './tunnel-bench.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const keep = <T>(made: T, end: (made: T) => unknown): T => {
  cleanups.push(() => end(made));
  return made;
};

async function running(server: Promise<SshServer | null>): Promise<SshServer> {
  const started = await server;
  if (!started) throw new Error('It cannot run here.');
  return keep(started, (s) => s.stop());
}

async function connect(server: SshServer, port: number): Promise<Connection> {
  const key = generateHostKey();
  const connection = await new Promise<Connection>((resolve, reject) => {
    const made = dial({
      target: { ...targetOf(server), port },
      key,
      hooks: {
        lost: ({ reason }) => reject(new Error(reason.message)),
        up: () => resolve(made),
        firstUse: () => {},
      },
      clock: systemClock,
      log: silentLog,
    });
  });
  return keep(connection, (c) => c.hangUp());
}

/** The same by ssh2 alone. */
async function connectPlainly(server: SshServer, port: number): Promise<ssh2.Client> {
  const client = keep(new ssh2.Client(), (c) => c.destroy());
  client.connect({ host: '127.0.0.1', port, username: server.username, password: server.password });
  await once(
    client.on('error', () => {}),
    'ready',
  );
  return client;
}

/** Reads to the end; resolves with the hash and the ms it took. */
async function read(stream: Duplex): Promise<{ readonly hash: string; readonly ms: number }> {
  const startedAt = performance.now();
  const hash = createHash('sha256');
  stream.on('data', (chunk: Buffer) => hash.update(chunk));
  await once(stream, 'end');
  stream.destroy();
  return { hash: hash.digest('hex'), ms: performance.now() - startedAt };
}

const ROUND_TRIP_MS = 100;

describe.each([
  ['sshd', startSshd, 48 << 20, 2],
  // What it sends goes through small buffers of its own.
  ['dropbear', startDropbear, 24 << 20, 1.3],
] as const)('%s at a round trip of 100 ms', (name, start, size, factor) => {
  describe.skipIf(reasonAgainst(name))('', () => {
    it(`sends ${factor} times as fast as to ssh2 alone, and the same bytes`, async () => {
      const data = randomBytes(size);
      const far = keep(await remoteServer((socket) => socket.end(data)), (s) => s.close());
      const server = await running(start());
      const line = keep(await startDelayLine({ to: server.port, delayMs: ROUND_TRIP_MS / 2 }), (l) =>
        l.close(),
      );
      const connection = await connect(server, line.port);
      const client = await connectPlainly(server, line.port);
      const sha256 = createHash('sha256').update(data).digest('hex');
      // A busy computer takes its time for either: then it is asked again.
      let times = 0;
      for (let tries = 0; tries < 4 && times <= factor; tries++) {
        const ours = await read(await connection.openStream(far.port));
        const plain = await read(
          await new Promise<Duplex>((resolve, reject) =>
            client.forwardOut('127.0.0.1', 0, '127.0.0.1', far.port, (error, channel) =>
              error ? reject(error) : resolve(channel),
            ),
          ),
        );
        expect([ours.hash, plain.hash]).toEqual([sha256, sha256]);
        times = plain.ms / ours.ms;
      }
      expect(times).toBeGreaterThan(factor);
    });
  });
});
