import { describe, expect, it } from 'vitest';
import { logPage, MAX_LOG_CHARS } from '../../../main/demo/api/events.ts';
import type { Fields, LogEvent } from '../../../main/demo/api/model.ts';
import { codes, rules } from './rig.ts';

const at = (timestamp: number, msg = String(timestamp)): LogEvent => ({
  type: 'log',
  task: 't',
  level: 'INFO',
  worker: '',
  timestamp,
  msg,
});

describe('a page of the console log', () => {
  const log = [at(1), at(2), at(2, '2b'), at(3), at(4)];

  it.each([
    ['the newest', { earlier: true, from: undefined, size: 2 }, ['4', '3']],
    ['before a time', { earlier: true, from: 3, size: 1 }, ['2b', '2']],
    ['the oldest', { earlier: false, from: undefined, size: 1 }, ['1']],
    ['after a time', { earlier: false, from: 2, size: 10 }, ['3', '4']],
    ['with all that share the last time', { earlier: false, from: undefined, size: 2 }, ['1', '2', '2b']],
    ['after the end', { earlier: false, from: 4, size: 10 }, []],
  ])('%s', (_, options, expected) => {
    expect(logPage(log, options).map((e) => e.msg)).toEqual(expected);
  });
});

describe('events.get_task_log', () => {
  const prepared = () => {
    const rig = rules();
    const id = rig.task();
    rig.batch(
      'events.add_batch',
      [30, 10, 20].map((timestamp) => ({
        type: 'log',
        task: id,
        timestamp,
        msg: String(timestamp),
        level: 'debug',
      })),
    );
    const ask = (body: Fields) =>
      (rig.call('events.get_task_log', { task: id, ...body })['events'] as LogEvent[]).map((e) => e.msg);
    return { ...rig, id, ask };
  };

  it.each<[Fields, string[]]>([
    [{}, ['30', '20', '10']],
    [{ order: 'asc' }, ['10', '20', '30']],
    [{ order: 'asc', navigate_earlier: true, batch_size: 1 }, ['30']],
    [{ order: 'asc', navigate_earlier: true, batch_size: 2 }, ['20', '30']],
    [{ navigate_earlier: false, batch_size: 2 }, ['10', '20']],
    [{ navigate_earlier: false, from_timestamp: 20 }, ['30']],
    [{ navigate_earlier: false, order: 'desc' }, ['30', '20', '10']],
  ])('%j', (body, expected) => {
    expect(prepared().ask(body)).toEqual(expected);
  });

  it('tells how many there are', () => {
    const { call, id } = prepared();
    expect(call('events.get_task_log', { task: id, batch_size: 1 })).toMatchObject({ returned: 1, total: 3 });
  });

  it('keeps a log within bounds', () => {
    const { call, task, model } = rules();
    const id = task();
    for (let i = 0; i < 30; i++)
      call('events.add', { type: 'log', task: id, msg: 'x'.repeat(MAX_LOG_CHARS / 20) });
    expect(model.logs.get(id)?.events).toHaveLength(20);
  });
});

describe('events.add_batch', () => {
  it('adds what is right and counts what is wrong', () => {
    const { batch, task } = rules();
    const good = { type: 'log', task: task(), msg: 'x' };
    expect(
      batch('events.add_batch', [good, { type: 'log', task: 'x' }, { type: 'party', task: 'x' }]),
    ).toEqual({
      added: 1,
      errors: 2,
      errors_info: { 'Invalid task id': 1, 'Invalid event type': 1 },
    });
  });

  it('fails when nothing is right', () => {
    expect(codes(rules().call, 'events.add', { type: 'log', task: 'x' })).toEqual([400, 131]);
  });

  it('keeps the last value of each scalar under hashed names, and its extremes', () => {
    const { call, task, doc } = rules();
    const id = task();
    const scalar = (value: number, iter: number) =>
      call('events.add', {
        type: 'training_stats_scalar',
        task: id,
        metric: ':monitor:machine',
        variant: 'cpu_usage',
        value,
        iter,
      });
    scalar(5, 10);
    scalar(9, 40);
    scalar(7, 70);
    const [[metric, variants] = []] = Object.entries(doc(id).last_metrics);
    expect(metric).toMatch(/^[0-9a-f]{32}$/);
    expect(Object.values(variants ?? {})).toEqual([
      {
        metric: ':monitor:machine',
        variant: 'cpu_usage',
        value: 7,
        min_value: 5,
        min_value_iteration: 10,
        max_value: 9,
        max_value_iteration: 40,
      },
    ]);
    expect(doc(id).last_iteration).toBe(70);
  });

  it('shows that the task lives', () => {
    const { call, task, doc, clock } = rules();
    const id = task();
    clock.pass(60_000);
    call('events.add', { type: 'log', task: id, msg: 'x' });
    expect(doc(id).last_update).toBe('2026-11-20T12:01:00.000000+00:00');
  });
});

describe('workers', () => {
  it('are listed with their task, queues and times, without machine numbers', () => {
    const { call, task, queue } = rules();
    const id = task();
    call('tasks.started', { task: id });
    call('workers.register', { worker: 'host:gpu0', queues: [queue] });
    call('workers.status_report', {
      worker: 'host:gpu0',
      task: id,
      queue,
      timestamp: 1,
      machine_stats: { cpu_usage: [10, 20] },
    });
    const [worker] = call('workers.get_all', {})['workers'] as Fields[];
    expect(worker).toMatchObject({
      id: 'host:gpu0',
      ip: '127.0.0.1',
      register_timeout: 600,
      task: { id, name: 't' },
      queue: { id: queue },
      queues: [{ id: queue, name: 'q', num_tasks: 0 }],
    });
    expect(JSON.stringify(worker)).not.toContain('cpu_usage');
  });

  it('mark the task that they run', () => {
    const { call, task, doc } = rules();
    const id = task();
    call('workers.status_report', { worker: 'w', task: id });
    expect(doc(id)).toMatchObject({
      last_worker: 'w',
      last_worker_report: '2026-11-20T12:00:00.000000+00:00',
    });
  });

  it('are forgotten when they leave or fall silent', () => {
    const { call, clock } = rules();
    const ids = () => (call('workers.get_all', { last_seen: 0 })['workers'] as Fields[]).map((w) => w['id']);
    call('workers.register', { worker: 'a', queues: [] });
    call('workers.register', { worker: 'b', queues: [], timeout: 60 });
    clock.pass(61_000);
    expect(ids()).toEqual(['a']);
    call('workers.unregister', { worker: 'a' });
    expect(ids()).toEqual([]);
    expect(codes(call, 'workers.unregister', { worker: 'a' })).toEqual([400, 1001]);
  });

  it('have a history of their machines', () => {
    const { call, clock } = rules();
    const from = clock.at / 1000;
    for (const cpu of [10, 30]) {
      call('workers.status_report', { worker: 'w', machine_stats: { cpu_usage: [cpu] } });
      clock.pass(1000);
    }
    const reply = call('workers.get_stats', {
      from_date: from,
      to_date: from + 60,
      interval: 60,
      items: [{ key: 'cpu_usage', aggregation: 'avg' }],
    });
    expect(reply).toMatchObject({
      workers: [
        { worker: 'w', metrics: [{ metric: 'cpu_usage', stats: [{ aggregation: 'avg', values: [20] }] }] },
      ],
    });
  });
});
