import { describe, expect, it } from 'vitest';
import type { TaskStatus } from '../../../main/demo/api/model.ts';
import { codes, rules } from './rig.ts';

/** By call: the statuses that it may be made in without force, besides the one it leads to. */
const ALLOWED: [string, TaskStatus, TaskStatus[]][] = [
  ['tasks.started', 'in_progress', ['created', 'queued', 'stopped', 'completed']],
  ['tasks.stopped', 'stopped', ['queued', 'in_progress', 'closed', 'failed']],
  ['tasks.failed', 'failed', ['in_progress', 'stopped', 'closed']],
  ['tasks.completed', 'completed', ['in_progress', 'stopped']],
  ['tasks.close', 'closed', ['stopped']],
  ['tasks.publish', 'published', ['stopped', 'closed', 'failed', 'publishing', 'completed']],
];

const ALL: TaskStatus[] = [
  'created',
  'queued',
  'in_progress',
  'stopped',
  'closed',
  'failed',
  'completed',
  'publishing',
  'published',
];

const CASES = ALLOWED.flatMap(([name, to, from]) =>
  ALL.map((status) => ({ name, to, status, allowed: status === to || from.includes(status) })),
);

describe('the status machine', () => {
  it.each(CASES)('$name from $status: $allowed', ({ name, to, status, allowed }) => {
    const { call, task, model } = rules();
    const id = task();
    const stored = model.tasks.get(id);
    if (stored) stored.status = status;
    expect(codes(call, name, { task: id })).toEqual(allowed ? 'ok' : [400, 110]);
    expect(stored?.status).toBe(allowed ? to : status);
    expect(codes(call, name, { task: id, force: true })).toBe('ok');
    expect(stored?.status).toBe(to);
  });

  it.each([
    ['created', 'ok'],
    ['stopped', 'ok'],
    ['failed', 'ok'],
    ['queued', [400, 110]],
    ['in_progress', [400, 110]],
    ['completed', [400, 110]],
    ['published', [400, 110]],
  ] as const)('enqueues from %s: %j', (status, expected) => {
    const { call, task, model, queue } = rules();
    const id = task();
    const stored = model.tasks.get(id);
    if (stored) stored.status = status;
    expect(codes(call, 'tasks.enqueue', { task: id, queue })).toEqual(expected);
  });

  it('tells what was written, with reason and message', () => {
    const { call, task } = rules();
    const id = task();
    const reply = call('tasks.started', { task: id, status_reason: 'r', status_message: 'm' });
    expect(reply).toMatchObject({
      started: 1,
      updated: 1,
      fields: {
        status: 'in_progress',
        status_reason: 'r',
        status_message: 'm',
        status_changed: '2026-11-20T12:00:00.000000+00:00',
      },
    });
  });

  it('keeps the first start and notes the end', () => {
    const { call, task, doc, clock } = rules();
    const id = task();
    call('tasks.started', { task: id });
    clock.pass(5000);
    call('tasks.started', { task: id, force: true });
    call('tasks.completed', { task: id });
    expect(doc(id)).toMatchObject({
      started: '2026-11-20T12:00:00.000000+00:00',
      completed: '2026-11-20T12:00:05.000000+00:00',
    });
  });
});

describe('tasks.stop', () => {
  it('takes a queued task out of its queue and stops it', () => {
    const { call, task, doc, queue, model } = rules();
    const id = task();
    call('tasks.enqueue', { task: id, queue });
    call('tasks.stop', { task: id, status_reason: 'abort request' });
    expect(doc(id)).toMatchObject({ status: 'stopped', status_message: 'Stopped by Me' });
    expect(model.queues.get(queue)?.entries).toEqual([]);
  });

  it('asks the worker of a running task and leaves the status', () => {
    const { call, task, doc } = rules();
    const id = task();
    call('tasks.started', { task: id });
    call('workers.status_report', { worker: 'w', task: id });
    const reply = call('tasks.stop', { task: id, status_reason: 'abort request' });
    expect(reply['fields']).toMatchObject({ status: 'in_progress', status_message: 'stopping' });
    expect(doc(id)).toMatchObject({ status: 'in_progress', status_reason: 'abort request' });
  });

  it.each([
    [
      'no worker ever reported',
      (r: ReturnType<typeof rules>, id: string) => r.call('tasks.ping', { task: id }),
    ],
    [
      'the worker has been silent for ten minutes',
      (r: ReturnType<typeof rules>, id: string) => {
        r.call('workers.status_report', { worker: 'w', task: id });
        r.clock.pass(600_000);
      },
    ],
    [
      'it is a development task',
      (r: ReturnType<typeof rules>, id: string) => {
        r.call('workers.status_report', { worker: 'w', task: id });
        r.call('tasks.edit', { task: id, force: true, system_tags: ['development'] });
      },
    ],
  ])('stops a running task at once when %s', (_, prepare) => {
    const rig = rules();
    const id = rig.task();
    rig.call('tasks.started', { task: id });
    prepare(rig, id);
    rig.call('tasks.stop', { task: id });
    expect(rig.doc(id).status).toBe('stopped');
  });

  it.each(['created', 'completed', 'failed'] as const)('answers a %s task by its machine', (status) => {
    const { call, task, model } = rules();
    const id = task();
    const stored = model.tasks.get(id);
    if (stored) stored.status = status;
    expect(codes(call, 'tasks.stop', { task: id })).toEqual(status === 'failed' ? 'ok' : [400, 110]);
  });
});
