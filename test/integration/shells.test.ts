import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payload } from '../../preload/contract/api.ts';
import { type Connected, connectedSession } from './connected.ts';
import { type CoreApp, isUp } from './core-app.ts';
import type { RealMachine } from './machine.ts';
import { reasonAgainst } from './servers.ts';

describe.skipIf(reasonAgainst('sshd'))('a shell of the built-in terminal', () => {
  let connected: Connected;
  let core: CoreApp;
  let machine: RealMachine;
  let id: string;
  const printed = new Map<string, string>();
  const ended = new Map<string, number | undefined>();
  beforeAll(async () => {
    connected = await connectedSession('shells');
    ({ core, machine, id } = connected);
    core.app.onEvent((name, payload) => {
      if (name === 'shell.printed') {
        const { key, text } = payload as Payload<'shell.printed'>;
        printed.set(key, (printed.get(key) ?? '') + text);
      }
      if (name === 'shell.ended') {
        const { key, exitCode } = payload as Payload<'shell.ended'>;
        ended.set(key, exitCode);
      }
    });
  });
  afterAll(() => connected.stop());

  const open = async (): Promise<string> => (await core.call('shell.open', { id, cols: 100, rows: 30 })).key;
  const type = (key: string, text: string): Promise<void> => core.call('shell.write', { key, text });
  const shows = (key: string, text: RegExp): Promise<void> =>
    expect.poll(() => printed.get(key) ?? '').toMatch(text);

  it('is a terminal of the size that the page has, also when that changes', async () => {
    const key = await open();
    await type(key, 'stty size; echo "T:$TERM"\n');
    await shows(key, /30 100[\s\S]*T:xterm-256color/);
    await core.call('shell.resize', { key, cols: 132, rows: 40 });
    await type(key, 'stty size\n');
    await shows(key, /40 132/);
    await type(key, 'exit 4\n');
    await expect.poll(() => ended.get(key)).toBe(4);
  });

  it('goes on when the connection below it is killed', async () => {
    // That of the tunnel; the shell's own runs through it.
    const tunnel = machine.sshd?.sessions() ?? [];
    const key = await open();
    await type(key, 'cd /; mark=kept; echo "A:$mark"\n');
    await shows(key, /A:kept/);
    const alive = machine.sshd?.sessions() ?? [];
    for (const pid of tunnel.filter((pid) => alive.includes(pid))) process.kill(pid, 'SIGKILL');
    await core.session(id, (s) => !isUp(s));
    await core.session(id, isUp);
    await type(key, 'echo "B:$mark:$PWD"\n');
    await shows(key, /B:kept:\//);
    await core.call('shell.close', { key });
    await expect.poll(() => ended.has(key)).toBe(true);
  });

  it('lets a loop wait for a page that draws slowly', async () => {
    const key = await open();
    await type(key, 'yes 0123456789\n');
    await expect.poll(() => (printed.get(key) ?? '').length).toBeGreaterThan(400_000);
    const before = (printed.get(key) ?? '').length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    const after = (printed.get(key) ?? '').length;
    expect(after - before).toBeLessThan(200_000);
    await core.call('shell.read', { key, count: after });
    await expect.poll(() => (printed.get(key) ?? '').length).toBeGreaterThan(after + 100_000);
    await core.call('shell.close', { key });
  });
});
