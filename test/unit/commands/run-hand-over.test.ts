import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readCommandLine } from '../../../main/commands/command-line.ts';
import { handOverOf } from '../../../main/commands/hand-over.ts';
import { HandOver } from '../../../main/core/hand-over.ts';
import { DEFAULTS } from '../../../preload/contract/options.ts';
import { ID } from '../../doubles/state.ts';

describe('a command line for the app', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hand-over-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const handOver = (...argv: string[]) => {
    const line = readCommandLine(argv);
    if (line.is !== 'request') throw new Error('no request');
    return handOverOf(line.request, true);
  };

  it.each([
    ['--queue', 'gpu', '--password', 'x', '--packages', 'torch', 'tqdm', '--yes'],
    ['--attach', ID(1), '--username', 'ada', '--shell', '--queue', 'gpu'],
    ['--attach'],
    ['connect'],
    ['open', 'one', 'cursor'],
    ['open', 'clearml-session-tray://launch?preset=x'],
  ])('is what the app takes: %s %s', (...argv) => {
    expect(HandOver.safeParse(handOver(...argv)).error).toBeUndefined();
  });

  it('that asks for nothing hands nothing over', () => {
    expect(handOver('--no-open')).toBeUndefined();
  });

  it('attaches with the options that make sense for it', () => {
    expect(handOver('--attach', ID(1), '--username', 'ada', '--docker', 'x')).toMatchObject({
      do: 'attach',
      session: ID(1),
      options: { username: 'ada' },
    });
  });

  it('starts from a state file instead of what the app remembers, which then remembers nothing', () => {
    const file = join(folder, 'state.json');
    writeFileSync(file, JSON.stringify({ queue: 'gpu', docker: 'python:3.12', password: 'old' }));
    expect(handOver('--config-file', file, '--docker', 'debian')).toMatchObject({
      options: { ...DEFAULTS, queue: 'gpu', docker: 'debian' },
      remember: false,
    });
    expect(handOver('--queue', 'gpu')).toMatchObject({ options: { queue: 'gpu' }, remember: true });
  });

  it('is refused with another file than a state file', () => {
    const file = join(folder, 'state.json');
    writeFileSync(file, 'nonsense');
    expect(readCommandLine(['--config-file', file])).toEqual({
      is: 'wrong',
      message: `--config-file: ${file} is no state file of clearml-session.`,
    });
  });
});
