import { describe, expect, it } from 'vitest';
import { stopwatch } from '../../../renderer/format.ts';

describe('format', () => {
  it.each([
    [-2000, '0:00'],
    [7000, '0:07'],
    [750_999, '12:30'],
    [3_723_000, '1:02:03'],
  ])('runs a stopwatch of %d ms as %s', (ms, words) => expect(stopwatch(ms)).toBe(words));
});
