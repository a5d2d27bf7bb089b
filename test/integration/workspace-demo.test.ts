import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import type { Arg } from '../../preload/contract/api.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { CoreApp, isUp } from './core-app.ts';

/** The demo's sessions treat files and workspaces as the official payload does. */
describe('files to and from a session of the demo', () => {
  let demo: Demo;
  let app: CoreApp;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'demo-files-'));
    demo = await startDemo({ speed: 40, realTools: false });
    app = new CoreApp(demo);
    await app.start();
    await app.state((s) => s.loaded);
  });

  afterEach(async () => {
    await app.dispose();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function connected(name: string, more: Partial<Arg<'session.launch'>>): Promise<SessionId> {
    const id = await app.launch(name, more);
    await app.eventually((s) => s.sessions.some((x) => x.id === id && isUp(x)));
    return id;
  }

  async function shutDown(id: SessionId): Promise<void> {
    await app.call('session.shutDown', { id });
    await app.eventually((s) => s.sessions.some((x) => x.id === id && x.status === 'finished'));
  }

  it('are unpacked there, kept when it ends, and restored into the next one', async () => {
    mkdirSync(join(folder, 'project'));
    writeFileSync(join(folder, 'project', 'data.txt'), 'from here');
    const home = (id: string) => demo.homeOf(id) ?? '';
    const first = await connected('first', {
      uploadFiles: [join(folder, 'project')],
      storeWorkspace: '~/work',
    });
    expect(readFileSync(join(home(first), 'session-files', 'data.txt'), 'utf8')).toBe('from here');
    writeFileSync(join(home(first), 'work', 'result.txt'), 'of the first');
    await shutDown(first);
    const { snapshots } = await app.call('workspace.list');
    expect(snapshots.map(({ name }) => name)).toEqual(['first', 'Notebook of yesterday']);
    const second = await connected('second', { continueSession: first, storeWorkspace: '~/work' });
    expect(readFileSync(join(home(second), 'work', 'result.txt'), 'utf8')).toBe('of the first');
    // What it started with is the first one's snapshot, and is told once.
    expect((await app.call('workspace.list')).snapshots).toHaveLength(2);
    writeFileSync(join(home(second), 'work', 'result.txt'), 'of the second');
    expect(await app.call('workspace.saveNow', { id: second })).toEqual({ saved: true });
    const after = (await app.call('workspace.list')).snapshots;
    expect(after.map(({ name, parent }) => [name, after.find((s) => s.id === parent)?.name])).toEqual([
      ['second', 'first'],
      ['first', undefined],
      ['Notebook of yesterday', undefined],
    ]);
    await app.call('workspace.saveAndShutDown', { id: second });
    await app.eventually((s) => s.sessions.some((x) => x.id === second && x.status === 'finished'));
    const last = (await app.call('workspace.list')).snapshots;
    // By hand, before the shut-down, and by the session itself.
    expect(last.filter(({ session }) => session === second)).toHaveLength(3);
    expect(last.filter(({ session }) => session === first)).toHaveLength(1);

    // Any of them can be gone back to, and none is lost by that.
    const oldest = last.filter(({ session }) => session === second).at(-1);
    const { options } = await app.call('workspace.restore', { id: oldest?.id ?? '' });
    expect(options).toEqual({ continueSession: second, storeWorkspace: '~/work' });
    const ids = (await app.call('workspace.list')).snapshots.map((s) => s.id);
    expect(ids).toEqual(last.map((s) => s.id));
    const third = await connected('third', options);
    const artifact = demo.model.tasks.get(third)?.execution.artifacts.find((a) => a.key === 'workspace');
    expect(String(artifact?.uri)).toMatch(/\/artifacts\/workspace\/\d+\/workspace_snapshot\.tar\.gz$/);
  });
});
