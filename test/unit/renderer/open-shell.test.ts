import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenedShell } from '../../../preload/contract/api.ts';
import { makeApp } from '../../../renderer/app.ts';
import { hearMain } from '../../../renderer/hear.ts';
import { go, route } from '../../../renderer/route.ts';
import { openShell } from '../../../renderer/views/terminal/open-shell.ts';
import { appState, ID, session } from '../../doubles/state.ts';
import { FakeWire } from './fake-wire.ts';

vi.mock('../../../renderer/views/terminal/screen.ts', () => ({ openScreen: () => ({}) }));

const LAB = session({ name: 'lab' });

async function opened(terminal: string, wanted: readonly string[] = []) {
  const state = appState({ sessions: [LAB] });
  const wire = new FakeWire('page')
    .holds({ ...state, preferences: { ...state.preferences, terminal } })
    .answer('shell.take', { ids: wanted })
    .answer('shell.open', { key: 'k' });
  const app = makeApp(wire);
  hearMain(app);
  await vi.waitUntil(() => app.store.mirror.value.at === 'live');
  const tabs = () => app.terminals.tabs.value.map(({ title }) => title);
  return { wire, app, tabs };
}

describe('a shell', () => {
  beforeEach(() => go('sessions'));

  it('opens in a tab where that is the person’s terminal', async () => {
    const { app, wire, tabs } = await opened('tab');
    await openShell(app, LAB);
    expect([tabs(), route.value]).toEqual([['lab'], 'terminal']);
    expect(wire.asked('session.openShell')).toEqual([]);
  });

  it.each<[string, OpenedShell, readonly string[], number]>([
    ['opens in a program, silently', { opened: true, command: 'ssh x' }, [], 0],
    [
      'opens in another program than the chosen one, which is said',
      { opened: true, command: 'ssh x', missing: 'kitty' },
      ['kitty was not found, so the terminal of the system was opened'],
      0,
    ],
    ['is a command to paste where none opens', { opened: false, command: 'ssh x' }, [], 1],
  ])('%s', async (_, answer, titles, dialogs) => {
    const { app, wire, tabs } = await opened('');
    wire.answer('session.openShell', answer);
    await openShell(app, LAB);
    expect(app.toasts.shown.value.map(({ title }) => title)).toEqual(titles);
    expect(app.dialogs.open.value).toHaveLength(dialogs);
    expect(tabs()).toEqual([]);
  });

  it('that was asked for in the tray opens in the page that was opened for it', async () => {
    const { tabs } = await opened('tab', [ID(1)]);
    await vi.waitUntil(() => tabs().length === 1);
    expect(route.value).toBe('terminal');
  });

  it('that was asked for in the tray opens in the page that is open', async () => {
    const { wire, tabs } = await opened('tab');
    await vi.waitUntil(() => wire.asked('shell.take').length === 1);
    wire.answer('shell.take', { ids: [ID(1), ID(7)] });
    wire.tell('shell.wanted', {});
    await vi.waitUntil(() => tabs().length === 1);
    expect(tabs()).toEqual(['lab']);
  });
});
