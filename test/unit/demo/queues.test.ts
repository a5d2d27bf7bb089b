import { describe, expect, it } from 'vitest';
import type { Fields } from '../../../main/demo/api/model.ts';
import { codes, rules } from './rig.ts';

describe('queues', () => {
  it('hand out their tasks in order, then nothing', () => {
    const { call, task, queue } = rules();
    const [a, b] = [task(), task()];
    for (const id of [a, b]) call('tasks.enqueue', { task: id, queue });
    const next = () =>
      (call('queues.get_next_task', { queue, get_task_info: true })['entry'] as Fields)?.['task'];
    expect(call('queues.get_num_entries', { queue })).toEqual({ num: 2 });
    expect([next(), next(), next()]).toEqual([a, b, undefined]);
    expect(call('queues.get_next_task', { queue })).toEqual({});
  });

  it('know a queue by id only', () => {
    const { call, queue } = rules();
    expect(codes(call, 'queues.get_by_id', { queue: 'q' })).toEqual([400, 701]);
    expect(call('queues.get_by_id', { queue })).toMatchObject({ queue: { id: queue, name: 'q' } });
    expect(call('queues.get_all', { name: '^q$', only_fields: ['name'] })).toEqual({
      queues: [{ id: queue, name: 'q' }],
    });
  });

  it('remember the queue in the task and drop the development tag', () => {
    const { call, task, doc, queue } = rules();
    const id = task({ system_tags: ['development', 'interactive'] });
    expect(call('tasks.enqueue', { task: id, queue })).toMatchObject({
      queued: 1,
      updated: 1,
      fields: { status: 'queued', 'execution.queue': queue },
    });
    expect(doc(id)).toMatchObject({ execution: { queue }, system_tags: ['interactive'] });
  });

  it('can be named instead, and are then made', () => {
    const { call, task, model } = rules();
    call('tasks.enqueue', { task: task(), queue_name: 'fresh' });
    expect([...model.queues.values()].map((q) => q.name)).toEqual(['q', 'fresh']);
  });

  it('tell whether somebody serves them', () => {
    const { call, task, queue } = rules();
    const ask = () =>
      call('tasks.enqueue', { task: task(), queue, verify_watched_queue: true })['queue_watched'];
    expect(ask()).toBe(false);
    call('workers.register', { worker: 'w', queues: [queue] });
    expect(ask()).toBe(true);
  });

  it.each([
    [undefined, 'created'],
    ['in_progress', 'in_progress'],
    ['stopped', 'stopped'],
  ])('let a task go with new_status %s', (newStatus, expected) => {
    const { call, task, doc, queue, model } = rules();
    const id = task();
    call('tasks.enqueue', { task: id, queue });
    expect(call('tasks.dequeue', { task: id, new_status: newStatus })).toMatchObject({ dequeued: 1 });
    expect([doc(id).status, model.queues.get(queue)?.entries]).toEqual([expected, []]);
  });

  it('let a pulled task be dequeued again by the agent that runs it', () => {
    const { call, task, doc, queue } = rules();
    const id = task();
    call('tasks.enqueue', { task: id, queue });
    call('queues.get_next_task', { queue });
    call('tasks.started', { task: id, force: true });
    expect(call('tasks.dequeue', { task: id, new_status: 'in_progress' })).toMatchObject({ dequeued: 1 });
    expect(doc(id).status).toBe('in_progress');
  });

  it('move tasks', () => {
    const { call, task, queue, model } = rules();
    const ids = [task(), task(), task()];
    for (const id of ids) call('tasks.enqueue', { task: id, queue });
    const order = () => model.queues.get(queue)?.entries.map((e) => ids.indexOf(e.task));
    call('queues.move_task_to_front', { queue, task: ids[2] });
    expect(order()).toEqual([2, 0, 1]);
    call('queues.move_task_backward', { queue, task: ids[2] });
    expect(order()).toEqual([0, 2, 1]);
    expect(codes(call, 'queues.remove_task', { queue, task: 'x' })).toEqual([400, 703]);
  });

  it('show their tasks and workers by name in get_all_ex', () => {
    const { call, task, queue } = rules();
    const id = task();
    call('tasks.enqueue', { task: id, queue });
    call('workers.register', { worker: 'w', queues: [queue] });
    expect(call('queues.get_all_ex', {})).toMatchObject({
      queues: [{ entries: [{ task: { id, name: 't' } }], workers: [{ name: 'w' }] }],
    });
  });

  it('do not count workers that fell silent', () => {
    const { call, queue, clock } = rules();
    call('workers.register', { worker: 'w', queues: [queue] });
    clock.pass(601_000);
    expect(call('queues.get_all_ex', {})).toMatchObject({ queues: [{ workers: [] }] });
  });

  it('are deleted only when empty, or with force', () => {
    const { call, task, queue } = rules();
    call('tasks.enqueue', { task: task(), queue });
    expect(codes(call, 'queues.delete', { queue })).toEqual([400, 702]);
    expect(codes(call, 'queues.delete', { queue, force: true })).toBe('ok');
  });
});

describe('projects', () => {
  it('are created with their parents, once', () => {
    const { call } = rules();
    const { id } = call('projects.create', { name: 'a/b/c', description: '' });
    const names = (call('projects.get_all', { order_by: ['name'] })['projects'] as Fields[]).map(
      (p) => p['name'],
    );
    expect(names).toEqual(['a', 'a/b', 'a/b/c']);
    expect(call('projects.get_by_id', { project: id })).toMatchObject({ project: { basename: 'c' } });
    expect(codes(call, 'projects.create', { name: 'a/b' })).toEqual([400, 801]);
  });

  it('are found by an escaped name', () => {
    const { call } = rules();
    const { id } = call('projects.create', { name: 'Dev Ops' });
    call('projects.create', { name: 'Dev Ops 2' });
    const body = { name: '^Dev\\ Ops$', only_fields: ['id'], search_hidden: true, shallow_search: true };
    expect(call('projects.get_all', body)).toEqual({ projects: [{ id }] });
  });

  it('count their tasks by status', () => {
    const { call, task } = rules();
    const { id } = call('projects.create', { name: 'p' });
    task({ project: id });
    expect(call('projects.get_all_ex', { include_stats: true })).toMatchObject({
      projects: [{ stats: { active: { status_count: { created: 1 }, total_tasks: 1 } } }],
    });
  });
});
