import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemShell } from '../../main/core/shell/system-shell.ts';
import { type Connected, connectedSession } from './connected.ts';
import { reasonAgainst } from './servers.ts';

describe.skipIf(reasonAgainst('sshd'))('a terminal of this computer', () => {
  let lab: Connected;
  let bin: string;
  beforeAll(async () => {
    bin = mkdtempSync(join(tmpdir(), 'tray-terminals-'));
    lab = await connectedSession("Ada's $HOME", { folder: mkdtempSync(join(tmpdir(), 'data ü-')) });
  });
  afterAll(async () => {
    await lab.stop();
    rmSync(bin, { recursive: true });
  });

  /** It runs what stands behind `-e` or `--`, and types a command into it. */
  const terminal = (name: string, typed: string): void =>
    writeFileSync(
      join(bin, name),
      `#!/bin/sh
while [ "$1" != -e ] && [ "$1" != -- ]; do shift; done; shift
printf '%s\\n' '${typed}' exit | "$@"
`,
      { mode: 0o755 },
    );

  it.each([
    ['xterm', 'in words'],
    ['gnome-terminal', 'in words behind another flag'],
    ['konsole', 'in a file that removes itself'],
  ])('%s opens a shell in the session, told %s', async (name) => {
    terminal(name, `echo "$LOGNAME was here" > ${name}`);
    const env = { ...process.env, PATH: `${bin}:${process.env.PATH}`, DISPLAY: ':1' };
    const shell = systemShell('linux', env, () => name);
    expect(await shell.openTerminal(lab.core.app.tools.shellArgv(lab.id), "Ada's $HOME")).toEqual({});
    const there = join(lab.machine.sshd?.home ?? '', name);
    await expect.poll(() => existsSync(there) && readFileSync(there, 'utf8')).toBe('root was here\n');
  });
});
