import { describe, expect, it, vi } from 'vitest';
import type { Result } from '../../../../preload/contract/api.ts';
import { DEFAULTS } from '../../../../preload/contract/options.ts';
import { IMPORT_AT_MOST, type Preset } from '../../../../preload/contract/presets.ts';
import { Toasts } from '../../../../renderer/parts/Toasts.tsx';
import { DialogHost } from '../../../../renderer/views/DialogHost.tsx';
import { exportPresets, fileName } from '../../../../renderer/views/presets/export.ts';
import { manage, savePreset } from '../../../../renderer/views/presets/open.tsx';
import { PresetBar } from '../../../../renderer/views/presets/PresetBar.tsx';
import { filledIn, isInForm, presetSummary } from '../../../../renderer/views/presets/preset-words.ts';
import { SessionPresets } from '../../../../renderer/views/presets/SessionPresets.tsx';
import { Launching } from '../../../../renderer/views/settings/Launching.tsx';
import { ID, session } from '../../../doubles/state.ts';
import { FakeWire } from '../fake-wire.ts';
import { mount, type } from '../mount.tsx';

const preset = (name: string, more: Partial<Preset> = {}): Preset => ({
  id: name.toLowerCase(),
  name,
  description: '',
  options: { queue: 'gpu', docker: `${name.toLowerCase()}:1` },
  ...more,
});

function bar(presets: readonly Preset[], project: Result<'preset.ofProject'> = { presets: [], skipped: [] }) {
  const wire = new FakeWire().answer('preset.ofProject', project);
  return mount(
    <>
      <PresetBar />
      <DialogHost />
      <Toasts />
    </>,
    { presets },
    wire,
  );
}
const text = (root: ParentNode, selector: string) => root.querySelector(selector)?.textContent ?? '';
const input = (root: ParentNode, label: string): HTMLInputElement => {
  const found = [...root.querySelectorAll('label')].find((l) => l.textContent === label);
  return root.querySelector(`#${found?.htmlFor}`) as HTMLInputElement;
};

describe('the presets above the wizard', () => {
  it('fill it in, and can be undone', async () => {
    const { app, button } = await bar([preset('Training')]);
    app.draft.set({ queue: 'cpu', docker: 'mine:1', uploadFiles: ['/data'] });
    button('Training').click();
    expect(app.draft.form.value).toEqual({
      ...DEFAULTS,
      queue: 'gpu',
      docker: 'training:1',
      uploadFiles: ['/data'],
    });
    await vi.waitUntil(() => button('Training').getAttribute('aria-pressed') === 'true');
    button('Undo').click();
    expect(app.draft.form.value).toMatchObject({ queue: 'cpu', docker: 'mine:1', uploadFiles: ['/data'] });
    await vi.waitUntil(() => button('Training').getAttribute('aria-pressed') === 'false');
  });

  it('say what they are for when there are none, and show eight at most', async () => {
    const none = await bar([]);
    expect(none.root.textContent).toContain('Keep these answers under a name');
    const many = await bar(Array.from({ length: 20 }, (_, n) => preset(`P${n}`)));
    expect(many.root.querySelectorAll('.chip-button')).toHaveLength(8);
    many.button('All 20…').click();
    await vi.waitUntil(() => many.root.querySelectorAll('.preset-rows > li').length === 20);
  });

  it('of the project are read anew when one is used', async () => {
    const ofProject = { name: 'Lab', description: '', options: { docker: 'old:1' } };
    const { app, wire, root, button } = await bar([], {
      file: '/lab/x.json',
      presets: [ofProject],
      skipped: [],
    });
    await vi.waitUntil(() => root.textContent?.includes('From this project'));
    wire.answer('preset.ofProject', {
      file: '/lab/x.json',
      presets: [{ ...ofProject, options: { docker: 'new:1' } }],
      skipped: [{ name: 'Lab: dockr', why: 'There is no such option.' }],
    });
    button('Lab').click();
    await vi.waitUntil(() => app.draft.form.value.docker === 'new:1');
    await vi.waitUntil(() => root.textContent?.includes('Left out: Lab: dockr.'));
  });

  it('of a broken file are not offered; the file is named, and can be read again', async () => {
    const wire = new FakeWire().refuse('preset.ofProject', {
      code: 'invalid',
      message: '/lab/x.json is not JSON: line 3 cannot be read.',
    });
    const { root, button } = await mount(<PresetBar />, {}, wire);
    await vi.waitUntil(() => root.textContent?.includes('line 3 cannot be read.'));
    wire.answer('preset.ofProject', { presets: [preset('Lab')], skipped: [] });
    button('Read it again').click();
    await vi.waitUntil(() => root.textContent?.includes('From this project'));
    expect(root.textContent).not.toContain('line 3');
  });
});

describe('saving a preset', () => {
  it('asks for a name and keeps what presets hold', async () => {
    const { app, wire, root, button } = await bar([]);
    wire.answer('preset.save', preset('Mine'));
    app.draft.set({ queue: 'gpu', password: 'hunter2', uploadFiles: ['/data'] });
    button('Save as preset').click();
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    button('Save').click();
    await vi.waitUntil(() => root.textContent?.includes('A preset needs a name.'));
    type(input(root, 'Name'), ' Mine ');
    type(input(root, 'Description'), 'For the lab');
    button('Save').click();
    await vi.waitUntil(() => root.textContent?.includes('Saved as “Mine”'));
    const [saved] = wire.asked('preset.save') as [Preset];
    expect(saved).toMatchObject({ name: 'Mine', description: 'For the lab', options: { queue: 'gpu' } });
    expect(JSON.stringify(saved)).not.toMatch(/hunter2|uploadFiles/);
    expect(root.querySelector('dialog')).toBeNull();
  });

  it('under a name that is taken replaces, unless the person wants both; a replacement can be undone', async () => {
    const old = preset('Mine', { description: 'old' });
    const { app, wire, root, button } = await bar([old]);
    wire.answer('preset.save', preset('Mine'));
    savePreset(app, { name: 'mine', options: { docker: 'new:1' } });
    await vi.waitUntil(() => root.querySelector('dialog [type=checkbox]') !== null);
    button('Save').click();
    await vi.waitUntil(() => root.textContent?.includes('Saved as'));
    expect(wire.asked('preset.save')[0]).toMatchObject({ id: old.id, options: { docker: 'new:1' } });
    button('Undo').click();
    await vi.waitUntil(() => wire.asked('preset.save').length === 2);
    expect(wire.asked('preset.save')[1]).toEqual(old);

    savePreset(app, { name: 'Mine', options: { docker: 'new:1' } });
    await vi.waitUntil(() => root.querySelector('dialog [type=checkbox]') !== null);
    root.querySelector<HTMLInputElement>('dialog [type=checkbox]')?.click();
    button('Save').click();
    await vi.waitUntil(() => wire.asked('preset.save').length === 3);
    expect(wire.asked('preset.save')[2]).not.toHaveProperty('id');
  });

  it('is not possible while the wizard holds something wrong, which is named', async () => {
    const { app, root, button } = await bar([]);
    savePreset(app, { name: 'x', options: { docker: 'NOT AN IMAGE', remoteSshPort: 'x' } });
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    expect(text(root, '[role=alert]')).toMatch(
      /Docker image: An image looks like .* Remote SSH port: A port/,
    );
    expect(button('Save').disabled).toBe(true);
  });
});

describe('managing presets', () => {
  const managed = async (...names: readonly string[]) => {
    const mounted = await bar(names.map((name) => preset(name)));
    manage(mounted.app);
    await vi.waitUntil(() => mounted.root.querySelector('dialog') !== null);
    const told = () => text(mounted.root, '.preset-said');
    return { ...mounted, told };
  };

  it('moves them with buttons and with Alt and an arrow', async () => {
    const { wire, root, button, told } = await managed('A', 'B', 'C');
    button('Move B up').click();
    await vi.waitUntil(() => told().includes('“B” is number 1 of 3.'));
    const press = (key: string) =>
      button('Edit B').dispatchEvent(new KeyboardEvent('keydown', { key, altKey: true, bubbles: true }));
    (document.activeElement as HTMLElement).blur();
    press('ArrowDown');
    await vi.waitUntil(() => told().includes('“B” is number 3 of 3.'));
    expect(wire.asked('preset.move')).toEqual([
      { id: 'b', to: 0 },
      { id: 'b', to: 2 },
    ]);
    await vi.waitUntil(() => document.activeElement === button('Edit B'));
    button('Move A up').click();
    await vi.waitUntil(() => told().includes('“A” is the first.'));
    expect(wire.asked('preset.move')).toHaveLength(2);
    expect(root.querySelectorAll('.preset-rows > li')).toHaveLength(3);
  });

  it('deletes with an undo, which has the focus', async () => {
    const { wire, button, told } = await managed('A', 'B');
    const deleted = { preset: preset('A'), at: 0 };
    wire.answer('preset.delete', deleted);
    button('Delete A').click();
    await vi.waitUntil(() => document.activeElement?.textContent === 'Undo');
    expect(told()).toContain('Deleted “A”.');
    button('Undo').click();
    await vi.waitUntil(() => told().includes('“A” is back.'));
    expect(wire.asked('preset.restore')).toEqual([deleted]);
  });

  it('shows each as a command', async () => {
    const { root, button } = await managed('A');
    button('A as command').click();
    await vi.waitUntil(() => text(root, 'pre').includes('--docker a:1'));
  });

  it('renames in place', async () => {
    const { wire, root, button } = await managed('A');
    wire.answer('preset.save', preset('New'));
    button('Edit A').click();
    await vi.waitUntil(() => root.querySelector('form.preset-form') !== null);
    expect(document.activeElement).toBe(input(root, 'Name'));
    type(input(root, 'Name'), '');
    button('Save').click();
    await vi.waitUntil(() => root.textContent?.includes('A preset needs a name.'));
    type(input(root, 'Name'), 'New');
    type(input(root, 'Description'), 'With a reason');
    button('Save').click();
    await vi.waitUntil(() => root.querySelector('form.preset-form') === null);
    expect(wire.asked('preset.save')).toEqual([
      { ...preset('A'), name: 'New', description: 'With a reason' },
    ]);
  });

  it('imports a file, and says what of it was left out', async () => {
    const { wire, root, told } = await managed();
    wire.answer('preset.load', {
      added: [preset('A'), preset('B')],
      skipped: [{ name: 'A: dockr', why: 'There is no such option.' }],
    });
    const field = root.querySelector<HTMLInputElement>('input[type=file]') as HTMLInputElement;
    const choose = (file: File) => {
      Object.defineProperty(field, 'files', { value: [file], configurable: true });
      field.dispatchEvent(new Event('change', { bubbles: true }));
    };
    choose(new File(['{"presets": []}'], 'mine.json'));
    await vi.waitUntil(() => told().includes('Added 2 presets: “A”, “B”.'));
    expect(told()).toContain('A: dockr There is no such option.');
    expect(wire.asked('preset.load')).toEqual([{ text: '{"presets": []}', file: 'mine.json' }]);
    wire.refuse('preset.load', { code: 'invalid', message: 'mine.json is not JSON.', hint: 'A comma?' });
    choose(new File(['{'], 'mine.json'));
    await vi.waitUntil(() => told().includes('mine.json is not JSON. A comma?'));
    choose(new File(['x'.repeat(IMPORT_AT_MOST + 1)], 'big.json'));
    await vi.waitUntil(() => told().includes('big.json is too large'));
    expect(wire.asked('preset.load')).toHaveLength(2);
  });

  it('gives them away as a text where a page may not save a file', async () => {
    const wire = new FakeWire('windows').answer('preset.export', { text: '{"presets": []}\n' });
    const { app, root } = await mount(<DialogHost />, {}, wire);
    await exportPresets(app, [preset('A')], 'A');
    await vi.waitUntil(() => text(root, 'pre') === '{"presets": []}\n');
    expect(wire.asked('preset.export')).toEqual([{ ids: ['a'] }]);
    expect(fileName('Ümläut / 2: "x"')).toBe('Ümläut-2-x');
    expect(fileName('../..')).toBe('presets');
  });
});

describe('the settings', () => {
  it('use a preset in the wizard, and forget the last answers', async () => {
    const { app, wire, button, root } = await mount(
      <>
        <Launching />
        <DialogHost />
      </>,
      { presets: [preset('A')], launchDefaults: { ...DEFAULTS, docker: 'mine:1' } },
    );
    button('Forget the last answers').click();
    await vi.waitUntil(() => wire.asked('defaults.reset').length === 1);
    button('Manage presets (1)').click();
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    button('Use A').click();
    expect(app.draft.form.value.docker).toBe('a:1');
    expect(location.hash).toBe('#/launch');
  });
});

describe('what clearml-session remembers', () => {
  it('is shown before it is taken over', async () => {
    const wire = new FakeWire()
      .answer('preset.ofCli', {
        file: '/home/ada/.clearml_session.json',
        preset: { name: 'clearml-session', description: '', options: { queue: 'gpu', keepalive: true } },
        skipped: [{ name: 'clearml-session: password', why: 'Not kept.' }],
      })
      .answer('preset.save', preset('clearml-session'));
    const { root, button } = await mount(
      <>
        <Launching />
        <DialogHost />
      </>,
      {},
      wire,
    );
    button('Import from clearml-session').click();
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    expect(text(root, '.preset-facts')).toBe('QueuegpuKeepalive proxyon');
    expect(text(root, '.skipped')).toContain('password');
    expect(wire.asked('preset.save')).toEqual([]);
    button('Add as preset').click();
    await vi.waitUntil(() => root.querySelector('dialog') === null);
    expect(wire.asked('preset.save')).toEqual([
      { name: 'clearml-session', description: '', options: { queue: 'gpu', keepalive: true } },
    ]);
  });
});

describe('a session', () => {
  const options = { queue: 'gpu', docker: 'python:3.12', continueSession: ID(3), storeWorkspace: '~/w' };

  it('is launched again in the wizard of this page', async () => {
    const wire = new FakeWire().answer('preset.fromSession', { name: 'Ada', options });
    const { app, button } = await mount(<SessionPresets session={session()} />, {}, wire);
    button('Launch again').click();
    await vi.waitUntil(() => app.draft.form.value.docker === 'python:3.12');
    expect(app.draft.form.value).toEqual({ ...DEFAULTS, ...options });
    expect(location.hash).toBe('#/launch');
    expect(app.fills.value).toBe(1);
  });

  it('is launched again in the window of the wizard', async () => {
    const wire = new FakeWire('windows').answer('preset.fromSession', { name: 'Ada', options });
    const { button } = await mount(<SessionPresets session={session()} />, {}, wire);
    button('Launch again').click();
    await vi.waitUntil(() => wire.asked('launch.fill').length === 1);
    expect(wire.asked('launch.fill')).toEqual([{ options }]);
  });

  it('is shown as the command that launches it', async () => {
    const wire = new FakeWire().answer('preset.fromSession', { name: 'Ada', options });
    const { root, button } = await mount(
      <>
        <SessionPresets session={session()} />
        <DialogHost />
      </>,
      {},
      wire,
    );
    button('Copy as command').click();
    await vi.waitUntil(() => text(root, 'pre').includes('--docker python:3.12'));
  });

  it('becomes a preset under its name, without what is about it alone', async () => {
    const wire = new FakeWire()
      .answer('preset.fromSession', { name: 'Ada', options })
      .answer('preset.save', preset('Ada'));
    const { root, button } = await mount(
      <>
        <SessionPresets session={session()} />
        <DialogHost />
      </>,
      {},
      wire,
    );
    button('Save as preset').click();
    await vi.waitUntil(() => root.querySelector('dialog') !== null);
    button('Save').click();
    await vi.waitUntil(() => wire.asked('preset.save').length === 1);
    const { continueSession: _, ...kept } = options;
    expect(wire.asked('preset.save')).toEqual([{ name: 'Ada', description: '', options: kept }]);
  });
});

describe('the words of a preset', () => {
  it('name what is different', () => {
    expect(presetSummary({ queue: 'gpu', docker: 'a:1', jupyterLab: true })).toBe('gpu · a:1');
    expect(
      presetSummary({ jupyterLab: false, sessionTags: ['a', 'b'], publicIp: true, keepalive: true }),
    ).toBe('Tags: a, b · JupyterLab: off · Public address: on · 1 more');
    expect(presetSummary({ jupyterLab: true })).toBe('As the defaults');
  });

  it('leave alone what is about one session, and start from the last choices', () => {
    const last = { ...DEFAULTS, queue: 'last', username: 'ada' };
    const form = { ...last, queue: 'chosen', docker: 'typed:1', password: 'x', debuggingSession: ID(1) };
    expect(filledIn(form, last, { docker: 'p:1' })).toEqual({ ...form, docker: 'p:1' });
    expect(filledIn(form, last, {}).docker).toBe(DEFAULTS.docker);
    expect(isInForm(filledIn(form, last, { docker: 'p:1' }), last, { docker: 'p:1' })).toBe(true);
    // Using it would take the typed image away.
    expect(isInForm(form, last, { queue: 'chosen' })).toBe(false);
  });
});
