import { describe, expect, it, vi } from 'vitest';
import { DEFAULT_PREFERENCES } from '../../../../preload/contract/preferences.ts';
import type { AppState } from '../../../../preload/contract/state.ts';
import { DialogHost } from '../../../../renderer/views/DialogHost.tsx';
import { Settings } from '../../../../renderer/views/settings/Settings.tsx';
import { Toasts } from '../../../../renderer/views/Toasts.tsx';
import { appState } from '../../../doubles/state.ts';
import { FakeWire } from '../fake-wire.ts';
import { mount } from '../mount.tsx';

function choose(select: HTMLSelectElement, value: string): void {
  select.value = value;
  select.dispatchEvent(new Event('change', { bubbles: true }));
}

async function settings(state: Partial<AppState> = {}, wire = new FakeWire()) {
  const mounted = await mount(
    <>
      <Settings />
      <Toasts />
      <DialogHost />
    </>,
    state,
    wire,
  );
  /** The control of this label. */
  const field = <T extends HTMLElement = HTMLInputElement>(label: string): T => {
    const found = [...mounted.root.querySelectorAll('label')].find((l) => l.textContent === label);
    if (!found) throw new Error(`No field "${label}"`);
    return mounted.root.querySelector(`[id="${found.htmlFor}"]`) as T;
  };
  return { ...mounted, field };
}

describe('the settings', () => {
  it('list their sections, and lead to each', async () => {
    const { root, button } = await settings();
    const titles = [...root.querySelectorAll('section > h2')].map((h) => h.textContent);
    const listed = [...root.querySelectorAll('nav button')].map((b) => b.textContent);
    expect(listed).toEqual(titles);
    button('Log').click();
    expect(document.activeElement?.textContent).toBe('Log');
  });

  it('leave out what there is nothing to say about', async () => {
    const { root } = await settings({ server: { at: 'unconfigured' } });
    const listed = [...root.querySelectorAll('nav button')].map((b) => b.textContent);
    expect(listed).not.toContain('Server');
  });
});

describe('the settings of the start', () => {
  it('offer to begin in the tray only where there are windows to do without', async () => {
    const inPage = await settings();
    expect(inPage.root.textContent).not.toContain('Start hidden');
    const { field, wire } = await settings({}, new FakeWire('windows'));
    field('Start hidden').click();
    await vi.waitUntil(() => wire.asked('preferences.set').length === 1);
    expect(wire.asked('preferences.set')).toEqual([{ startHidden: true }]);
  });
});

describe('the preferred editor', () => {
  const [code, zed] = [
    { id: 'vscode', name: 'VS Code' },
    { id: 'zed', name: 'Zed' },
  ] as const;

  it('is asked for where there are several', async () => {
    const one = await settings({ app: { ...appState().app, editors: [zed] } });
    expect(one.root.textContent).not.toContain('Preferred editor');
    const { field, wire } = await settings({ app: { ...appState().app, editors: [zed, code] } });
    const select = field<HTMLSelectElement>('Preferred editor');
    expect([...select.querySelectorAll('option')].map((o) => o.text)).toEqual(['No preference', 'VS Code', 'Zed']);
    choose(select, 'zed');
    await vi.waitUntil(() => wire.asked('preferences.set').length === 1);
    expect(wire.asked('preferences.set')).toEqual([{ editor: 'zed' }]);
  });

  it('stays chosen where it is not found, and says so', async () => {
    const { field } = await settings({
      app: { ...appState().app, editors: [zed, code] },
      preferences: { ...DEFAULT_PREFERENCES, editor: 'cursor' },
    });
    const select = field<HTMLSelectElement>('Preferred editor');
    expect(select.querySelector('option:last-child')?.textContent).toBe('cursor (not found on this computer)');
  });
});

describe('the settings of the log', () => {
  it('change how much is written', async () => {
    const { field, wire } = await settings();
    const select = field<HTMLSelectElement>('Write down');
    expect(select.value).toBe('info');
    choose(select, 'debug');
    await vi.waitUntil(() => wire.asked('preferences.set').length === 1);
    expect(wire.asked('preferences.set')).toEqual([{ logLevel: 'debug' }]);
  });

  it('show its last lines', async () => {
    const { button, root, wire } = await settings();
    wire.answer('log.read', { lines: ['{"message":"one"}', '{"message":"two"}'] });
    button('Show log').click();
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    expect(root.querySelector('dialog pre')?.textContent).toBe('{"message":"one"}\n{"message":"two"}');
  });
});
