import { describe, expect, it } from 'vitest';
import { age, count, countdown } from '../../../preload/contract/texts/en/units.ts';

const MIN = 60_000;
const HOUR = 60 * MIN;

describe('units', () => {
  it.each([
    [-5000, '< 1 min'],
    [59_999, '< 1 min'],
    [MIN, '1 min'],
    [59.9 * MIN, '59 min'],
    [HOUR, '1 h'],
    [3 * HOUR + 20 * MIN, '3 h 20 min'],
    [24 * HOUR, '1 d'],
    [52 * HOUR, '2 d 4 h'],
  ])('tells an age of %d ms as %s', (ms, words) => expect(age(ms)).toBe(words));

  it.each([
    [-3000, '1 s'],
    [1, '1 s'],
    [3001, '4 s'],
    [120_000, '120 s'],
    [721_000, '13 min'],
  ])('counts %d ms down as %s', (ms, words) => expect(countdown(ms)).toBe(words));

  it('counts one and many', () => {
    expect([count(1, 'agent'), count(0, 'agent'), count(2, 'GPU')]).toEqual([
      '1 agent',
      '0 agents',
      '2 GPUs',
    ]);
  });
});
