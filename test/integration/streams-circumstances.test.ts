import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import relaySource from '../../assets/remote/relay.py?raw';
import { startDemo } from '../../main/demo/demo.ts';
import { HandClient, startRelay } from '../unit/core/streams/relay-rig.ts';
import { CoreApp, greeting, isUp } from './core-app.ts';
import { RealMachine } from './machine.ts';
import { reasonAgainst, type SshServer, startSshd } from './servers.ts';
import { A, askLocal, dialLocal, echoServer, targetOf, tunnelBench } from './tunnel-bench.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function world(options: Parameters<typeof startSshd>[0] = {}) {
  const server = (await startSshd(options)) as SshServer;
  const echo = await echoServer();
  const b = tunnelBench();
  cleanups.push(
    () => server.stop(),
    echo.close,
    () => b.stop(),
  );
  return { server, echo, b };
}

describe.skipIf(reasonAgainst('sshd'))('streams', () => {
  it('have nothing to do with a relay of another version that was left behind, which ends', async () => {
    const { server, echo, b } = await world();
    const client = createHash('sha256').update(`${b.key.publicLine} ${A}`).digest('hex').slice(0, 16);
    const older = relaySource
      .replace(/^SUPERSEDED_S = .*$/m, 'SUPERSEDED_S = 1.0')
      .replace(/^TICK_S = .*$/m, 'TICK_S = 0.1')
      .replace(/^STREAM_HELLO = .*$/m, 'STREAM_HELLO = struct.Struct("!IHQQ")');
    const left = await startRelay({ client, ports: [echo.port], source: older });
    cleanups.push(left.stop);
    // It has met its client, which died.
    (await new HandClient(left).control()).inbox.socket.destroy();
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.logged('The relay is running');
    const open = await dialLocal(jupyter);
    open.write('x');
    await once(open, 'data');
    await left.gone();
    server.kill();
    open.write('y');
    expect(String((await once(open, 'data'))[0])).toBe('y');
  });

  it('end with their link where no file can be written, and it is said why', async () => {
    const { server, echo, b } = await world({ bashrc: 'ulimit -f 0\n' });
    const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: echo.port }), {});
    await b.told((links) => links.some((link) => link.at === 'up' && link.plain !== undefined));
    expect(b.links().at(-1)).toMatchObject({ plain: 'the machine has no room for a temporary file' });
    expect(await askLocal(jupyter, 'plain')).toBe('plain');
  });

  it('go on when the disk of this computer is full, and so do reconnections', async (context) => {
    const folder = mkdtempSync(join(tmpdir(), 'tray-disk-'));
    cleanups.push(() => rmdirSync(folder));
    const mount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', folder]);
    context.skip(mount.status !== 0, 'it needs the right to mount');
    cleanups.push(() => spawnSync('umount', ['-l', folder]));
    const demo = await startDemo({
      seed: false,
      queues: [{ name: 'default', agents: 0 }],
      realTools: false,
    });
    cleanups.push(() => demo.stop());
    const core = new CoreApp(demo, { folder });
    await core.start();
    cleanups.push(() => core.app.stop());
    await core.state((s) => s.loaded);
    const id = await core.launch('full');
    const machine = new RealMachine(demo, id);
    await machine.run({ jupyter: false });
    cleanups.push(() => machine.stop());
    expect(() => writeFileSync(join(folder, 'filler'), Buffer.alloc(2 << 20))).toThrow('ENOSPC');
    await core.call('setup.retry');
    const { ports } = await core.session(id, isUp);
    expect(await greeting(ports.ssh)).toMatch(/^SSH-2/);
    machine.sshd?.kill();
    await core.session(id, (s) => s.link.at !== 'up');
    await core.session(id, isUp);
    expect(await greeting(ports.ssh)).toMatch(/^SSH-2/);
  });
});
