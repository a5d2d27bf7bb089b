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
    screens.at(-1)?.shown({ cols: 120, rows: 40 });
    await vi.waitUntil(() => app.terminals.tabs.value.at(-1)?.shell === `k${n}`);
  }
  const shellOfActive = () =>
    app.terminals.tabs.value.find(({ key }) => key === app.terminals.active.value)?.shell;
  const [heard] = screens;
  if (!heard) throw new Error('No screen was opened.');
  const question = async () => {
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const [dialog] = app.dialogs.open.value;
    if (dialog?.kind !== 'confirm') throw new Error('Nothing is asked.');
    return dialog;
  };
  return { wire, app, heard, question, shellOfActive };
}

describe('the terminals of a page', () => {
  beforeEach(() => screens.splice(0));

  it('open their shells as large as they are, and keep what is typed before that', async () => {
    const wire = new FakeWire()
      .holds(appState())
      .answer('shell.write', undefined)
      .answer('shell.close', undefined);
    const app = makeApp(wire);
    await app.terminals.open(ID(1), 'lab');
    expect(wire.asked('shell.open')).toEqual([]);
    const [heard] = screens;
    heard?.typed('early');
    wire.answer('shell.open', { key: 'k' });
    heard?.shown({ cols: 120, rows: 40 });
    await vi.waitUntil(() => wire.asked('shell.write').length === 1);
    expect(wire.asked('shell.open')).toEqual([{ id: ID(1), cols: 120, rows: 40 }]);
    expect(wire.asked('shell.write')).toEqual([{ key: 'k', text: 'early' }]);
  });

  it('are gone, with a sentence, where no shell opens', async () => {
    const wire = new FakeWire()
      .holds(appState())
      .refuse('shell.open', { code: 'conflict', message: 'No shell.' });
    const app = makeApp(wire);
    await app.terminals.open(ID(1), 'lab');
    screens[0]?.shown({ cols: 120, rows: 40 });
    await vi.waitUntil(() => app.terminals.tabs.value.length === 0);
    expect(app.toasts.shown.value.map(({ title }) => title)).toEqual(['No shell.']);
  });

  it('close a shell that opens after its tab was closed', async () => {
    const wire = new FakeWire()
      .holds(appState())
      .answer('shell.close', undefined)
      .answer('shell.open', { key: 'k' });
    const app = makeApp(wire);
    await app.terminals.open(ID(1), 'lab');
    screens[0]?.shown({ cols: 120, rows: 40 });
    app.terminals.close(app.terminals.active.value ?? '');
    await vi.waitUntil(() => wire.asked('shell.close').length === 1);
    expect(wire.asked('shell.close')).toEqual([{ key: 'k' }]);
  });

  it('are gone through in a circle by their keys', async () => {
    const { heard, shellOfActive } = await opened(3);
    expect(shellOfActive()).toBe('k2');
    heard.asked('next');
    expect(shellOfActive()).toBe('k0');
    heard.asked('previous');
    heard.asked('previous');
    expect(shellOfActive()).toBe('k1');
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
