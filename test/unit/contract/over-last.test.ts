import { describe, expect, it } from 'vitest';
import { DEFAULTS, overLast, type SomeOptions } from '../../../preload/contract/options.ts';

const TASK = 'a'.repeat(32);
const last = { ...DEFAULTS, packages: 'numpy', initScript: 'echo 1', docker: 'python:3.12' };

describe('what a launch starts from', () => {
  it.each<[string, SomeOptions, SomeOptions]>([
    ['are kept where nothing else is asked for', {}, {}],
    ['are kept with the base task that they were chosen for', { baseTaskId: '' }, {}],
    ['of another base task are not', { baseTaskId: TASK }, { packages: '', initScript: '' }],
    [
      'that are asked for are, whatever the base task',
      { baseTaskId: TASK, packages: 'torch' },
      { initScript: '' },
    ],
  ])('packages and init script of the last launch: they %s', (_, asked, different) => {
    expect(overLast(last, asked)).toEqual({ ...last, ...different, ...asked });
  });
});
