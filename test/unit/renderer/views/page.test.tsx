import { afterEach, describe, expect, it, vi } from 'vitest';
import type { TrayModel } from '../../../../preload/contract/api.ts';
import { hearMain } from '../../../../renderer/hear.ts';
import { now } from '../../../../renderer/now.ts';
import { go, route } from '../../../../renderer/route.ts';
import { Page } from '../../../../renderer/views/Page.tsx';
import { appState, ID, session } from '../../../doubles/state.ts';
import { FakeWire, LossyWire } from '../fake-wire.ts';
import { mount } from '../mount.tsx';

afterEach(() => go('sessions'));

async function page(state = {}, wire = new FakeWire()) {
  const mounted = await mount(<Page />, state, wire);
  hearMain(mounted.app);
  return mounted;
}

const notice = {
  key: 'session:1',
  session: ID(1),
  tone: 'good',
  title: 'notebook is ready',
  body: 'Connected.',
  actions: [{ label: 'Open JupyterLab', command: { do: 'openJupyter', id: ID(1) } }],
} as const;

describe('the page', () => {
  it('says in the bar, which stays in sight, that the app is gone', async () => {
    const wire = new LossyWire();
    setTimeout(() => wire.setLink(true));
    const { root } = await page({}, wire);
    const chip = () => root.querySelector('.chip')?.textContent;
    expect(chip()).toContain('Online');
    wire.setLink(false);
    await vi.waitUntil(() => chip() === 'App not running');
  });

  it('welcomes who has no server, and lists for who has', async () => {
    const { root, wire } = await page({ server: { at: 'unconfigured' } });
    await vi.waitUntil(() => root.querySelector('h1')?.textContent === 'Welcome');
    wire.tell('state.patch', { rev: 2, changed: { server: appState().server } });
    await vi.waitUntil(() => root.querySelector('h1')?.textContent === 'Sessions');
  });

  it('does not welcome anybody while clearml.conf is being read', async () => {
    const { root } = await page({ server: { at: 'starting' }, loaded: false });
    expect(root.querySelector('h1')?.textContent).toBe('Sessions');
    expect(root.querySelector('.skeleton')).not.toBeNull();
  });

  it('shows the view that main asks for', async () => {
    const { root, wire } = await page();
    wire.tell('view.shown', { view: 'settings' });
    await vi.waitUntil(() => root.querySelector('h1')?.textContent === 'Settings');
    expect(location.hash).toBe('#/settings');
  });

  it('opens the wizard in the page, or asks for its window where views are windows', async () => {
    const inPage = await page();
    inPage.button('New session').click();
    expect(route.value).toBe('launch');
    go('sessions');
    const windows = await page({}, new FakeWire('windows'));
    windows.button('New session').click();
    await vi.waitUntil(() => windows.wire.asked('view.show').length === 1);
    expect(windows.wire.asked('view.show')).toEqual([{ view: 'launch' }]);
    expect(route.value).toBe('sessions');
    expect(windows.buttons()).not.toContain('Tray');
  });
});

describe('what main tells the page', () => {
  it('the window of the wizard stays the wizard, whatever view is shown elsewhere', async () => {
    go('launch');
    const { wire } = await page({}, new FakeWire('windows'));
    wire.tell('view.shown', { view: 'sessions' });
    expect(route.value).toBe('launch');
    go('sessions');
    const main = await page({}, new FakeWire('windows'));
    main.wire.tell('view.shown', { view: 'launch' });
    expect(route.value).toBe('sessions');
    main.wire.tell('view.shown', { view: 'settings' });
    expect(route.value).toBe('settings');
  });

  it('a notice is a toast until it is withdrawn; its buttons are not doubled where the row has them', async () => {
    const { root, wire, buttons } = await page({ sessions: [session()] });
    wire.tell('notice.shown', notice);
    await vi.waitUntil(() => root.querySelector('.toast')?.textContent?.includes('notebook is ready'));
    expect(buttons().filter((b) => b === 'Open JupyterLab')).toHaveLength(1);
    go('settings');
    await vi.waitUntil(() => root.querySelector('.toast-actions') !== null);
    wire.tell('notice.withdrawn', { key: notice.key });
    await vi.waitUntil(() => root.querySelector('.toast') === null);
  });

  it('is brief over the list, where the row tells the rest, and silent, since the announcer speaks', async () => {
    const { root, wire } = await page({ sessions: [session()] });
    wire.tell('notice.shown', notice);
    await vi.waitUntil(() => root.querySelector('.toast') !== null);
    const toast = root.querySelector('.toast');
    expect(toast?.querySelector('.toast-text')?.textContent).toBe('notebook is ready');
    expect(toast?.getAttribute('aria-live')).toBe('off');
    go('settings');
    await vi.waitUntil(() => toast?.textContent?.includes('Connected.'));
  });

  it('tells all of a notice that is about no session, also to those who listen', async () => {
    const { root, wire } = await page({ sessions: [session()] });
    wire.tell('notice.shown', {
      key: 'cleanup',
      tone: 'info',
      title: 'Removed one',
      body: 'It was old.',
      actions: [],
    });
    await vi.waitUntil(() => root.querySelector('.toast') !== null);
    const toast = root.querySelector('.toast');
    expect(toast?.textContent).toContain('It was old.');
    expect(toast?.getAttribute('aria-live')).toBeNull();
  });

  it('runs the command of a notice', async () => {
    const { wire, button, root } = await page();
    go('settings');
    wire.tell('notice.shown', notice);
    await vi.waitUntil(() => root.querySelector('.toast-actions') !== null);
    button('Open JupyterLab').click();
    await vi.waitUntil(() => wire.asked('command.run').length === 1);
    expect(wire.asked('command.run')).toEqual([{ do: 'openJupyter', id: ID(1) }]);
  });

  it('a question is answered once, by a button or by Escape', async () => {
    const { root, wire, button } = await page();
    const question = { key: 'q1', title: 'Shut down?', detail: 'It ends.', yes: 'Shut down' };
    wire.tell('question.asked', question);
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    expect(root.querySelector('.page')?.getAttribute('aria-hidden')).toBe('true');
    button('Shut down').click();
    await vi.waitUntil(() => wire.asked('question.answer').length === 1);
    wire.tell('question.asked', { ...question, key: 'q2' });
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    root.querySelector('dialog')?.dispatchEvent(new Event('cancel', { cancelable: true }));
    await vi.waitUntil(() => wire.asked('question.answer').length === 2);
    expect(wire.asked('question.answer')).toEqual([
      { key: 'q1', yes: true },
      { key: 'q2', yes: false },
    ]);
    expect(root.querySelector('.page')?.hasAttribute('aria-hidden')).toBe(false);
  });

  it('a question that was answered elsewhere goes without an answer', async () => {
    const { root, wire } = await page();
    wire.tell('question.asked', { key: 'q', title: 'Shut down?', detail: '', yes: 'Shut down' });
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    wire.tell('question.withdrawn', { key: 'q' });
    await vi.waitUntil(() => root.querySelector('dialog') === null);
    expect(wire.asked('question.answer')).toEqual([]);
  });

  it('a link is opened without a way back to us, and offered in case the browser refused', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValue(null);
    const { root, wire } = await page();
    wire.tell('link.opened', { url: 'http://127.0.0.1:8878/?token=x' });
    expect(open).toHaveBeenCalledWith('http://127.0.0.1:8878/?token=x', '_blank', 'noopener');
    await vi.waitUntil(() => root.querySelector('.toast a') !== null);
    const link = root.querySelector('.toast a');
    expect([link?.textContent, link?.getAttribute('href'), link?.getAttribute('rel')]).toEqual([
      'Click here if nothing opened',
      'http://127.0.0.1:8878/?token=x',
      'noopener noreferrer',
    ]);
  });
});

describe('the tray panel', () => {
  const model: TrayModel = {
    icon: 'ok',
    tooltip: 'notebook: Connected',
    items: [
      { kind: 'note', label: 'All is well' },
      {
        kind: 'menu',
        label: 'notebook: Connected',
        items: [
          { kind: 'item', label: 'Shell', enabled: true, command: { do: 'openShell', id: ID(1) } },
          { kind: 'item', label: 'Reconnect', enabled: false, command: { do: 'reconnect', id: ID(1) } },
        ],
      },
      { kind: 'separator' },
      { kind: 'item', label: 'Quit', enabled: true, command: { do: 'quit' } },
    ],
  };

  async function tray() {
    const mounted = await page();
    mounted.wire.tell('tray.drawn', model);
    const items = (): HTMLElement[] => [...mounted.root.querySelectorAll<HTMLElement>('[role=menuitem]')];
    await vi.waitUntil(() => items().length === 2);
    const press = (key: string): void => {
      document.activeElement?.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    };
    return { ...mounted, items, press };
  }

  it('unfolds a menu in place and runs what is enabled', async () => {
    const { items, wire } = await tray();
    expect(items().map((i) => i.textContent)).toEqual(['notebook: Connected', 'Quit']);
    items()[0]?.click();
    await vi.waitUntil(() => items().length === 4);
    items()[2]?.click();
    items()[1]?.click();
    await vi.waitUntil(() => wire.asked('command.run').length > 0);
    expect(wire.asked('command.run')).toEqual([{ do: 'openShell', id: ID(1) }]);
  });

  it('keeps a menu unfolded and focused while its words change, and counts down to what is due', async () => {
    const { items, wire } = await tray();
    const menu = (label: string, dueAt?: number): TrayModel => ({
      ...model,
      items: [
        {
          kind: 'menu',
          key: ID(1),
          label,
          items: [
            {
              kind: 'item',
              label: 'Reconnect now',
              enabled: true,
              command: { do: 'reconnect', id: ID(1) },
              ...(dueAt === undefined ? {} : { dueAt }),
            },
          ],
        },
      ],
    });
    wire.tell('tray.drawn', menu('notebook: Connected'));
    await vi.waitUntil(() => items().length === 1);
    items()[0]?.click();
    await vi.waitUntil(() => items().length === 2);
    items()[1]?.focus();
    wire.tell('tray.drawn', menu('notebook: Reconnecting', now.value + 12_000));
    await vi.waitUntil(() => items()[0]?.textContent === 'notebook: Reconnecting');
    expect(items()[1]?.textContent).toBe('Reconnect now by itself in 12 s');
    expect(document.activeElement).toBe(items()[1]);
    now.value += 2000;
    await vi.waitUntil(() => items()[1]?.textContent === 'Reconnect now by itself in 10 s');
  });

  it('is walked with the arrow keys', async () => {
    const { items, press } = await tray();
    items()[0]?.focus();
    press('ArrowDown');
    expect(document.activeElement).toBe(items()[1]);
    press('ArrowDown');
    expect(document.activeElement).toBe(items()[0]);
    press('ArrowUp');
    expect(document.activeElement).toBe(items()[1]);
    press('Home');
    press('ArrowRight');
    await vi.waitUntil(() => items().length === 4);
    press('ArrowLeft');
    await vi.waitUntil(() => items().length === 2);
  });
});
