import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { REFUSED, runElectron, startFailure } from '../../../main/cli/electron-process.mjs';

describe('an end of Electron', () => {
  const end = { code: null, signal: null, afterMs: 400, wasAsked: false };
  it.each([
    ['a sandbox that is refused', { ...end, signal: 'SIGTRAP' }, 'it was ended by SIGTRAP'],
    ['a library that is missing', { ...end, code: 127 }, 'it ended with exit code 127'],
    ['a bug of ours', { ...end, code: 1 }, 'it ended with exit code 1'],
    ['a window closed at once', { ...end, code: 0 }, undefined],
    ['a start that said why not', { ...end, code: REFUSED }, undefined],
    ['Ctrl+C', { ...end, signal: 'SIGINT', wasAsked: true }, undefined],
    ['a crash after a day', { ...end, signal: 'SIGSEGV', afterMs: 86_400_000 }, undefined],
    ['an error after a day', { ...end, code: 1, afterMs: 86_400_000 }, undefined],
  ] as const)('by %s is told apart from a start that failed', (_, how, failure) => {
    expect(startFailure(how)).toBe(failure);
  });
});

describe.skipIf(process.platform === 'win32')('Electron', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'electron-process-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const binary = (script: string): string => {
    const file = join(folder, 'electron');
    writeFileSync(file, `#!/bin/sh\n${script}\n`);
    chmodSync(file, 0o755);
    return file;
  };

  it.each([
    ['its own exit code', 'exit 0', 0, undefined],
    ['our own refusal', 'exit 2', 2, undefined],
    ['the signal that killed it', 'kill -TRAP $$', 133, 'it was ended by SIGTRAP'],
    ['an exit code that is not ours', 'exit 127', 127, 'it ended with exit code 127'],
  ])('ends with %s', async (_, script, exitCode, failure) => {
    expect(await runElectron(binary(script), [])).toEqual({ exitCode, failure });
  });

  it('that is no program says why', async () => {
    expect(await runElectron(join(folder, 'none'), [])).toEqual({
      exitCode: 1,
      failure: expect.stringContaining('ENOENT'),
    });
  });

  it('gets its arguments, and is not told to be Node', async () => {
    vi.stubEnv('ELECTRON_RUN_AS_NODE', '1');
    const script = '[ "$1" = /app ] && [ -z "$ELECTRON_RUN_AS_NODE" ]';
    expect(await runElectron(binary(script), ['/app'])).toEqual({ exitCode: 0, failure: undefined });
    vi.unstubAllEnvs();
  });

  it('gets the signals that end us, and that is no failure', async () => {
    const before = process.listenerCount('SIGTERM');
    const running = runElectron(binary('exec sleep 60'), []);
    process.emit('SIGTERM');
    expect(await running).toEqual({ exitCode: 143, failure: undefined });
    expect(process.listenerCount('SIGTERM')).toBe(before);
  });
});
