import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { handOverOf, readCommandLine } from '../../../main/commands/command-line.ts';
import { presetOptionsOf } from '../../../main/commands/preset.ts';

describe('a preset on the command line', () => {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'preset-'));
    mkdirSync(join(home, 'data'));
    mkdirSync(join(home, 'project', '.git'), { recursive: true });
    mkdirSync(join(home, 'project', 'src'));
    const own = [
      { id: 'a', name: 'Training', description: '', options: { queue: 'gpu', docker: 'python:3.12' } },
      { id: 'b', name: 'Training at night', description: '', options: { queue: 'night' } },
    ];
    writeFileSync(join(home, 'data', 'settings.json'), JSON.stringify({ presets: own }));
    const project = [
      { name: 'Notebook', queue: 'cpu' },
      { name: 'training', queue: 'other' },
      { name: 'Mistyped', queue: 'cpu', dokcer: 'python:3.12' },
    ];
    writeFileSync(join(home, 'project', '.clearml-session.json'), JSON.stringify({ presets: project }));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const options = (name: string) =>
    presetOptionsOf(name, { appFolder: join(home, 'data'), folder: join(home, 'project', 'src'), home });
  const read = (...argv: string[]) => readCommandLine(['--user-data-dir', join(home, 'data'), ...argv]);

  it.each([
    ['TRAINING', { queue: 'gpu', docker: 'python:3.12' }],
    ['training at', { queue: 'night' }],
    ['Notebook', { queue: 'cpu' }],
    ['note', { queue: 'cpu' }],
  ])('is found as %s: an own one before one of the project', (name, found) => {
    expect(options(name)).toEqual(found);
  });

  it.each([
    ['Trainig', 'There is no preset "Trainig". Did you mean "Training"?'],
    ['train', '--preset "train" may mean "Training", "Training at night".'],
    ['something else', 'There are "Training", "Training at night", "Notebook", "Mistyped".'],
    ['', 'There is no preset "".'],
  ])('that is none is told with those that are near: %s', (name, message) => {
    expect(() => options(name)).toThrow(message);
  });

  it('is not used in part: nobody would see what is left out', () => {
    expect(() => options('Mistyped')).toThrow(
      /^The preset "Mistyped" in ~.*\.clearml-session\.json cannot be used\. dokcer: There is no such option\. Did you mean docker\?$/,
    );
  });

  it('is below the flags that stand beside it', () => {
    const line = read('--preset', 'Training', '--docker', 'debian', '--yes');
    if (line.is !== 'request') throw new Error(JSON.stringify(line));
    expect(handOverOf(line.request, true)).toMatchObject({
      do: 'launch',
      options: { queue: 'gpu', docker: 'debian' },
      yes: true,
    });
  });

  it('is wrong use where it is not there, or nothing is launched', () => {
    expect(read('--preset', 'Training at')).toMatchObject({ is: 'request' });
    expect(read('--preset', 'Notebok')).toMatchObject({ is: 'wrong' });
    expect(read('--preset', 'Training', '--attach')).toMatchObject({
      is: 'wrong',
      message: '--preset has no meaning for --attach.',
    });
  });
});
