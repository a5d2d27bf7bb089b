import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { DEFAULTS } from '../../preload/contract/options.ts';
import type { SessionView } from '../../preload/contract/state.ts';
import { CoreApp, isUp } from './core-app.ts';
import { UnrulyApi } from './unruly-api.ts';

/** Cancelling and shutting down, at every stage and whatever the server does meanwhile. */
describe('a session that is not wanted any more', () => {
  let demo: Demo;
  let api: UnrulyApi;
  let core: CoreApp;

  beforeEach(async () => {
    demo = await startDemo({
      seed: false,
      queues: [
        { name: 'a-quick', agents: 1 },
        { name: 'b-slow', agents: 1, misbehave: 'slow' },
        { name: 'c-nobody', agents: 0 },
      ],
      realTools: false,
      speed: 20,
    });
    api = await new UnrulyApi(demo.api).start();
    core = new CoreApp(demo, { api: api.url });
    await core.start();
    await core.state((s) => s.loaded);
  });

  afterEach(async () => {
    api.treat = () => 'pass';
    await core.dispose();
    await api.stop();
    await demo.stop();
  });

  async function launch(queueName: string): Promise<string> {
    const queue = (await core.call('queue.list')).queues.find((q) => q.name === queueName);
    const form = {
      ...DEFAULTS,
      queue: queue?.name ?? '',
      jupyterLab: false,
      vscodeServer: false,
      sessionName: 'unwanted',
    };
    return (await core.call('session.launch', form)).id;
  }

  const isGone = (id: string): Promise<void> =>
    core.eventually((s) => demo.model.tasks.size === 0 && !s.sessions.some((x) => x.id === id));
  const reaches = (id: string, is: (s: SessionView) => boolean): Promise<void> =>
    core.eventually((s) => s.sessions.some((x) => x.id === id && is(x)));
  /** But for how long it waited in its queue, which says what is typical there. */
  const nothingRemembered = (id: string): Promise<void> =>
    expect.poll(() => JSON.stringify({ ...core.remembered, waits: [] })).not.toContain(id);

  const stages: readonly (readonly [string, string, (s: SessionView) => boolean])[] = [
    ['while it waits', 'c-nobody', (s) => s.status === 'queued'],
    ['while it starts', 'b-slow', (s) => s.status === 'starting'],
  ];

  it.each(stages)(
    'is gone when its launch is cancelled %s, however often it is clicked',
    async (_, queue, is) => {
      const id = await launch(queue);
      await reaches(id, is);
      await Promise.all([
        core.call('session.cancel', { id }),
        core.call('session.cancel', { id }),
        core.call('session.shutDown', { id }),
      ]);
      await isGone(id);
      await nothingRemembered(id);
      expect(core.host.notices).toEqual([]);
    },
  );

  it.each(stages)('is gone when the server was away when it was cancelled %s', async (_, queue, is) => {
    const id = await launch(queue);
    await reaches(id, is);
    api.treat = () => 'reset';
    const refused = await core.ask('session.cancel', { id });
    expect(refused).toMatchObject({ ok: false, problem: { hint: expect.stringContaining('as soon as') } });
    await core.session(id, (s) => s.ending === 'cancel');
    api.treat = () => 'pass';
    await isGone(id);
    await nothingRemembered(id);
  });

  it.each(stages)('is gone when the app ended before the server was back, %s', async (_, queue, is) => {
    const id = await launch(queue);
    await reaches(id, is);
    api.treat = () => 'reset';
    await core.ask('session.cancel', { id });
    await core.stop();
    api.treat = () => 'pass';
    await core.start();
    await isGone(id);
    await nothingRemembered(id);
  });

  it('is gone when the answer to its cancellation got lost', async () => {
    const id = await launch('c-nobody');
    api.treat = (endpoint) => (endpoint === 'tasks.stop' ? 'done-reset' : 'pass');
    await core.ask('session.cancel', { id });
    expect([...demo.model.tasks.values()].map((t) => t.status)).toEqual(['stopped']);
    api.treat = () => 'pass';
    await isGone(id);
    await nothingRemembered(id);
  });

  it('goes on when the server refuses to stop it, and says so', async () => {
    const id = await launch('c-nobody');
    const { treat } = api;
    api.treat = (endpoint) => (endpoint === 'tasks.stop' ? '403' : 'pass');
    expect(await core.ask('session.cancel', { id })).toMatchObject({
      ok: false,
      problem: { code: 'forbidden' },
    });
    api.treat = treat;
    expect((await core.session(id, (s) => s.status === 'queued')).ending).toBeUndefined();
    await core.call('session.cancel', { id });
    await isGone(id);
  });

  it('is stopped, and told as done, by a click on "Shut down" from anywhere', async () => {
    const id = await launch('a-quick');
    await reaches(id, isUp);
    await Promise.all([core.call('session.shutDown', { id }), core.call('session.shutDown', { id })]);
    await reaches(id, (s) => s.status === 'finished');
    await nothingRemembered(id);
    expect(core.host.notices.map((n) => n.title)).toEqual(['unwanted is ready']);
    expect(api.count('tasks.stop')).toBe(1);
  });

  it('stays connected when the server is away at "Shut down", which is said', async () => {
    const id = await launch('a-quick');
    await reaches(id, isUp);
    api.treat = () => 'reset';
    expect(await core.ask('session.shutDown', { id })).toMatchObject({ ok: false });
    await core.session(id, (s) => isUp(s) && !s.ending);
  });

  it('is gone when its launch is cancelled while it is being created', async () => {
    api.treat = () => 'late';
    const launching = launch('c-nobody');
    await expect.poll(() => api.count('tasks.create')).toBe(1);
    await core.call('session.cancel', {});
    await expect(launching).rejects.toThrow(/cancelled/);
    api.treat = () => 'pass';
    expect(demo.model.tasks.size).toBe(0);
    expect(core.remembered).toMatchObject({ launches: [], discard: [], wanted: [] });
  });

  it('is launched once by two clicks', async () => {
    api.treat = () => 'late';
    const both = await Promise.allSettled([launch('c-nobody'), launch('c-nobody')]);
    expect(both.map((b) => b.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(demo.model.tasks.size).toBe(1);
  });
});
