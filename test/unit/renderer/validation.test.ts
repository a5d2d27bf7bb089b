import { describe, expect, it } from 'vitest';
import { launchErrors } from '../../../renderer/validation.ts';
import { ID } from '../../doubles/state.ts';

const good = { queue: ID(1), image: '', jupyter: true, vscode: false, name: 'notebook' };

describe('the wizard’s validation', () => {
  it.each([
    ['no image', {}],
    ['an image with a tag', { image: 'nvidia/cuda:12.4.1-runtime-ubuntu22.04' }],
    ['an image with docker arguments', { image: 'python:3.11 --shm-size 8g' }],
  ])('accepts %s', (_, change) => expect(launchErrors({ ...good, ...change })).toEqual({}));

  it.each([
    ['queue', { queue: '' }, 'Choose a queue.'],
    ['image', { image: 'Not An Image' }, 'An image looks like nvidia/cuda:12.4.1-runtime-ubuntu22.04.'],
    ['name', { name: '  ' }, 'A session needs a name.'],
    ['name', { name: 'x'.repeat(121) }, 'At most 120 characters.'],
  ])('says in a sentence what is wrong with the %s', (field, change, sentence) => {
    expect(launchErrors({ ...good, ...change })).toEqual({ [field]: sentence });
  });
});
