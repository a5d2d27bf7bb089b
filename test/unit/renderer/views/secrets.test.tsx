import { describe, expect, it, vi } from 'vitest';
import type { SecretsView } from '../../../../preload/contract/state.ts';
import { DialogHost } from '../../../../renderer/views/DialogHost.tsx';
import { Secrets } from '../../../../renderer/views/settings/Secrets.tsx';
import { FakeWire } from '../fake-wire.ts';
import { mount } from '../mount.tsx';

const CHOICE = { place: 'memory', file: '/home/ada/secrets.json', why: 'No keyring answers.' } as const;
const MEMORY: SecretsView = { where: 'memory', choice: CHOICE };
const FILE: SecretsView = { where: 'a file', choice: { ...CHOICE, place: 'file' } };

async function secrets(view: SecretsView) {
  const wire = new FakeWire().answer('secrets.view', view);
  const mounted = await mount(
    <>
      <Secrets />
      <DialogHost />
    </>,
    {},
    wire,
  );
  await vi.waitUntil(() => mounted.root.textContent !== '');
  const radio = (label: string): HTMLInputElement => {
    const found = [...mounted.root.querySelectorAll('label')].find((l) => l.textContent === label);
    const input = found?.querySelector('input');
    if (!input) throw new Error(`No "${label}"`);
    return input;
  };
  return { ...mounted, wire, radio };
}

describe('the place of secrets', () => {
  it('is only told where the system has a keyring', async () => {
    const { root } = await secrets({ where: 'the macOS Keychain' });
    expect(root.textContent).toBe('Passwords and pasted credentials rest in the macOS Keychain.');
  });

  it('is chosen where it has none, and a file only with a yes to what that means', async () => {
    const { root, wire, radio, button } = await secrets(MEMORY);
    expect(root.textContent).toContain('No keyring answers.');
    expect(radio('Ask each time').checked).toBe(true);
    wire.answer('secrets.keep', FILE);
    radio('Keep in a file').click();
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    expect(root.querySelector('dialog')?.textContent).toContain('nothing in it is encrypted');
    expect(wire.asked('secrets.keep')).toEqual([]);
    button('Keep them there').click();
    await vi.waitUntil(() => root.textContent?.includes('but unencrypted'));
    expect(wire.asked('secrets.keep')).toEqual([{ place: 'file' }]);
    expect(radio('Keep in a file').checked).toBe(true);
  });

  it('stays what it was after a no', async () => {
    const { root, wire, radio, button } = await secrets(MEMORY);
    radio('Keep in a file').click();
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    button('Go back').click();
    await vi.waitUntil(() => radio('Ask each time').checked);
    expect(wire.asked('secrets.keep')).toEqual([]);
  });

  it('goes back to memory without a question', async () => {
    const { wire, radio } = await secrets(FILE);
    wire.answer('secrets.keep', MEMORY);
    radio('Ask each time').click();
    await vi.waitUntil(() => wire.asked('secrets.keep').length === 1);
    expect(wire.asked('secrets.keep')).toEqual([{ place: 'memory' }]);
  });
});
