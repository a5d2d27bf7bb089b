import { execFileSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Payload } from '../../preload/contract/api.ts';
import { type Connected, connectedSession } from './connected.ts';
import type { CoreApp } from './core-app.ts';
import { reasonAgainst } from './servers.ts';

describe.skipIf(reasonAgainst('sshd'))('a command in a session', () => {
  let connected: Connected;
  let core: CoreApp;
  let id: string;
  const printed = new Map<string, string>();
  const ended = new Map<string, number | undefined>();
  beforeAll(async () => {
    connected = await connectedSession('commands');
    ({ core, id } = connected);
    core.app.onEvent((name, payload) => {
      if (name === 'command.output') {
        const { key, text } = payload as Payload<'command.output'>;
        printed.set(key, (printed.get(key) ?? '') + text);
      }
      if (name === 'command.ended') {
        const { key, exitCode } = payload as Payload<'command.ended'>;
        ended.set(key, exitCode);
      }
    });
  });
  afterAll(() => connected.stop());

  const run = async (command: string): Promise<string> =>
    (await core.call('session.run', { id, command })).key;
  const isOver = (key: string): Promise<void> => expect.poll(() => ended.has(key)).toBe(true);

  it.each([
    ['what it prints, and its exit code', 'echo out; echo err >&2; exit 3', 'out\nerr\n', 3],
    ['quotes and dollars as they were typed', `x=it\\'s; echo "$x \${x} 'y'"`, "it's it's 'y'\n", 0],
    ['no colours', "printf '\\033[31mred\\033[0m\\n'", 'red\n', 0],
    ['letters beyond ASCII', 'echo größe', 'größe\n', 0],
    ['a command that does not exist', 'no-such-command-here 2>/dev/null', '', 127],
  ])('tells %s', async (_, command, output, code) => {
    const key = await run(command);
    await isOver(key);
    expect(printed.get(key) ?? '').toBe(output);
    expect(ended.get(key)).toBe(code);
  });

  it('tells what it prints as it comes', async () => {
    const key = await run('echo first; sleep 5; echo second');
    await expect.poll(() => printed.get(key)).toBe('first\n');
    expect(ended.has(key)).toBe(false);
    await core.call('command.cancel', { key });
  });

  it('is ended with all that it has started when it is cancelled', async () => {
    const mark = `987${process.pid}`;
    const running = (): boolean => {
      try {
        execFileSync('pgrep', ['-f', `^sleep ${mark}`]);
        return true;
      } catch {
        return false;
      }
    };
    const key = await run(`trap '' TERM; (sleep ${mark} & sleep ${mark}); sleep ${mark}`);
    await expect.poll(running).toBe(true);
    await core.call('command.cancel', { key });
    await isOver(key);
    expect(ended.get(key)).toBeUndefined();
    await expect.poll(running).toBe(false);
  });

  it('that prints for ever is cut, and can still be cancelled', async () => {
    const key = await run('yes');
    await expect.poll(() => (printed.get(key) ?? '').length).toBeGreaterThan(1_000_000);
    expect(printed.get(key)).toContain('The rest is not shown.');
    await core.call('command.cancel', { key });
    await isOver(key);
    expect((printed.get(key) ?? '').length).toBeLessThan(1_000_200);
  });

  it('is refused where the session is not connected', async () => {
    await core.call('session.disconnect', { id });
    await expect(run('true')).rejects.toThrow('not connected');
  });
});
