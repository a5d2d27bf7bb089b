import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemShell } from '../../../../main/core/shell/system-shell.ts';

describe.skipIf(process.platform === 'win32')('the shell of this computer', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'shell-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** A program that writes its words, one a line. */
  function program(name: string): string {
    const out = join(folder, `${name}.words`);
    const file = join(folder, name);
    writeFileSync(file, `#!/bin/sh\nprintf '%s\\n' "$@" > '${out}.part'\n/bin/mv '${out}.part' '${out}'\n`);
    chmodSync(file, 0o755);
    return out;
  }

  const shell = (env: NodeJS.ProcessEnv, custom = '') => systemShell('linux', env, () => custom);

  it('finds a terminal on the PATH and hands it the words unchanged', async () => {
    program('ssh');
    const words = program('xterm');
    const found = shell({ PATH: folder, DISPLAY: ':1' });
    expect(found.available).toBe(true);
    await found.openTerminal(['ssh', "it's $HOME"], 'A title');
    const read = await vi.waitFor(() => readFileSync(words, 'utf8'));
    expect(read.startsWith('-T\nA title\n-e\nsh\n-c\n')).toBe(true);
    expect(read.endsWith("sh\nssh\nit's $HOME\n")).toBe(true);
  });

  it('takes no folder of its name for a program', () => {
    program('ssh');
    mkdirSync(join(folder, 'kitty'));
    program('xterm');
    expect(shell({ PATH: folder, DISPLAY: ':1' }).terminals.map(({ id }) => id)).toEqual(['xterm']);
  });

  it('hands a file that removes itself to a terminal that takes no words', async () => {
    program('ssh');
    program('xterm');
    const words = program('qterminal');
    const found = systemShell('linux', { PATH: folder, DISPLAY: ':1' }, () => 'qterminal');
    expect(found.terminals).toEqual([
      { id: 'qterminal', name: 'QTerminal' },
      { id: 'xterm', name: 'XTerm' },
    ]);
    await found.openTerminal(
      ['sh', '-c', 'printf %s "$1" > "$2"', 'sh', "it's $HOME", join(folder, 'ran')],
      '',
    );
    const [, file = ''] = (await vi.waitFor(() => readFileSync(words, 'utf8'))).trim().split('\n');
    execFileSync(file);
    expect(readFileSync(join(folder, 'ran'), 'utf8')).toBe("it's $HOME");
    expect(existsSync(dirname(file))).toBe(false);
  });

  it('names the chosen terminal where it had to take another', async () => {
    program('ssh');
    const words = program('xterm');
    const found = systemShell('linux', { PATH: folder, DISPLAY: ':1' }, () => 'kitty');
    expect(await found.openTerminal(['ssh', 'x'], '')).toEqual({ missing: 'kitty' });
    expect(await vi.waitFor(() => readFileSync(words, 'utf8'))).toContain('ssh\nx\n');
  });

  it('runs the command of the person even where no terminal was found', async () => {
    const words = program('mine');
    const found = shell({ PATH: '' }, `${join(folder, 'mine')} {ssh}`);
    expect(found.available).toBe(true);
    await found.openTerminal(['ssh', 'x'], 'A title');
    expect(await vi.waitFor(() => readFileSync(words, 'utf8'))).toBe('ssh\nx\n');
  });

  it('says what it could not start', async () => {
    await expect(
      shell({ PATH: folder }, 'no-such-terminal {ssh}').openTerminal(['ssh'], ''),
    ).rejects.toMatchObject({
      code: 'unsupported',
      message: 'no-such-terminal could not be started.',
    });
  });

  it('is not available without a desktop', () => {
    program('ssh');
    program('xterm');
    expect(shell({ PATH: folder }).available).toBe(false);
  });
});
