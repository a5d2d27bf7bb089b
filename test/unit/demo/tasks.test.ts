import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../main/demo/api/model.ts';
import { codes, rules } from './rig.ts';

const param = (section: string, name: string, value: string) => ({ section, name, value });

describe('tasks.create', () => {
  it('fills in what the real server fills in', () => {
    const { doc, task } = rules();
    expect(doc(task({ script: { diff: ' x ', entry_point: ' run.py ' } }))).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      status: 'created',
      created: '2026-11-20T12:00:00.000000+00:00',
      script: { binary: 'python', repository: '', branch: '', diff: ' x ', entry_point: 'run.py' },
      execution: { artifacts: [] },
      runtime: {},
      tags: [],
    });
  });

  it.each<[string, Fields, [number, number]]>([
    ['without a name', { type: 'training' }, [400, 12]],
    ['without a type', { name: 'x' }, [400, 12]],
    ['of an unknown type', { name: 'x', type: 'party' }, [400, 12]],
    ['in an unknown project', { name: 'x', type: 'training', project: 'p' }, [400, 401]],
    ['under an unknown parent', { name: 'x', type: 'training', parent: 'p' }, [400, 101]],
    ['with a nameless parameter', { name: 'x', type: 'training', hyperparams: { s: { '': {} } } }, [400, 12]],
  ])('%s is refused', (_, body, expected) => {
    expect(codes(rules().call, 'tasks.create', body)).toEqual(expected);
  });
});

describe('tasks.edit', () => {
  it('needs force once the task is not new', () => {
    const { call, task, queue } = rules();
    const id = task();
    call('tasks.enqueue', { task: id, queue });
    expect(codes(call, 'tasks.edit', { task: id, name: 'x' })).toEqual([400, 110]);
    expect(codes(call, 'tasks.edit', { task: id, name: 'x', force: true })).toBe('ok');
  });

  it('merges script and execution one level deep', () => {
    const { call, task, doc } = rules();
    const id = task({ script: { diff: 'a', branch: 'b' }, execution: { queue: 'q', framework: 'f' } });
    call('tasks.edit', { task: id, script: { diff: 'z' }, execution: { framework: 'g' } });
    expect(doc(id)).toMatchObject({
      script: { diff: 'z', branch: 'b' },
      execution: { queue: 'q', framework: 'g', artifacts: [] },
    });
  });

  it.each<[string, Fields, Fields]>([
    ['runtime', { a: 1, b: 2 }, { b: 3 }],
    ['container', { image: 'i', arguments: 'a' }, { image: 'j' }],
    ['hyperparams', { s: { x: param('s', 'x', '1') } }, { s: { y: param('s', 'y', '2') } }],
    ['configuration', { A: { name: 'A', value: '1' } }, { B: { name: 'B', value: '2' } }],
  ])('replaces %s whole', (field, before, after) => {
    const { call, task, doc } = rules();
    const id = task({ [field]: before });
    const reply = call('tasks.edit', { task: id, [field]: after });
    expect((doc(id) as unknown as Fields)[field]).toEqual(after);
    expect(reply).toMatchObject({ updated: 1, fields: { [field]: after } });
  });

  it('replaces tags and system tags', () => {
    const { call, task, doc } = rules();
    const id = task({ tags: ['a'], system_tags: ['development'] });
    call('tasks.edit', { task: id, tags: [], system_tags: ['interactive'] });
    expect(doc(id)).toMatchObject({ tags: [], system_tags: ['interactive'] });
  });

  it('changes nothing when nothing is given', () => {
    const { call, task } = rules();
    expect(call('tasks.edit', { task: task() })).toMatchObject({ updated: 0 });
  });

  it('moves last_update only for more than names, tags and the like', () => {
    const { call, task, doc, clock } = rules();
    const id = task();
    const before = doc(id).last_update;
    clock.pass(1000);
    call('tasks.edit', { task: id, comment: 'c', runtime: {} });
    expect(doc(id).last_update).toBe(before);
    call('tasks.edit', { task: id, script: { diff: 'd' } });
    expect(doc(id).last_update).not.toBe(before);
  });
});

describe('tasks.update', () => {
  it('takes only what is always allowed', () => {
    const { call, task, doc } = rules();
    const id = task();
    call('tasks.started', { task: id });
    expect(call('tasks.update', { task: id, name: 'new', script: { diff: 'no' } })).toMatchObject({
      updated: 1,
    });
    expect(doc(id)).toMatchObject({ name: 'new', script: { diff: '' } });
  });

  it('takes many at once', () => {
    const { batch, task, doc } = rules();
    const [a, b] = [task(), task()];
    expect(
      batch('tasks.update_batch', [
        { task: a, name: 'A' },
        { task: b, name: 'B' },
      ]),
    ).toEqual({ updated: 2 });
    expect([doc(a).name, doc(b).name]).toEqual(['A', 'B']);
  });
});

describe('hyperparameters', () => {
  const prepared = () => {
    const rig = rules();
    const id = rig.task({
      hyperparams: {
        s: { x: param('s', 'x', '1'), y: param('s', 'y', '2') },
        t: { z: param('t', 'z', '3') },
      },
    });
    const names = () => {
      const found: string[] = [];
      for (const [s, params] of Object.entries(rig.doc(id).hyperparams))
        for (const p of Object.values(params)) found.push(`${s}/${p.name}=${p.value}`);
      return found.sort();
    };
    return { ...rig, id, names };
  };

  it.each([
    ['none', ['s/n=9', 's/x=1', 's/y=2', 't/z=3']],
    ['section', ['s/n=9', 't/z=3']],
    ['all', ['s/n=9']],
  ])('are merged with replace_hyperparams %s', (replace, expected) => {
    const { call, id, names } = prepared();
    const hyperparams = [param('s', 'n', '9')];
    expect(call('tasks.edit_hyper_params', { task: id, hyperparams, replace_hyperparams: replace })).toEqual({
      updated: 1,
    });
    expect(names()).toEqual(expected);
  });

  it.each([
    ['one', [{ section: 's', name: 'x' }], ['s/y=2', 't/z=3']],
    ['a section', [{ section: 's' }], ['t/z=3']],
  ])('are deleted: %s', (_, hyperparams, expected) => {
    const { call, id, names } = prepared();
    call('tasks.delete_hyper_params', { task: id, hyperparams });
    expect(names()).toEqual(expected);
  });

  it.each([
    ['a running task', 'in_progress', 's', false, [400, 110]],
    ['a running task with force', 'in_progress', 's', true, 'ok'],
    ['a queued task with force', 'queued', 's', true, [400, 110]],
    ['properties of a running task', 'in_progress', 'properties', false, 'ok'],
    ['Properties of a finished task', 'completed', 'Properties', false, 'ok'],
  ] as const)('may be edited by status: %s', (_, status, section, force, expected) => {
    const { call, id, model } = prepared();
    const stored = model.tasks.get(id);
    if (stored) stored.status = status;
    const body = { task: id, hyperparams: [param(section, 'a', '1')], force };
    expect(codes(call, 'tasks.edit_hyper_params', body)).toEqual(expected);
  });

  it('are listed by task, sorted', () => {
    const { call, id } = prepared();
    expect(call('tasks.get_hyper_params', { tasks: [id] })).toEqual({
      params: [{ task: id, hyperparams: [param('s', 'x', '1'), param('s', 'y', '2'), param('t', 'z', '3')] }],
    });
  });
});

describe('configuration objects', () => {
  const item = (name: string, value: string) => ({ name, value });

  it.each([
    [false, ['A', 'B']],
    [true, ['B']],
  ])('are merged with replace_configuration %s', (replace, expected) => {
    const { call, task, doc } = rules();
    const id = task({ configuration: { A: item('A', '1') } });
    call('tasks.edit_configuration', {
      task: id,
      configuration: [item('B', '2')],
      replace_configuration: replace,
    });
    expect(Object.keys(doc(id).configuration)).toEqual(expected);
  });

  it('are given by name', () => {
    const { call, task } = rules();
    const id = task({ configuration: { A: item('A', '1'), SSH: item('SSH', '{}') } });
    expect(call('tasks.get_configurations', { tasks: [id], names: ['SSH'] })).toEqual({
      configurations: [{ task: id, configuration: [item('SSH', '{}')] }],
    });
  });
});

describe('tasks.clone', () => {
  const original = (rig: ReturnType<typeof rules>) => {
    const id = rig.task({
      name: 'old',
      system_tags: ['interactive', 'development', 'archived'],
      runtime: { secret: 'x' },
      script: { diff: 'd' },
      container: { image: 'i' },
      hyperparams: { s: { x: param('s', 'x', '1') } },
      configuration: { SSH: { name: 'SSH', value: '{}' } },
      execution: { artifacts: [{ key: 'workspace', mode: 'input' }, { key: 'result' }] },
    });
    rig.call('tasks.enqueue', { task: id, queue: rig.queue });
    return id;
  };

  it('makes a task that never ran', () => {
    const rig = rules();
    const from = original(rig);
    rig.call('tasks.edit', {
      task: from,
      force: true,
      system_tags: ['interactive', 'development', 'archived'],
    });
    const { id } = rig.call('tasks.clone', { task: from, new_task_name: 'new' });
    expect(rig.doc(String(id))).toMatchObject({
      name: 'new',
      status: 'created',
      parent: from,
      runtime: {},
      system_tags: ['interactive'],
      script: { diff: 'd' },
      container: { image: 'i' },
      hyperparams: { s: { x: { value: '1' } } },
      configuration: { SSH: { value: '{}' } },
    });
    expect(rig.doc(String(id)).execution).toEqual({ artifacts: [{ key: 'workspace', mode: 'input' }] });
  });

  it('shares nothing with the original', () => {
    const rig = rules();
    const from = original(rig);
    const id = String(rig.call('tasks.clone', { task: from })['id']);
    rig.call('tasks.edit_hyper_params', { task: id, hyperparams: [param('s', 'x', '7')] });
    expect(rig.doc(from).hyperparams['s']?.['x']?.value).toBe('1');
  });

  it('goes where it is told', () => {
    const rig = rules();
    const from = original(rig);
    const reply = rig.call('tasks.clone', {
      task: from,
      new_task_parent: from,
      new_task_tags: ['t'],
      new_task_system_tags: ['s'],
      new_project_name: 'A/B',
    });
    const project = (reply['new_project'] as Fields)['id'];
    expect(reply['new_project']).toMatchObject({ name: 'A/B' });
    expect(rig.doc(String(reply['id']))).toMatchObject({
      project,
      tags: ['t'],
      system_tags: ['s'],
      parent: from,
    });
  });
});

describe('tasks.reset', () => {
  it('takes back all that running left', () => {
    const { call, task, doc, queue, model } = rules();
    const id = task({
      runtime: { a: 1 },
      execution: {
        artifacts: [
          { key: 'in', mode: 'input' },
          { key: 'out', mode: 'output' },
        ],
      },
    });
    call('tasks.enqueue', { task: id, queue });
    call('tasks.started', { task: id });
    call('workers.status_report', { worker: 'w', task: id });
    call('events.add', { type: 'log', task: id, msg: 'x' });
    call('tasks.stopped', { task: id });
    expect(call('tasks.reset', { task: id })).toMatchObject({ updated: 1, fields: { status: 'created' } });
    const after = doc(id);
    expect(after).toMatchObject({
      status: 'created',
      runtime: {},
      execution: { artifacts: [{ key: 'in' }] },
    });
    expect([after.started, after.completed, after.last_worker, after.execution.queue]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect(model.logs.has(id)).toBe(false);
    expect(model.queues.get(queue)?.entries).toEqual([]);
  });

  it('spares a published task unless forced', () => {
    const { call, task } = rules();
    const id = task();
    call('tasks.publish', { task: id, force: true });
    expect(codes(call, 'tasks.reset', { task: id })).toEqual([400, 110]);
    expect(codes(call, 'tasks.reset', { task: id, force: true })).toBe('ok');
  });
});

describe('tasks.delete', () => {
  it('needs force once the task ran', () => {
    const { call, task } = rules();
    const id = task();
    call('tasks.started', { task: id });
    expect(codes(call, 'tasks.delete', { task: id })).toEqual([400, 123]);
    expect(call('tasks.delete', { task: id, force: true })).toMatchObject({ deleted: true });
    expect(codes(call, 'tasks.get_by_id', { task: id })).toEqual([400, 101]);
  });

  it('empties its queue, frees its children and names its files', () => {
    const { call, task, doc, queue, model } = rules();
    const id = task({ execution: { artifacts: [{ key: 'a', uri: 'http://files/a' }] } });
    const child = task({ parent: id });
    call('tasks.enqueue', { task: id, queue });
    expect(call('tasks.delete', { task: id, force: true, return_file_urls: true })).toMatchObject({
      updated_children: 1,
      urls: { artifact_urls: ['http://files/a'] },
    });
    expect(doc(child).parent).toBeUndefined();
    expect(model.queues.get(queue)?.entries).toEqual([]);
  });
});

describe('artifacts', () => {
  it('are merged by key and mode', () => {
    const { call, task, doc } = rules();
    const id = task();
    const add = (artifacts: Fields[]) =>
      call('tasks.add_or_update_artifacts', { task: id, artifacts, force: true });
    expect(add([{ key: 'a', uri: '1' }])).toEqual({ updated: 1 });
    add([{ key: 'a', uri: '2' }]);
    add([{ key: 'a', mode: 'input', uri: '3' }]);
    expect(doc(id).execution.artifacts.map((a) => [a.key, a.mode, a['uri']])).toEqual([
      ['a', 'output', '2'],
      ['a', 'input', '3'],
    ]);
    expect(call('tasks.delete_artifacts', { task: id, artifacts: [{ key: 'a' }] })).toEqual({ deleted: 1 });
    expect(doc(id).execution.artifacts).toHaveLength(1);
  });
});

describe('lists of tasks', () => {
  it('hide what is tagged hidden unless asked for', () => {
    const { call, task } = rules();
    const id = task({ system_tags: ['hidden'] });
    const count = (body: Fields) => (call('tasks.get_all', body)['tasks'] as Fields[]).length;
    expect([count({}), count({ search_hidden: true }), count({ id: [id] })]).toEqual([0, 1, 1]);
  });

  it('resolve ids to names in get_all_ex', () => {
    const { call, task, queue, me } = rules();
    const { id: project } = call('projects.create', { name: 'DevOps' });
    const id = task({ project });
    call('tasks.enqueue', { task: id, queue });
    const [found] = call('tasks.get_all_ex', {
      id: [id],
      only_fields: ['project.name', 'user.name', 'execution.queue', 'status'],
    })['tasks'] as Fields[];
    expect(found).toEqual({
      id,
      status: 'queued',
      project: { name: 'DevOps' },
      user: { name: me.name },
      execution: { queue: { id: queue, name: 'q' } },
    });
  });

  it('work on many tasks and tell what failed', () => {
    const { call, task } = rules();
    const id = task();
    const reply = call('tasks.delete_many', { ids: [id, 'nobody'], force: true });
    expect(reply).toMatchObject({
      succeeded: [{ id, deleted: true }],
      failed: [{ id: 'nobody', error: { codes: [400, 101] } }],
    });
  });
});
