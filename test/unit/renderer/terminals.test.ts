import { beforeEach, describe, expect, it, vi } from 'vitest';
import { makeApp } from '../../../renderer/app.ts';
import type { Heard } from '../../../renderer/views/terminal/screen.ts';
import { appState, ID } from '../../doubles/state.ts';
import { FakeWire } from './fake-wire.ts';

const screens = vi.hoisted(() => [] as Heard[]);
vi.mock('../../../renderer/views/terminal/screen.ts', () => ({
  openScreen: (heard: Heard) => {
    screens.push(heard);
    return { dispose: () => {} };
  },
}));

async function opened(shells: number, views: 'page' | 'windows' = 'page') {
  const wire = new FakeWire(views).holds(appState());
  const app = makeApp(wire);
  for (let n = 0; n < shells; n++) {
    wire.answer('shell.open', { key: `k${n}` });
    await app.terminals.open(ID(1), 'lab');
  }
  const [heard] = screens;
  if (!heard) throw new Error('No screen was opened.');
  const question = async () => {
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const [dialog] = app.dialogs.open.value;
    if (dialog?.kind !== 'confirm') throw new Error('Nothing is asked.');
    return dialog;
  };
  return { wire, app, heard, question };
}

describe('the terminals of a page', () => {
  beforeEach(() => screens.splice(0));

  it('are gone through in a circle by their keys', async () => {
    const { app, heard } = await opened(3);
    const { active } = app.terminals;
    expect(active.value).toBe('k2');
    heard.asked('next');
    expect(active.value).toBe('k0');
    heard.asked('previous');
    heard.asked('previous');
    expect(active.value).toBe('k1');
  });

  it.each([
    ['a\nb\r\nc', 'Paste 3 lines?', 'a\nb\nc'],
    ['rm -rf x\n', 'Paste a line that is run at once?', 'rm -rf x'],
    [Array.from({ length: 20 }, (_, n) => n).join('\n'), 'Paste 20 lines?', /^0\n[\s\S]+\n11\n… and 8 more$/],
  ])('ask before lines are pasted that a shell would run at once: %j', async (text, title, shown) => {
    const { heard, question } = await opened(1);
    const pasted = heard.mayPaste(text);
    const asked = await question();
    expect(asked.question.title).toBe(title);
    expect(asked.question.text).toMatch(shown);
    asked.answer(false);
    expect(await pasted).toBe(false);
  });

  it('open an address that is to be read on the screen', async () => {
    const { wire, heard } = await opened(1, 'windows');
    wire.answer('shell.openLink', undefined);
    heard.followed('https://example.com/', false);
    await vi.waitUntil(() => wire.asked('shell.openLink').length === 1);
    expect(wire.asked('shell.openLink')).toEqual([{ url: 'https://example.com/' }]);
  });

  it('show an address that is not to be read on the screen, and ask', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const { heard, question } = await opened(1);
    heard.followed('https://evil.example/', true);
    const asked = await question();
    expect(asked.question.text).toBe('https://evil.example/');
    expect(open).not.toHaveBeenCalled();
    asked.answer(true);
    await vi.waitUntil(() => open.mock.calls.length === 1);
    expect(open).toHaveBeenCalledWith('https://evil.example/', '_blank', 'noopener');
  });
});
