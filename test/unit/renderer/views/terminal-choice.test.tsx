import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../../preload/contract/preferences.ts';
import { Terminal } from '../../../../renderer/views/settings/Terminal.tsx';
import { appState } from '../../../doubles/state.ts';
import { mount } from '../mount.tsx';

const TERMINALS = [
  { id: 'konsole', name: 'Konsole' },
  { id: 'xterm', name: 'XTerm' },
];

async function choice(terminal: string, terminals = TERMINALS) {
  const preferences = { ...DEFAULT_PREFERENCES, terminal };
  const mounted = await mount(<Terminal />, { preferences, app: { ...appState().app, terminals } });
  mounted.wire.answer('preferences.set', preferences);
  const select = mounted.root.querySelector('select') as HTMLSelectElement;
  const choose = (index: number): void => {
    select.selectedIndex = index;
    select.dispatchEvent(new Event('change', { bubbles: true }));
  };
  const input = () => mounted.root.querySelector<HTMLInputElement>('input[type=text]');
  return { ...mounted, select, choose, input };
}
const words = (select: HTMLSelectElement) => [...select.options].map((option) => option.textContent);

describe('the choice of a terminal', () => {
  it('offers what is installed, the app’s own and a command', async () => {
    const { select, choose, wire } = await choice('');
    expect(words(select)).toEqual([
      'The terminal of the system (Konsole)',
      'A tab of this app',
      'Konsole',
      'XTerm',
      'A command of your own…',
    ]);
    choose(3);
    await vi.waitUntil(() => wire.asked('preferences.set').length === 1);
    expect(wire.asked('preferences.set')).toEqual([{ terminal: 'xterm' }]);
  });

  it('names the chosen one that is no longer there', async () => {
    const { select, root } = await choice('kitty');
    expect(words(select)).toContain('kitty (not found)');
    expect(root.textContent).toContain('kitty was not found on this computer');
  });

  it('says what happens where there is none', async () => {
    const { select } = await choice('', []);
    expect(words(select)[0]).toBe('No terminal was found: the command to paste is shown');
  });

  it('shows the command that is set, also by an import of settings', async () => {
    const { app, input, select, wire } = await choice('');
    expect(input()).toBeNull();
    const preferences = { ...app.store.preferences.value, terminal: 'foot {ssh}' };
    wire.tell('state.patch', { rev: 2, changed: { preferences } });
    await vi.waitUntil(() => input()?.value === 'foot {ssh}');
    expect(select.selectedIndex).toBe(4);
  });

  it('takes a command only with a place for ssh in it', async () => {
    const { choose, input, root, wire } = await choice('');
    choose(4);
    await vi.waitUntil(() => input() !== null);
    expect(wire.asked('preferences.set')).toEqual([]);
    const write = (text: string): void => {
      const field = input() as HTMLInputElement;
      field.value = text;
      field.dispatchEvent(new Event('change', { bubbles: true }));
    };
    write('xterm');
    await vi.waitUntil(() => root.textContent?.includes('Write {ssh} where the ssh command goes.'));
    expect(wire.asked('preferences.set')).toEqual([]);
    write('xterm -e {ssh}');
    await vi.waitUntil(() => wire.asked('preferences.set').length === 1);
    expect(wire.asked('preferences.set')).toEqual([{ terminal: 'xterm -e {ssh}' }]);
  });
});
