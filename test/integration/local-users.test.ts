import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterEach, describe, expect, it } from 'vitest';
import { reasonAgainst, startSshd } from './servers.ts';
import { A, askLocal, remoteServer, targetOf, tunnelBench } from './tunnel-bench.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const NOBODY = 65_534;

/** What another user of this computer gets who sends something to a local port. */
async function asNobody(port: number): Promise<string> {
  const script = `net.connect(${port}, '127.0.0.1').on('data', (d) => console.log(String(d)))
    .on('error', (e) => console.log(e.code)).write('from nobody')`;
  const child = spawn(process.execPath, ['-e', script], {
    uid: NOBODY,
    gid: NOBODY,
    cwd: '/',
    env: {},
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.on('data', (data) => (said += data));
  await once(child, 'close');
  return said.trim();
}

describe.skipIf(reasonAgainst('sshd'))('another user of this computer', () => {
  it.each([
    ['outlive links', '', 'The relay is running'],
    ['end with them', 'exit 0\n', 'there is no relay'],
  ])('reaches nothing through local ports whose connections %s', async (_what, bashrc, ready) => {
    const heard: string[] = [];
    const far = await remoteServer((socket) => {
      // It speaks first, as some do.
      socket.write('welcome');
      socket.on('data', (data) => heard.push(String(data))).on('end', () => socket.end());
    });
    cleanups.push(far.close);
    const server = await startSshd({ bashrc });
    if (!server) throw new Error('It cannot run here.');
    cleanups.push(() => server.stop());
    const b = tunnelBench();
    cleanups.push(() => b.stop());
    const { jupyter = 0 } = await b.pool.open(A, targetOf(server, { jupyter: far.port }), {});
    await b.until('up');
    await b.logged(ready);
    expect(await askLocal(jupyter, 'from me')).toBe('welcome');
    expect(await asNobody(jupyter)).toBe('ECONNRESET');
    expect(heard).toEqual(['from me']);
  });
});
