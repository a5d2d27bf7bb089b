import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { CoreApp, isUp } from './core-app.ts';
import { type Treatment, UnrulyApi } from './unruly-api.ts';

/** The whole core, over SSH servers of the demo, while its ClearML server behaves as servers do. */
describe('the app and a ClearML server in trouble', () => {
  let demo: Demo;
  let api: UnrulyApi;
  let core: CoreApp;

  beforeEach(async () => {
    demo = await startDemo({
      seed: false,
      queues: [{ name: 'default', agents: 3 }],
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

  const statuses = (): string[] => [...demo.model.tasks.values()].map((t) => t.status);
  const offline = () => core.state((s) => s.server.at === 'offline');
  const online = async () => {
    api.treat = () => 'pass';
    await core.call('setup.retry');
    await core.state((s) => s.server.at === 'online');
  };
  it('says that the server is away whatever it answers, keeps what is connected, and comes back', async () => {
    const id = await core.launch('steady');
    await core.eventually((s) => s.sessions.some(isUp));
    const before = await core.session(id, isUp);
    for (const treatment of [
      'reset',
      'html',
      'garbage',
      'half',
      'empty',
      'no-data',
      '500',
      '502',
      '401',
    ] as const) {
      api.treat = () => treatment;
      await core.call('setup.retry');
      const { server, sessions } = await offline();
      expect(server, treatment).toHaveProperty('problem.message', expect.stringMatching(/^\S.*\.$/));
      expect(sessions).toHaveLength(1);
      await online();
      const after = await core.session(id, isUp);
      expect([after.ports, after.link]).toEqual([before.ports, before.link]);
    }
    expect(core.host.notices.map((n) => n.title)).toEqual(['steady is ready']);
  });

  describe.each<[string, Treatment]>([
    ['projects.get_all', 'reset'],
    ['tasks.create', 'reset'],
    ['tasks.create', 'done-reset'],
    ['tasks.create', 'html'],
    ['tasks.edit', 'reset'],
    ['tasks.edit', 'done-reset'],
    ['tasks.enqueue', 'reset'],
    ['tasks.enqueue', 'done-reset'],
    ['tasks.enqueue', '502'],
  ])('when it goes away at %s (%s) of a launch', (endpoint, treatment) => {
    it('says so, and leaves nothing once it is back', async () => {
      let gone = false;
      api.treat = (asked) => {
        if (gone) return 'reset';
        gone = asked === endpoint;
        return gone ? treatment : 'pass';
      };
      await expect(core.launch('doomed')).rejects.toThrow();
      await online();
      // That of which the app knows only that there may be something is offered; all else goes by itself.
      await core.eventually((s) => statuses().length === s.leftovers.length);
      const { leftovers } = await core.state();
      for (const { id } of leftovers) await core.call('leftover.delete', { id });
      expect(statuses()).toEqual([]);
      expect(core.remembered).toMatchObject({ discard: [] });
    });
  });
});
