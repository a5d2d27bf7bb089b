import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SAVED_DEFAULTS } from '../../main/core/saved.ts';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { CoreApp } from './core-app.ts';

const DAY = 86_400_000;

/** Clean-up of sessions that are over, on a ClearML server with a files server. */
describe('the clean-up', () => {
  let demo: Demo;
  let core: CoreApp;

  beforeEach(async () => {
    demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
    core = new CoreApp(demo);
  });
  afterEach(async () => {
    await core.dispose();
    await demo.stop();
  });

  async function begin(): Promise<void> {
    await core.start();
    await core.state((s) => s.loaded);
  }

  /** A session that ended so many days ago. */
  function over(name: string, days: number, more: object = {}): string {
    const { id } = demo.call('tasks.create', {
      name,
      type: 'application',
      system_tags: ['interactive'],
      ...more,
    }) as { id: string };
    const task = demo.model.tasks.get(id);
    if (!task) throw new Error('It was not created.');
    const at = new Date(Date.now() - days * DAY).toISOString();
    Object.assign(task, { status: 'completed', completed: at, status_changed: at, last_update: at });
    return id;
  }

  /** Puts a file there that belongs to the session. */
  async function file(task: string, key: string, mode = 'output'): Promise<string> {
    const path = `/DevOps/my session.${task}/artifacts/${key}/${key}.tar.gz`;
    const form = new FormData();
    form.set(path, new Blob(['x'.repeat(2000)]), path);
    expect((await fetch(demo.files, { method: 'POST', body: form })).status).toBe(200);
    const uri = `${demo.files}${path.split('/').map(encodeURIComponent).join('/')}`;
    register(task, key, mode, uri);
    return uri;
  }
  const register = (task: string, key: string, mode: string, uri: string): unknown =>
    demo.call('tasks.add_or_update_artifacts', {
      task,
      artifacts: [{ key, mode, type: 'custom', uri, content_size: 2000 }],
      force: true,
    });
  const exists = async (uri: string): Promise<boolean> => (await fetch(uri, { method: 'HEAD' })).ok;
  const known = (id: string): boolean => demo.model.tasks.has(id);

  it('lists own sessions that are over, and removes those that were chosen, with their files', async () => {
    const old = over('old', 40);
    const uploaded = over('uploaded', 5);
    const files = await file(uploaded, 'session-files');
    await begin();
    const progress: unknown[] = [];
    core.app.onEvent((name, payload) => name === 'cleanup.progressed' && progress.push(payload));
    const { sessions, more } = await core.call('cleanup.list');
    expect(more).toBe(false);
    expect(sessions.map(({ name, bytes }) => [name, bytes])).toEqual([
      ['old', 0],
      ['uploaded', 2000],
    ]);
    expect(await core.call('cleanup.delete', { ids: [old, uploaded] })).toEqual({
      deleted: [old, uploaded],
      failed: [],
    });
    expect([known(old), known(uploaded), await exists(files)]).toEqual([false, false, false]);
    expect(progress).toEqual([
      { done: 1, total: 2 },
      { done: 2, total: 2 },
    ]);
    const { state } = await core.call('state.get');
    expect(state.sessions).toEqual([]);
  });

  it('wants a second yes for the newest workspace, and removes nothing before', async () => {
    const saved = over('saved', 40);
    const workspace = await file(saved, 'workspace', 'input');
    const plain = over('plain', 50);
    await begin();
    const refused = await core.ask('cleanup.delete', { ids: [plain, saved] });
    expect(refused).toMatchObject({ ok: false, problem: { message: 'saved holds your newest workspace.' } });
    expect([known(plain), await exists(workspace)]).toEqual([true, true]);
    await core.call('cleanup.delete', { ids: [plain, saved], protectedToo: true });
    expect([known(plain), known(saved), await exists(workspace)]).toEqual([false, false, false]);
  });

  it('leaves a workspace that another session goes on with, whoever it belongs to', async () => {
    const parent = over('parent', 40);
    const workspace = await file(parent, 'workspace', 'input');
    const child = over('child', 1, { parent });
    register(child, 'workspace', 'input', workspace);
    const theirs = demo.model.tasks.get(child);
    if (theirs) theirs.user = 'f'.repeat(32);
    await begin();
    await core.call('cleanup.delete', { ids: [parent], protectedToo: true });
    expect([known(parent), await exists(workspace)]).toEqual([false, true]);
  });

  it('removes parent and child together with the workspace that they share', async () => {
    const parent = over('parent', 40);
    const workspace = await file(parent, 'workspace', 'input');
    const child = over('child', 1, { parent });
    register(child, 'workspace', 'input', workspace);
    await begin();
    await core.call('cleanup.delete', { ids: [parent, child], protectedToo: true });
    expect([known(parent), known(child), await exists(workspace)]).toEqual([false, false, false]);
  });

  it('names what could not be removed, and does the rest', async () => {
    const gone = over('gone', 40);
    const { id: alive } = demo.call('tasks.create', {
      name: 'alive',
      type: 'application',
      system_tags: ['interactive'],
    }) as { id: string };
    await begin();
    const theirs = over('theirs', 40);
    const task = demo.model.tasks.get(theirs);
    if (task) task.user = 'f'.repeat(32);
    const { deleted, failed } = await core.call('cleanup.delete', { ids: [alive, theirs, gone] });
    expect(deleted).toEqual([gone]);
    expect(failed).toHaveLength(2);
    expect(failed).toContainEqual({
      id: alive,
      name: 'alive',
      problem: { code: 'conflict', message: 'alive is not over.' },
    });
    expect([alive, theirs].map(known)).toEqual([true, true]);
  });

  describe('by itself', () => {
    const cleanup = { auto: true, days: 30 };
    const on = () => core.settings.set('preferences', { ...SAVED_DEFAULTS.preferences, cleanup });

    it('removes old sessions without a workspace, tells so, and not again that day', async () => {
      const old = over('old', 31);
      const young = over('young', 29);
      const saved = over('saved', 100);
      const newer = over('newer', 90);
      for (const id of [saved, newer]) await file(id, 'workspace', 'input');
      on();
      await begin();
      await expect.poll(() => known(old)).toBe(false);
      expect([young, saved, newer].map(known)).toEqual([true, true, true]);
      await expect.poll(() => core.host.notices.map((n) => n.title)).toEqual(['Removed one session']);
      expect((await core.call('state.get')).state.cleaned).toMatchObject({ removed: 1, failed: 0 });
      const another = over('another', 31);
      await core.stop();
      await begin();
      await core.state((s) => s.sessions.some((x) => x.id === another));
      expect(known(another)).toBe(true);
    });

    it('does nothing unless it was switched on', async () => {
      const old = over('old', 400);
      await begin();
      await core.state((s) => s.sessions.some((x) => x.id === old));
      expect(demo.calls.get('tasks.delete')).toBeUndefined();
    });

    it('waits a day after a launch that wants the old ones kept', async () => {
      await begin();
      await core.launch('keeps', { disableSessionCleanup: true });
      const old = over('old', 31);
      await core.stop();
      on();
      await begin();
      await core.state((s) => s.sessions.some((x) => x.id === old));
      expect(known(old)).toBe(true);
    });
  });
});
