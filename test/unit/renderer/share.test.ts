import { describe, expect, it } from 'vitest';
import { share } from '../../../renderer/share.ts';

const copy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;
const a = { id: 'a', name: 'one', link: { at: 'up' }, stages: [{ name: 'ssh' }] };
const b = { id: 'b', name: 'two', link: { at: 'off' }, stages: [] };

describe('sharing what did not change', () => {
  it.each([[1], ['text'], [null], [undefined], [[a, b]], [a], [[]]])(
    'gives back the earlier value for an equal %j',
    (value) => {
      expect(share(value, value === undefined ? undefined : copy(value))).toBe(value);
    },
  );

  it('keeps the unchanged items of a list and takes the changed one', () => {
    const before = [a, b];
    const after = share(before, copy([{ ...a, name: 'renamed' }, b]));
    expect(after).toEqual([{ ...a, name: 'renamed' }, b]);
    expect(after[0]?.link).toBe(a.link);
    expect(after[1]).toBe(b);
  });

  it('finds items by their id when others came, went or moved', () => {
    const after = share([a, b], copy([{ ...a, id: 'c' }, b, a]));
    expect(after[1]).toBe(b);
    expect(after[2]).toBe(a);
    expect(after[0]?.id).toBe('c');
  });

  it('notices a shorter list and a key that is gone', () => {
    expect(share([a, b], copy([a]))).toEqual([a]);
    expect(share<object>({ x: 1, y: 2 }, { x: 1 })).toEqual({ x: 1 });
  });

  it.each<[unknown, unknown]>([
    [[], {}],
    [{}, []],
    [null, {}],
    [1, '1'],
  ])('does not mistake %j for %j', (before, after) => {
    expect(share(before, after)).toBe(after);
  });
});
