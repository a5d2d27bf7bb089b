import { describe, expect, it, vi } from 'vitest';
import type { FoundTask } from '../../../../preload/contract/api.ts';
import { DEFAULTS, GROUPS, OPTION_NAMES, type OptionName } from '../../../../preload/contract/options.ts';
import type { AppState, QueueView } from '../../../../preload/contract/state.ts';
import { DialogHost } from '../../../../renderer/views/DialogHost.tsx';
import { LaunchView } from '../../../../renderer/views/launch/LaunchView.tsx';
import { ID, queueView } from '../../../doubles/state.ts';
import { FakeWire } from '../fake-wire.ts';
import { mount, type } from '../mount.tsx';

const queue = (n: number, different: Partial<QueueView> = {}) =>
  queueView({ id: ID(n), name: `queue ${n}`, ...different });

const task = (n: number, different: Partial<FoundTask> = {}): FoundTask => ({
  id: ID(n),
  name: `task ${n}`,
  project: 'Vision',
  owner: 'Ada',
  mine: false,
  at: 1_700_000_000_000,
  ...different,
});

async function wizard(wire = new FakeWire(), state: Partial<AppState> = {}, queues = [queue(1)]) {
  wire.answer('queue.list', { queues });
  const view = (
    <>
      <LaunchView />
      <DialogHost />
    </>
  );
  const mounted = await mount(view, { launchDefaults: { ...DEFAULTS, queue: 'queue 1' }, ...state }, wire);
  const { root, app } = mounted;
  await vi.waitUntil(() => root.querySelector('[data-option=queue] input') !== null);
  const option = (name: OptionName): HTMLElement => {
    const found = root.querySelector<HTMLElement>(`[data-option=${name}]`);
    if (!found) throw new Error(`No field for ${name}`);
    return found;
  };
  return {
    ...mounted,
    option,
    input: (name: OptionName) => option(name).querySelector<HTMLInputElement>('input, textarea'),
    says: (name: OptionName, text: string) => vi.waitUntil(() => option(name).textContent?.includes(text)),
    /** Unfolds all. */
    unfold: async () => {
      for (const group of Object.keys(GROUPS)) app.draft.fold(group as keyof typeof GROUPS, true);
      await vi.waitUntil(() => root.querySelectorAll('[data-option]').length === OPTION_NAMES.length);
    },
  };
}

describe('the wizard', () => {
  it('has a field for every option of the table', async () => {
    const { root, unfold } = await wizard();
    expect(root.querySelectorAll('[data-option]').length).toBeLessThan(10);
    await unfold();
    const shown = [...root.querySelectorAll<HTMLElement>('[data-option]')].map((e) => e.dataset.option);
    expect(shown.sort()).toEqual([...OPTION_NAMES].sort());
  });

  it('launches with what was answered, and says whether to remember it', async () => {
    const { wire, app, button, root } = await wizard();
    app.draft.set({ packages: 'torch', sessionTags: ['a'], dockerNetwork: 'port' });
    root.querySelector<HTMLInputElement>('.tick input')?.click();
    button('Launch').click();
    await vi.waitUntil(() => wire.asked('session.launch').length === 1);
    expect(wire.asked('session.launch')).toEqual([
      {
        ...DEFAULTS,
        queue: 'queue 1',
        packages: 'torch',
        sessionTags: ['a'],
        dockerNetwork: 'port',
        remember: false,
      },
    ]);
  });

  it('shows a refusal of main at its field, unfolded and with the focus', async () => {
    const wire = new FakeWire().refuse('session.launch', {
      code: 'not-found',
      message: 'There is no task.',
      field: 'baseTaskId',
    });
    const { root, button, app } = await wizard(wire);
    button('Launch').click();
    await vi.waitUntil(() => root.querySelector('[data-option=baseTaskId] .wrong'));
    const field = root.querySelector('[data-option=baseTaskId] input');
    await vi.waitUntil(() => document.activeElement === field);
    expect(root.querySelector('[data-option=baseTaskId] .wrong')?.textContent).toBe('There is no task.');
    expect(app.toasts.shown.value).toEqual([]);
  });

  it('tells any other refusal in a toast', async () => {
    const wire = new FakeWire().refuse('session.launch', { code: 'timeout', message: 'Too slow.' });
    const { app, button } = await wizard(wire);
    button('Launch').click();
    await vi.waitUntil(() => app.toasts.shown.value[0]?.title === 'Too slow.');
  });

  it('says how far an upload is', async () => {
    const wire = new FakeWire().answerLater('session.launch', new Promise(() => {}));
    const { button, root } = await wizard(wire);
    button('Launch').click();
    await vi.waitUntil(() => root.textContent?.includes('Creating the session…'));
    const creating = { step: 'uploading', sent: 12_000_000, total: 80_000_000, bytesPerSecond: 4e6 } as const;
    wire.tell('state.patch', { rev: 2, changed: { creating } });
    await vi.waitUntil(() => root.textContent?.includes('Uploading 12 MB of 80 MB, 4.0 MB/s'));
    expect(root.querySelector('progress')?.value).toBe(12_000_000);
    button('Cancel').click();
    await vi.waitUntil(() => wire.asked('session.cancel').length === 1);
  });

  it('goes from what was launched to another launch that is asked for', async () => {
    const { app, wire, button, root } = await wizard(new FakeWire().answer('session.launch', { id: ID(7) }));
    button('Launch').click();
    await vi.waitUntil(() => root.querySelector('.progress'));
    expect(wire.asked('session.launch')).toHaveLength(1);
    app.takeFill({ sessionName: 'from outside' });
    await vi.waitUntil(() => root.querySelector('.wizard'));
    expect(root.querySelector<HTMLInputElement>('[data-option=sessionName] input')?.value).toBe(
      'from outside',
    );
  });
});

describe('a field', () => {
  it('that differs from its default is marked, and taken back by its mark', async () => {
    const { app, option, says, buttons, button } = await wizard();
    app.draft.set({ docker: 'python:3.12' });
    await says('docker', 'Reset');
    button('Reset Docker image').click();
    await vi.waitUntil(() => !buttons().includes('Reset Docker image'));
    expect(app.draft.form.value.docker).toBe(DEFAULTS.docker);
    await vi.waitUntil(() => option('docker').contains(document.activeElement));
  });

  it('for packages takes a file, and refuses one that is no text', async () => {
    const { option, says, input } = await wizard();
    const pick = (file: File): void => {
      const picker = option('packages').querySelector<HTMLInputElement>('[type=file]');
      Object.defineProperty(picker, 'files', { value: [file], configurable: true });
      picker?.dispatchEvent(new Event('change', { bubbles: true }));
    };
    pick(new File(['torch\nnumpy\n'], 'requirements.txt'));
    await vi.waitUntil(() => input('packages')?.value === 'torch\nnumpy\n');
    await says('packages', '2 lines from requirements.txt');
    pick(new File([new Uint8Array([0, 1, 2])], 'model.bin'));
    await says('packages', 'model.bin is not a text file.');
    expect(input('packages')?.value).toBe('torch\nnumpy\n');
  });

  it('for git credentials says what would be sent, and where to', async () => {
    const wire = new FakeWire().answer('launch.gitPreview', {
      files: [{ name: '~/.git-credentials', hosts: ['ada@github.com'] }],
    });
    const { app, unfold, says } = await wizard(wire);
    await unfold();
    expect(wire.asked('launch.gitPreview')).toEqual([]);
    app.draft.set({ gitCredentials: true });
    await says('gitCredentials', '~/.git-credentials: ada@github.com');
    await says('gitCredentials', 'http://127.0.0.1:8008');
  });

  it('for git credentials says so where there are none', async () => {
    const { app, unfold, says } = await wizard(new FakeWire().answer('launch.gitPreview', { files: [] }));
    app.draft.set({ gitCredentials: true });
    await unfold();
    await says('gitCredentials', 'nothing would be sent');
  });

  it('for files weighs each of them, again when git may leave something out', async () => {
    const wire = new FakeWire().answer('files.measure', { files: 3, bytes: 2000, skipped: 1 });
    const { app, unfold, says, button } = await wizard(wire);
    await unfold();
    app.draft.set({ uploadFiles: ['/a', '/b'] });
    await says('uploadFiles', '3 files, 2.0 kB, 1 left out');
    await says('uploadFiles', 'Together 6 files, 4.0 kB');
    wire.refuse('files.measure', { code: 'invalid', message: 'There is no /b on this computer.' });
    app.draft.set({ uploadGitignore: true });
    await says('uploadFiles', 'There is no /b on this computer.');
    expect(wire.asked('files.measure')).toContainEqual({ path: '/a', gitignore: true });
    button('Remove /a').click();
    await vi.waitUntil(() => app.draft.form.value.uploadFiles.length === 1);
  });

  it('for files takes what the dialog of the system answers', async () => {
    const wire = new FakeWire().answer('files.pick', { paths: ['/data'] });
    const { app, unfold, button, root } = await wizard(wire);
    await unfold();
    button('Add a folder').click();
    await vi.waitUntil(() => app.draft.form.value.uploadFiles[0] === '/data');
    expect(wire.asked('files.pick')).toEqual([{ what: 'folders' }]);
    expect(root.querySelector('dialog')).toBeNull();
  });

  it('for files says how many of a long folder are not shown', async () => {
    const folder = { folder: '/home', parent: '/', entries: [], more: 12 };
    const wire = new FakeWire().answer('files.pick', {}).answer('files.list', folder);
    const { unfold, button, root } = await wizard(wire);
    await unfold();
    button('Add files').click();
    await vi.waitUntil(() => root.querySelector('dialog')?.textContent?.includes('12 more are not shown.'));
  });

  it('for a queue that is gone says so, and the choice is marked wrong', async () => {
    const { app, root, says } = await wizard();
    app.draft.set({ queue: 'gone' });
    await says('queue', 'No queue that is offered is called “gone”.');
    const choice = root.querySelector('[role=radiogroup][aria-invalid=true]');
    const said = document.getElementById(choice?.getAttribute('aria-describedby') ?? '');
    expect(said?.textContent).toContain('gone');
  });

  it('for a task says whose the pasted one is, and why it cannot serve', async () => {
    const noted = task(5, { note: 'It has no git repository.' });
    const wire = new FakeWire().answer('lookup.tasks', { tasks: [noted] });
    const { unfold, input, says } = await wizard(wire);
    await unfold();
    type(input('debuggingSession'), `https://app.example.com/projects/x/experiments/${ID(5)}/`);
    await says('debuggingSession', 'task 5 · Vision · Ada');
    await says('debuggingSession', 'It has no git repository.');
    expect(wire.asked('lookup.tasks')).toContainEqual({ purpose: 'debug', text: expect.any(String) });
  });

  it('for a task says that there is none', async () => {
    const { unfold, input, says } = await wizard(new FakeWire().answer('lookup.tasks', { tasks: [] }));
    await unfold();
    type(input('baseTaskId'), ID(9));
    await says('baseTaskId', 'There is no such task on this ClearML server.');
  });

  it('for the queue is searched where there are many', async () => {
    const many = Array.from({ length: 30 }, (_, n) => queue(n));
    const { root, input } = await wizard(new FakeWire(), {}, many);
    expect(input('queue')?.getAttribute('role')).toBe('combobox');
    type(input('queue'), 'queue 2');
    await vi.waitUntil(() => root.querySelectorAll('[role=option]').length === 11);
  });
});

describe('the queues', () => {
  it('are offered all again where the tags leave none', async () => {
    const { app, root, button } = await wizard();
    app.draft.set({ queueIncludeTag: ['gpu'] });
    await vi.waitUntil(() => root.textContent?.includes('No queue is left by the tags'));
    button('Offer all queues').click();
    await vi.waitUntil(() => root.querySelector('.queue') !== null);
    expect(app.draft.form.value.queueIncludeTag).toEqual([]);
  });
});

describe('tags', () => {
  it('are added by Enter, a comma or by leaving the field, and none twice', async () => {
    const { app, unfold, input } = await wizard();
    await unfold();
    const tags = input('sessionTags');
    const tagged = (): readonly string[] => app.draft.form.value.sessionTags;
    type(tags, 'one,two,one');
    await vi.waitUntil(() => tagged().length === 2);
    type(tags, 'three');
    tags?.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true }));
    await vi.waitUntil(() => tagged().length === 3);
    type(tags, 'four');
    tags?.dispatchEvent(new FocusEvent('focusout', { bubbles: true }));
    expect(tagged()).toEqual(['one', 'two', 'three', 'four']);
  });
});

describe('the command of a launch', () => {
  it('follows the kind of shell', async () => {
    const { app, button, root } = await wizard();
    app.draft.set({ sessionName: "Ada's" });
    button('Copy as command').click();
    const command = (): string | null | undefined => root.querySelector('.command')?.textContent;
    await vi.waitUntil(() => command()?.includes('clearml-session'));
    const posix = command();
    root.querySelectorAll<HTMLInputElement>('dialog [type=radio]')[1]?.click();
    await vi.waitUntil(() => command() !== posix);
    expect(command()).toContain("'Ada''s'");
  });
});
