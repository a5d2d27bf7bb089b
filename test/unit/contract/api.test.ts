import { expect, it } from 'vitest';
import { api } from '../../../preload/contract/api.ts';
import { ID } from '../../doubles/state.ts';

it('a clean-up may name as many sessions as one lists', () => {
  const ids = Array.from({ length: 5000 }, (_, n) => ID(n));
  expect(api['cleanup.delete'].arg.safeParse({ ids }).success).toBe(true);
});

it('an answer may name the question about a preset with the longest id', () => {
  const preset = 'x'.repeat(64);
  expect(api['preset.delete'].arg.safeParse({ id: preset }).success).toBe(true);
  expect(api['question.answer'].arg.safeParse({ key: `launch:${preset}`, yes: true }).success).toBe(true);
});
