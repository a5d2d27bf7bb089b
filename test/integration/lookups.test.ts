import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { choosableQueues, queueWarning } from '../../preload/contract/queues.ts';
import { CoreApp } from './core-app.ts';

/** The app's questions before a launch, over a ClearML server. */
describe('what the app asks before a launch', () => {
  let demo: Demo;
  let core: CoreApp;
  const calls = (endpoint: string) => demo.calls.get(endpoint) ?? 0;
  const create = (name: string, more: object = {}) =>
    (demo.call('tasks.create', { name, type: 'training', ...more }) as { id: string }).id;

  beforeAll(async () => {
    const queues = [
      { name: 'gpu-a100', agents: 2 },
      { name: 'lonely', agents: 0 },
    ];
    demo = await startDemo({ seed: false, queues, realTools: false, speed: 20 });
    core = new CoreApp(demo);
    await core.start();
    await core.state((s) => s.loaded);
  });
  afterAll(async () => {
    await core.dispose();
    await demo.stop();
  });

  it('finds projects, tags and images in one request each', async () => {
    const { id: project } = demo.call('projects.create', { name: 'Vision (v2.0)' }) as { id: string };
    demo.call('projects.create', { name: 'Vision v2x0' });
    create('train', { project, tags: ['b', 'a'] });
    create('nb', { system_tags: ['interactive'], container: { image: 'python:3.12' } });
    expect(await core.call('lookup.projects', { text: 'vision (V2.0' })).toEqual({
      projects: [{ id: project, name: 'Vision (v2.0)' }],
    });
    expect(await core.call('lookup.tags')).toEqual({ tags: ['a', 'b'] });
    expect((await core.call('lookup.images')).images).toEqual(['python:3.12']);
    const asked = ['projects.get_all', 'projects.get_task_tags', 'tasks.get_all'].map(calls);
    expect(asked).toEqual([1, 1, 1]);
  });

  it('finds tasks by a part of the name, an id or an address, and tells which cannot be chosen', async () => {
    const repository = 'https://example.com/r.git';
    const train = create('ResNet [50]', { script: { repository } });
    const bare = create('ResNet 50');
    const find = async (text: string) => (await core.call('lookup.tasks', { purpose: 'debug', text })).tasks;
    expect((await find('resnet [5')).map(({ id, note }) => [id, note])).toEqual([[train, undefined]]);
    expect(await find(`${demo.web}/projects/*/experiments/${bare}/output/log`)).toMatchObject([
      { id: bare, name: 'ResNet 50', owner: 'Demo User', mine: true, note: 'It has no git repository.' },
    ]);
    expect(await find('f'.repeat(32))).toEqual([]);
  });

  it('finds own sessions with a workspace to go on with', async () => {
    const saved = create('saved', { system_tags: ['interactive'] });
    create('not saved', { system_tags: ['interactive'] });
    demo.call('tasks.add_or_update_artifacts', {
      task: saved,
      artifacts: [{ key: 'workspace', mode: 'input', type: 'custom', uri: `${demo.files}/w` }],
      force: true,
    });
    const { tasks } = await core.call('lookup.tasks', { purpose: 'continue', text: 'saved' });
    expect(tasks.map(({ name }) => name)).toEqual(['saved']);
  });

  it('tells what serves each queue, and warns of one that nothing serves', async () => {
    const { queues } = await core.call('queue.list');
    expect(['queues.get_all_ex', 'workers.get_all'].map(calls)).toEqual([1, 1]);
    const offered = choosableQueues(queues, { queueIncludeTag: [], queueExcludedTag: [] });
    expect(offered.map((q) => [q.name, q.agents, q.idle, queueWarning(q) !== undefined])).toEqual([
      ['gpu-a100', 2, 2, false],
      ['lonely', 0, 0, true],
    ]);
  });

  it('knows what the machines have and how long to wait, once a session has run', async () => {
    const id = await core.launch('first', { queue: 'gpu-a100' });
    await core.eventually((s) => s.sessions.some((x) => x.id === id && x.machine.gpuType !== undefined));
    const { queues } = await core.call('queue.list');
    const queue = queues.find((q) => q.name === 'gpu-a100');
    expect(queue?.workers.map(({ gpu }) => gpu)).toContain('A100-SXM4-80GB');
    expect(queue?.typicalWaitMs).toBeGreaterThanOrEqual(0);
    expect(core.remembered.waits).toMatchObject([{ id }]);
  });

  it('says that an agent is silent, when it has reported nothing for long', async () => {
    for (const worker of demo.model.workers.values()) {
      worker.timeoutMs = 86_400_000;
      worker.lastActivityAt = Date.now() - 660_000;
      worker.lastReportAt = Date.now() - 660_000;
    }
    const { queues } = await core.call('queue.list');
    const queue = queues.find((q) => q.name === 'gpu-a100');
    expect(queue?.workers.map(({ at }) => at)).toEqual(['silent', 'silent']);
    expect(queue && queueWarning(queue)).toMatch(/probably dead/);
  });
});
