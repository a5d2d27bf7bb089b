import { describe, expect, it, vi } from 'vitest';
import type { AppState } from '../../../../preload/contract/state.ts';
import { DialogHost } from '../../../../renderer/views/DialogHost.tsx';
import { Settings } from '../../../../renderer/views/settings/Settings.tsx';
import { Toasts } from '../../../../renderer/views/Toasts.tsx';
import { mount } from '../mount.tsx';

async function settings(state: Partial<AppState> = {}) {
  const mounted = await mount(
    <>
      <Settings />
      <Toasts />
      <DialogHost />
    </>,
    state,
  );
  /** The control of this label. */
  const field = <T extends HTMLElement = HTMLInputElement>(label: string): T => {
    const found = [...mounted.root.querySelectorAll('label')].find((l) => l.textContent === label);
    if (!found) throw new Error(`No field "${label}"`);
    return document.getElementById(found.htmlFor) as T;
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

describe('the settings of the log', () => {
  it('change how much is written', async () => {
    const { field, wire } = await settings();
    const select = field<HTMLSelectElement>('Write down');
    expect(select.value).toBe('info');
    select.value = 'debug';
    select.dispatchEvent(new Event('change', { bubbles: true }));
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
