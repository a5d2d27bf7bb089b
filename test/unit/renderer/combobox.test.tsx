import { signal } from '@preact/signals';
import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../../preload/contract/errors.ts';
import { type Choice, Combobox, type Source } from '../../../renderer/parts/Combobox.tsx';
import { Field } from '../../../renderer/parts/Field.tsx';
import { mount, type } from './mount.tsx';

const choice = (value: string): Choice => ({ value, label: value });
const fruits = ['apple', 'banana', 'cherry'].map(choice);

async function box(source: Source, first = '', nothing?: string) {
  const value = signal(first);
  const chosen: string[] = [];
  const Draw = () => (
    <Field label="Fruit">
      {(attributes) => (
        <Combobox
          attributes={attributes}
          value={value.value}
          source={source}
          {...(nothing ? { nothing } : {})}
          onInput={(text) => {
            value.value = text;
          }}
          onChoose={(picked) => {
            chosen.push(picked.value);
            value.value = picked.value;
          }}
        />
      )}
    </Field>
  );
  const { root } = await mount(<Draw />);
  const input = root.querySelector('input') as HTMLInputElement;
  const options = (): HTMLElement[] => [...root.querySelectorAll<HTMLElement>('[role=option]')];
  return {
    root,
    input,
    value,
    chosen,
    options,
    labels: () => options().map((o) => o.querySelector('.choice-label')?.textContent),
    press: async (key: string): Promise<KeyboardEvent> => {
      const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true });
      input.dispatchEvent(event);
      await vi.waitFor(() => {});
      await new Promise((drawn) => setTimeout(drawn));
      return event;
    },
    active: () =>
      root.querySelector(`#${input.getAttribute('aria-activedescendant') ?? 'none'} .choice-label`)
        ?.textContent,
  };
}

const matching: Source = { find: (text) => fruits.filter(({ value }) => value.includes(text)) };

describe('a field that offers what it may hold', () => {
  it('is closed until it is asked, and says so', async () => {
    const { input, options, press } = await box(matching);
    expect(input.getAttribute('aria-expanded')).toBe('false');
    await press('ArrowDown');
    expect(input.getAttribute('aria-expanded')).toBe('true');
    expect(options()).toHaveLength(3);
  });

  it('goes round with the arrows, by way of the field itself, and takes with Enter', async () => {
    const { press, active, chosen, input } = await box(matching);
    await press('ArrowDown');
    await press('ArrowDown');
    expect(active()).toBe('apple');
    await press('ArrowUp');
    expect(active()).toBeUndefined();
    await press('ArrowUp');
    expect(active()).toBe('cherry');
    expect((await press('Enter')).defaultPrevented).toBe(true);
    expect(chosen).toEqual(['cherry']);
    expect(input.value).toBe('cherry');
    expect(input.getAttribute('aria-expanded')).toBe('false');
  });

  it('leaves Enter to others while nothing of the list is meant', async () => {
    const { input, press, chosen } = await box(matching);
    type(input, 'an');
    expect((await press('Enter')).defaultPrevented).toBe(false);
    expect(chosen).toEqual([]);
  });

  it('offers everything at first, and what matches once something is typed', async () => {
    const { input, labels, press } = await box(matching, 'cherry');
    await press('ArrowDown');
    expect(labels()).toEqual(['apple', 'banana', 'cherry']);
    type(input, 'an');
    await vi.waitUntil(() => labels().length === 1);
    expect(labels()).toEqual(['banana']);
  });

  it('closes with Escape and keeps what was typed', async () => {
    const { input, press, options, value } = await box(matching);
    type(input, 'a');
    await vi.waitUntil(() => options().length === 2);
    await press('Escape');
    expect(options()).toHaveLength(0);
    expect(value.value).toBe('a');
  });

  it('draws fifty of five thousand, and says that there are more', async () => {
    const many = Array.from({ length: 5000 }, (_, n) => choice(`task ${n}`));
    const { press, options, root } = await box({ find: () => many });
    await press('ArrowDown');
    expect(options()).toHaveLength(50);
    expect(root.querySelector('[role=status]')?.textContent).toBe('4950 more: type to find them.');
  });

  it('does not choose what cannot be chosen, and says why', async () => {
    const { press, options, chosen } = await box({
      find: () => [{ ...choice('gone'), refused: 'It has no git repository.' }],
    });
    await press('ArrowDown');
    options()[0]?.click();
    expect(options()[0]?.textContent).toContain('It has no git repository.');
    expect(chosen).toEqual([]);
  });

  it('shows the answer to the last question, however late an earlier one comes', async () => {
    const answers: Record<string, (found: readonly Choice[]) => void> = {};
    const { input, labels } = await box({
      find: (text) =>
        new Promise((resolve) => {
          answers[text] = resolve;
        }),
    });
    type(input, 'a');
    await vi.waitUntil(() => answers['a']);
    type(input, 'ab');
    await vi.waitUntil(() => answers['ab']);
    answers['ab']?.([choice('abacus')]);
    await vi.waitUntil(() => labels().length === 1);
    answers['a']?.([choice('apple'), choice('avocado')]);
    await new Promise((later) => setTimeout(later, 20));
    expect(labels()).toEqual(['abacus']);
  });

  it('says when a search failed, but not when a newer one took its place', async () => {
    const fail = (error: AppError) => ({ find: () => Promise.reject(error) });
    const failed = await box(fail(new AppError('timeout', 'ClearML took too long.')));
    await failed.press('ArrowDown');
    await vi.waitUntil(() => failed.root.textContent?.includes('ClearML took too long.'));
    const replaced = await box(fail(new AppError('cancelled', 'Cancelled.')));
    await replaced.press('ArrowDown');
    expect(replaced.root.textContent).not.toContain('Cancelled');
  });

  it('is quiet about finding nothing where any text will do', async () => {
    const any = await box({ find: () => [] });
    await any.press('ArrowDown');
    expect(any.input.getAttribute('aria-expanded')).toBe('false');
    const only = await box({ find: () => [] }, '', 'Nothing found.');
    await only.press('ArrowDown');
    expect(only.root.querySelector('[role=status]')?.textContent).toBe('Nothing found.');
  });
});
