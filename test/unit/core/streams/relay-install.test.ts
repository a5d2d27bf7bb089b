import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  NO_PYTHON,
  RELAY_COMMAND,
  RELAY_MARK,
  readRelayAnswer,
  relayInput,
} from '../../../../main/core/streams/relay-install.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** The command with these interpreters to choose from, by the text of the programs. */
function runWith(programs: readonly string[], input: Buffer): string {
  const folder = mkdtempSync(join(tmpdir(), 'tray-pythons-'));
  folders.push(folder);
  const files = programs.map((text, n) => {
    const file = join(folder, `python${n}`);
    writeFileSync(file, text);
    chmodSync(file, 0o755);
    return file;
  });
  const command = RELAY_COMMAND.replace(/for p in .*?; do/, `for p in ${files.join(' ')}; do`);
  return spawnSync('sh', ['-c', command], { input, encoding: 'utf8' }).stdout;
}

const SAYS = `#!/bin/sh\necho '${RELAY_MARK} {"at": 7, "pid": 8, "python": "3.9.0"}'\ncat > /dev/null\n`;

describe('the installation of the relay', () => {
  it('is one line without a secret', () => {
    const token = Buffer.alloc(32, 7);
    expect(RELAY_COMMAND).not.toContain('\n');
    // Some shells take it for their history.
    expect(RELAY_COMMAND).not.toContain('!');
    expect(String(relayInput({ token, client: 'c', ports: [1], tcp: false }))).toContain(
      token.toString('hex'),
    );
  });

  it.each([
    ['nothing of it', 'Welcome!\n', undefined],
    ['half of it', `${RELAY_MARK} {"at": 7`, undefined],
    [
      'it behind noise',
      `Welcome!\n\n${RELAY_MARK} {"at": "/x", "pid": 8, "python": "3.9.0"}\r\nBye`,
      { at: '/x', pid: 8, python: '3.9.0' },
    ],
    ['its name in noise', `I know ${RELAY_MARK} {"at": 7, "pid": 8, "python": "3.9.0"}\n`, undefined],
    ['no interpreter', `${RELAY_MARK} {}\n`, { error: NO_PYTHON }],
    ['a failure', `${RELAY_MARK} {"error": "OSError: full"}\n`, { error: 'OSError: full' }],
    ['garbage', `${RELAY_MARK} {no}\n`, { error: 'its answer is garbled' }],
  ])('reads %s', (_what, output, answer) => {
    expect(readRelayAnswer(output)).toEqual(answer);
  });

  it.skipIf(process.platform === 'win32')(
    'goes on to the next interpreter when one is too old or does not run',
    () => {
      const output = runWith(['#!/bin/sh\nexit 9\n', '#!/nonexistent\n', SAYS], Buffer.from('x'));
      expect(readRelayAnswer(output)).toEqual({ at: 7, pid: 8, python: '3.9.0' });
    },
  );

  it.skipIf(process.platform === 'win32')('says so when none runs', () => {
    expect(readRelayAnswer(runWith(['#!/bin/sh\nexit 9\n'], Buffer.from('x')))).toEqual({ error: NO_PYTHON });
  });
});
