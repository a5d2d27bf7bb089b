import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../main/core/clock.ts';
import { type Connection, dial } from '../../main/core/ssh/dial.ts';
import { loadAppKey } from '../../main/core/ssh/keys.ts';
import { silentLog } from '../doubles/log.ts';
import { reasonAgainst, startSshd } from './servers.ts';
import { echoServer, targetOf } from './tunnel-bench.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

describe.skipIf(reasonAgainst('sshd'))('a compressed connection', () => {
  it('takes what is said while it dies, as one without compression does', async () => {
    const server = await startSshd();
    if (!server) throw new Error('sshd cannot run here.');
    cleanups.push(() => server.stop());
    const echo = await echoServer();
    cleanups.push(echo.close);
    const folder = mkdtempSync(join(tmpdir(), 'tray-compressed-'));
    cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
    let tell = (): void => {};
    const ended = new Promise<void>((resolve) => (tell = resolve));
    const connection = await new Promise<Connection>((resolve) => {
      const made = dial({
        target: targetOf(server),
        key: loadAppKey(folder, silentLog),
        clock: systemClock,
        log: silentLog,
        compress: true,
        hooks: { up: () => resolve(made), lost: () => tell(), firstUse: () => {} },
      });
    });
    const channel = await connection.openStream(echo.port);
    channel.on('error', () => {});
    channel.write('x');
    await once(channel, 'data');
    server.kill();
    await ended;
    // Its socket is gone, and not all have heard of it.
    expect(() => {
      connection.probe(() => {});
      channel.write('y');
      channel.destroy();
    }).not.toThrow();
    await connection.hangUp();
  });
});
