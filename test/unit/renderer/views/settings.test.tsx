import { describe, expect, it, vi } from 'vitest';
import type { SettingsChanges } from '../../../../preload/contract/api.ts';
import { DEFAULTS, rememberedOf } from '../../../../preload/contract/options.ts';
import { DEFAULT_PREFERENCES } from '../../../../preload/contract/preferences.ts';
import type { AppState } from '../../../../preload/contract/state.ts';
import { Toasts } from '../../../../renderer/parts/Toasts.tsx';
import { DialogHost } from '../../../../renderer/views/DialogHost.tsx';
import { Settings } from '../../../../renderer/views/settings/Settings.tsx';
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
    expect([...select.querySelectorAll('option')].map((o) => o.text)).toEqual([
      'No preference',
      'VS Code',
      'Zed',
    ]);
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
    expect(select.querySelector('option:last-child')?.textContent).toBe(
      'cursor (not found on this computer)',
    );
  });
});

describe('the last answers of the wizard', () => {
  it('are shown where they differ, forgotten, and taken back', async () => {
    const launchDefaults = { ...DEFAULTS, docker: 'mine:1', forceDropbear: true };
    const { root, button, buttons, wire } = await settings({ launchDefaults });
    expect(root.querySelector('.last-answers')?.textContent).toBe('Docker imagemine:1Dropbearon');
    button('Forget the last answers').click();
    await vi.waitUntil(() => buttons().includes('Undo'));
    expect(wire.asked('defaults.reset')).toHaveLength(1);
    button('Undo').click();
    await vi.waitUntil(() => root.textContent?.includes('starts from the last answers again'));
    expect(wire.asked('defaults.restore')).toEqual([{ options: rememberedOf(launchDefaults) }]);
    expect(document.activeElement?.textContent).toBe('The wizard starts from the last answers again.');
  });
});

describe('an import of settings', () => {
  const FILE = { text: '{"settings":{}}', file: 'mine.json' };

  async function picked(changes: SettingsChanges) {
    const mounted = await settings({}, new FakeWire().answer('settings.preview', changes));
    const picker = mounted.root.querySelector<HTMLInputElement>('input[type=file]');
    if (!picker) throw new Error('No picker');
    const file = new File([FILE.text], FILE.file, { type: 'application/json' });
    Object.defineProperty(picker, 'files', { value: [file] });
    picker.dispatchEvent(new Event('change', { bubbles: true }));
    await vi.waitUntil(() => mounted.root.querySelector('dialog') !== null);
    return mounted;
  }

  it('shows what it would change before it does, and is taken back', async () => {
    const { root, button, buttons, wire } = await picked({
      preferences: { theme: 'dark', cleanup: { auto: true, days: 7 }, terminal: 'sh -c evil' },
      launch: { docker: 'theirs:2' },
      presets: [{ name: 'Training', description: '', options: { queue: 'gpu' } }],
      skipped: [{ name: 'colour', why: 'There is no such setting.' }],
    });
    const rows = [...root.querySelectorAll('dialog dl > div')].map((row) => row.textContent);
    expect(rows).toEqual([
      'AppearanceAs the system → Dark',
      'Finished sessionsnot removed (30 days) → removed after 7 days',
      'Terminalnot set → sh -c evil',
      `Launch: Docker image${DEFAULTS.docker} → theirs:2`,
      'PresetTraining',
    ]);
    expect(root.querySelector('.skipped')?.textContent).toContain('colour');
    expect(wire.asked('settings.load')).toEqual([]);
    button('Import').click();
    await vi.waitUntil(() => buttons().includes('Undo'));
    expect(wire.asked('settings.load')).toEqual([FILE]);
    button('Undo').click();
    await vi.waitUntil(() => wire.asked('settings.undoLoad').length === 1);
  });

  it('that would change nothing offers nothing', async () => {
    const { root, buttons } = await picked({ preferences: {}, launch: {}, presets: [], skipped: [] });
    expect(root.querySelector('dialog')?.textContent).toContain('Nothing in mine.json differs');
    expect(buttons()).not.toContain('Import');
  });
});

it('settings are exported as a text to copy where a page may save nothing', async () => {
  const wire = new FakeWire('windows').answer('settings.export', { text: '{"settings":{}}' });
  const { root, button } = await settings({}, wire);
  button('Export settings').click();
  await vi.waitUntil(() => root.querySelector('dialog pre') !== null);
  expect(root.querySelector('dialog pre')?.textContent).toBe('{"settings":{}}');
});

describe('the first local ports', () => {
  it('are changed one by one, and not to what is no port', async () => {
    const { field, wire } = await settings();
    const change = (text: string): void => {
      field('First JupyterLab port').value = text;
      field('First JupyterLab port').dispatchEvent(new Event('change', { bubbles: true }));
    };
    for (const text of ['80', '70000', '']) {
      change(text);
      expect(field('First JupyterLab port').value).toBe('8878');
    }
    change('9000');
    await vi.waitUntil(() => wire.asked('preferences.set').length > 0);
    expect(wire.asked('preferences.set')).toEqual([
      { firstPorts: { ssh: 8022, jupyter: 9000, vscode: 8898 } },
    ]);
  });
});

describe('the server', () => {
  it('is tried out, and its source is named', async () => {
    const api = 'http://127.0.0.1:8008';
    const checks = [
      { host: 'api', url: api, ok: true, message: 'Signed in as Grace' },
      { host: 'web', url: 'http://127.0.0.1:8080', ok: false, message: 'Nothing answers.' },
    ] as const;
    const info = { api, web: api, files: api, source: 'file', file: '~/clearml.conf' } as const;
    const wire = new FakeWire().answer('setup.checkCurrent', { checks });
    const { root, button } = await settings({ server: { at: 'online', info } }, wire);
    expect(root.textContent).toContain('Credentials~/clearml.conf');
    button('Check the server').click();
    await vi.waitUntil(() => root.querySelector('.checks') !== null);
    expect([...root.querySelectorAll('.check')].map((c) => c.className)).toEqual(['check good', 'check bad']);
    // What was found of one server says nothing of another.
    const other = { ...info, api: 'https://api.example' };
    wire.tell('state.patch', { rev: 2, changed: { server: { at: 'online', info: other } } });
    await vi.waitUntil(() => root.querySelector('.checks') === null);
  });

  it('is left with pasted credentials, which are then forgotten', async () => {
    const api = 'http://127.0.0.1:8008';
    const info = { api, web: api, files: api, source: 'pasted' } as const;
    const { button, wire } = await settings({ server: { at: 'online', info } });
    button('Forget these credentials').click();
    await vi.waitUntil(() => wire.asked('setup.leave').length === 1);
  });
});

describe('updates', () => {
  it('are not looked for where something else brings them, and that is said', async () => {
    const { root, button } = await settings({ update: { at: 'off', why: 'package-manager' } });
    expect(root.textContent).toContain('The package manager of this system brings later versions.');
    expect(() => button('Look now')).toThrow();
    expect(root.querySelector('input[placeholder="https://"]')).toBeNull();
  });

  it('are looked for at an address that is checked before it is kept', async () => {
    const { root, field, wire } = await settings({ update: { at: 'off', why: 'no-feed' } });
    const change = (text: string): void => {
      field('Update feed').value = text;
      field('Update feed').dispatchEvent(new Event('change', { bubbles: true }));
    };
    change('http://updates.example/');
    await vi.waitUntil(() => root.textContent?.includes('begins with https://'));
    expect(wire.asked('preferences.set')).toEqual([]);
    change(' https://updates.example/latest.yml ');
    await vi.waitUntil(() => wire.asked('preferences.set').length === 1);
    expect(wire.asked('preferences.set')).toEqual([{ updateFeed: 'https://updates.example/latest.yml' }]);
  });

  it('lead to a later version', async () => {
    const url = 'https://updates.example/0.2.0/';
    const { root, button, wire } = await settings({
      update: { at: 'available', askedAt: 0, version: '0.2.0', url },
    });
    expect(root.textContent).toContain('Version 0.2.0 is available, you have 0.0.0.');
    button('Get version 0.2.0').click();
    await vi.waitUntil(() => wire.asked('update.open').length === 1);
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
    const at = '2026-01-02T03:04:05.000Z';
    const line = { at, level: 'warn', scope: 'ssh', message: 'No route', id: 'x' };
    wire.answer('log.read', { lines: [JSON.stringify(line), '{"half of a li', '[1]'] });
    button('Show log').click();
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    expect(root.querySelector('dialog pre')?.textContent).toMatch(
      /^\d\d:\d\d:\d\d.* warn ssh: No route \{"id":"x"\}\n\{"half of a li\n\[1\]$/,
    );
  });
});
