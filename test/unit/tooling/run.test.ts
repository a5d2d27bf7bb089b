import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { run, tail } from '../../../main/cli/run.mjs';

const runModule = resolve(import.meta.dirname, '../../../main/cli/run.mjs');
const options = { cwd: import.meta.dirname, timeoutMs: 10_000, doing: 'Testing' };

describe('a command of the set-up', () => {
  it.each([
    ['succeeds', 'console.log("out"); console.error("err")', undefined, 'out\nerr\n'],
    ['fails', 'console.log("out"); process.exit(3)', 'exit code 3', 'out\n'],
  ])('%s with its output', async (_, code, reason, output) => {
    const ran = await run([process.execPath, '-e', code], options);
    expect(ran.reason).toBe(reason);
    expect([...ran.output].sort()).toEqual([...output].sort());
  });

  it('fails when there is no such program', async () => {
    expect((await run(['no-such-program-here'], options)).reason).toContain('ENOENT');
  });

  it('is ended when it takes too long', async () => {
    const ran = await run([process.execPath, '-e', 'setInterval(() => {}, 1000)'], {
      ...options,
      timeoutMs: 300,
    });
    expect(ran.reason).toBe('it took longer than 0.3 s');
  });

  it('shows the end of what it printed', () => {
    expect(tail('a\nb\nc\n', 2)).toBe('b\nc');
  });
});

describe('the app that npm started', () => {
  // The pipe is closed when the last process that writes to it has gone.
  it.skipIf(process.platform === 'win32')('ends when npm is ended, with the shell in between', async () => {
    const app = `import('${runModule}').then(({ endWithNpm }) => { endWithNpm(); console.log('up'); setInterval(() => {}, 1e6); })`;
    const shell = spawn('sh', ['-c', `"$NODE" -e "$APP"; true`], {
      env: { ...process.env, NODE: process.execPath, APP: app, npm_lifecycle_event: 'start' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(shell.stdout, 'data');
    shell.kill('SIGTERM');
    await once(shell, 'close');
    expect(shell.signalCode).toBe('SIGTERM');
  });
});
