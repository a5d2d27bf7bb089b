import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Wire } from '../../../preload/contract/wire.ts';
import { makeApp } from '../../../renderer/app.ts';
import { hearMain } from '../../../renderer/hear.ts';
import { go, route } from '../../../renderer/route.ts';
import { appState } from '../../doubles/state.ts';
import { FakeWire } from './fake-wire.ts';

const OPTIONS = { docker: 'python:3.12', password: 'hunter2' };

describe('a wizard that is filled in from outside', () => {
  beforeEach(() => go('sessions'));
  const opened = async (views: Wire['views'], waiting: object = {}) => {
    const wire = new FakeWire(views).holds(appState()).answer('launch.take', waiting);
    const app = makeApp(wire);
    hearMain(app);
    await vi.waitUntil(() => app.store.mirror.value.at === 'live');
    return { wire, app };
  };
  const docker = (app: { draft: { form: { value: { docker: string } } } }) => app.draft.form.value.docker;

  it('takes what waits for it when its window opens, and at every later event', async () => {
    go('launch');
    const { wire, app } = await opened('windows', { options: OPTIONS });
    await vi.waitUntil(() => docker(app) === 'python:3.12');
    wire.answer('launch.take', { options: { docker: 'other:1' } });
    wire.tell('launch.filled', {});
    await vi.waitUntil(() => docker(app) === 'other:1');
    expect(app.fills.value).toBe(2);
  });

  it('is not in the main window of Electron', async () => {
    const { wire, app } = await opened('windows', { options: OPTIONS });
    wire.tell('launch.filled', {});
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(wire.asked('launch.take')).toEqual([]);
    expect(app.fills.value).toBe(0);
  });

  it('is in the page that is shown, or was opened for it', async () => {
    const { wire, app } = await opened('page');
    expect(route.value).toBe('sessions');
    wire.answer('launch.take', { options: OPTIONS });
    wire.tell('view.shown', { view: 'launch' });
    await vi.waitUntil(() => docker(app) === 'python:3.12');
    expect(route.value).toBe('launch');

    go('sessions');
    const fresh = await opened('page', { options: OPTIONS });
    await vi.waitUntil(() => docker(fresh.app) === 'python:3.12');
    expect(route.value).toBe('launch');
  });

  it('keeps the queue that it has where none is given', async () => {
    const { app } = await opened('page');
    app.draft.set({ queue: 'gpu' });
    app.fillLaunch({ docker: 'python:3.12' });
    expect(app.draft.form.value).toMatchObject({ queue: 'gpu', docker: 'python:3.12' });
  });
});
