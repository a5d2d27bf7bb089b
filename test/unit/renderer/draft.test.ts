import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import { DEFAULTS, type LaunchForm } from '../../../preload/contract/options.ts';
import type { QueueView } from '../../../preload/contract/state.ts';
import { makeDraft } from '../../../renderer/views/launch/draft.ts';
import { ID, queueView } from '../../doubles/state.ts';

const queue = (name: string, different: Partial<QueueView> = {}) =>
  queueView({ id: ID(name.length), name, ...different });

function draft(last: Partial<LaunchForm> = {}) {
  const defaults = signal<LaunchForm>({ ...DEFAULTS, ...last });
  const made = makeDraft(defaults);
  made.offer([queue('busy', { idle: 0 }), queue('free')]);
  return Object.assign(made, { defaults });
}

describe('the draft of a launch', () => {
  it('opens with the last choices, and with a queue that could start at once where that one is gone', () => {
    expect(draft({ sessionName: 'again', queue: 'busy' }).form.value).toMatchObject({
      sessionName: 'again',
      queue: 'busy',
    });
    expect(draft({ queue: 'gone' }).form.value.queue).toBe('free');
  });

  it('takes the ID of a queue and what people call it for the queue', () => {
    const made = draft({ queue: ID(4) });
    expect(made.form.value.queue).toBe(ID(4));
    made.offer([queue('other'), queue('q', { displayName: 'The big one' })]);
    made.defaults.value = { ...DEFAULTS, queue: 'The big one' };
    expect(made.form.value.queue).toBe('The big one');
  });

  it('offers only queues of the tags that are asked for', () => {
    const made = draft();
    made.offer([queue('a', { tags: ['gpu'] }), queue('b')]);
    made.set({ queueIncludeTag: ['gpu'] });
    expect(made.queues.value?.map(({ name }) => name)).toEqual(['a']);
    expect(made.form.value.queue).toBe('a');
  });

  it('resets everything but the queue, and takes that back until the next change', () => {
    const made = draft({ sessionName: 'again', vscodeServer: false });
    made.set({ queue: 'busy', publicIp: true });
    made.reset();
    expect(made.form.value).toEqual({ ...DEFAULTS, queue: 'busy' });
    expect(made.canUndo.value).toBe(true);
    made.undo();
    expect(made.form.value).toMatchObject({ publicIp: true, sessionName: 'again', vscodeServer: false });
    made.reset();
    made.set({ sessionName: 'new' });
    expect(made.canUndo.value).toBe(false);
    made.undo();
    expect(made.form.value.sessionName).toBe('new');
  });

  it('knows what differs from the defaults, but never the queue', () => {
    const made = draft({ sessionTags: ['a'], sessionName: 'again' });
    expect([...made.different.value]).toEqual(['sessionName', 'sessionTags']);
    made.set({ sessionTags: [], sessionName: DEFAULTS.sessionName, queue: 'busy' });
    expect(made.different.value.size).toBe(0);
  });

  it('names what is wrong at once, but a queue that is not chosen only after a try', () => {
    const made = draft();
    made.offer([]);
    made.set({ docker: 'Not An Image', packages: 'torch\n-r x' });
    expect(made.errorOf('docker').value).toMatch(/An image looks like/);
    expect(made.errorOf('packages').value).toMatch(/^Line 2:/);
    expect(made.errorOf('queue').value).toBeUndefined();
    expect(made.findError()).toBe(true);
    expect(made.errorOf('queue').value).toBe('Choose a queue.');
    expect(made.wanted.value).toBe('queue');
  });

  it('unfolds the part of the first wrong field', () => {
    const made = draft();
    made.set({ remoteSshPort: '99999' });
    expect(made.findError()).toBe(true);
    expect(made.wanted.value).toBe('remoteSshPort');
    expect([...made.unfolded.value]).toEqual(['network']);
  });

  it('shows what main refuses at its field, until that is changed', () => {
    const made = draft();
    expect(made.refuse({ code: 'timeout', message: 'Too slow.' })).toBe(false);
    expect(
      made.refuse({ code: 'invalid', message: 'There is no x.', hint: 'Look.', field: 'uploadFiles.0' }),
    ).toBe(true);
    expect(made.errorOf('uploadFiles').value).toBe('There is no x. Look.');
    expect([...made.unfolded.value]).toEqual(['workspace']);
    made.set({ sessionName: 'other' });
    expect(made.errorOf('uploadFiles').value).toBe('There is no x. Look.');
    // What main refused may be right by now: it is asked again.
    expect(made.findError()).toBe(false);
    made.set({ uploadFiles: ['/y'] });
    expect(made.errorOf('uploadFiles').value).toBeUndefined();
  });

  it('looks only at what changed', () => {
    const made = draft();
    const seen: string[] = [];
    made.valueOf('packages').subscribe((packages) => seen.push(packages));
    made.set({ sessionName: 'x' });
    made.set({ packages: 'torch' });
    made.set({ sessionName: 'y' });
    expect(seen).toEqual(['', 'torch']);
  });
});
