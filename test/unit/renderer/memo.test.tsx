import { render } from 'preact';
import { expect, it, vi } from 'vitest';
import { memo } from '../../../renderer/parts/memo.ts';

it('a memo is drawn again only for another value', () => {
  const draw = vi.fn(({ item }: { readonly item: { readonly name: string } }) => <p>{item.name}</p>);
  const Item = memo(draw);
  const root = document.createElement('div');
  const item = { name: 'one' };
  render(<Item item={item} />, root);
  render(<Item item={item} />, root);
  expect(draw).toHaveBeenCalledTimes(1);
  render(<Item item={{ name: 'two' }} />, root);
  expect(draw).toHaveBeenCalledTimes(2);
  expect(root.textContent).toBe('two');
});
