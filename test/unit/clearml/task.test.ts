import { describe, expect, it } from 'vitest';
import { LIST_FIELDS, readTask, time } from '../../../main/core/clearml/task.ts';
import { ID, rawTask } from './tasks.ts';

describe('a task document', () => {
  it('is read whole', () => {
    const raw = rawTask({
      parent: { id: 'p0' },
      status_message: 'pulled by agent',
      runtime: { cpu_cores: 8, memory_gb: 23.5, external_address: '10.0.0.1', _ssh_password: 'pw' },
      properties: { internal_ssh_port: '10022' },
      configuration: { SSH: { name: 'SSH', value: '{}' } },
    });
    expect(readTask(raw)).toEqual({
      id: ID,
      name: 'My session',
      status: 'in_progress',
      statusMessage: 'pulled by agent',
      statusReason: '',
      comment: '',
      systemTags: ['interactive'],
      userId: 'u1',
      userName: 'Ada',
      parent: 'p0',
      projectId: 'p1',
      projectName: 'DevOps',
      queueId: 'q1',
      queueName: 'gpu',
      worker: 'box:gpu0',
      image: 'python:3.12',
      created: Date.parse('2026-11-20T15:00:00Z'),
      started: Date.parse('2026-11-20T15:01:00Z'),
      statusChanged: Date.parse('2026-11-20T15:01:00Z'),
      params: { jupyterlab: 'True', vscode_server: 'True' },
      properties: { external_address: '', internal_ssh_port: '10022', jupyter_port: '' },
      runtime: { cpu_cores: '8', memory_gb: '23.5', external_address: '10.0.0.1', _ssh_password: 'pw' },
      sshConfiguration: '{}',
    });
  });

  it('is read with ids where the server did not resolve them', () => {
    const raw = rawTask({ user: 'u1', project: 'p1', execution: { queue: 'q1' } });
    expect(readTask(raw)).toMatchObject({ userId: 'u1', userName: '', projectId: 'p1', queueId: 'q1' });
  });

  it.each<[string, unknown]>([
    ['only an id', { id: ID }],
    ['nulls', Object.fromEntries(Object.keys(rawTask()).map((key) => [key, null]))],
    ['numbers', Object.fromEntries(Object.keys(rawTask()).map((key) => [key, 7]))],
    ['lists', Object.fromEntries(Object.keys(rawTask()).map((key) => [key, [null, 1, 'x']]))],
    ['texts', Object.fromEntries(Object.keys(rawTask()).map((key) => [key, 'x']))],
    ['hyperparameters without values', { hyperparams: { properties: { a: null, b: {}, c: 'x' } } }],
    ['a status of the future', { status: 'frozen' }],
  ])('never throws: %s', (_, raw) => {
    const read = readTask({ ...(raw as object), id: ID });
    expect(read).toMatchObject({ id: ID, status: expect.any(String), runtime: expect.any(Object) });
    expect(Object.values(read ?? {})).not.toContain(undefined);
  });

  it.each([[null], [undefined], [[]], ['x'], [{}], [{ id: '' }], [{ id: null }]])(
    'is none without an id: %j',
    (raw) => {
      expect(readTask(raw)).toBeUndefined();
    },
  );

  it.each<[unknown, number | undefined]>([
    ['2026-11-20T15:27:28.470000+00:00', Date.UTC(2026, 10, 20, 15, 27, 28, 470)],
    ['2026-11-20T15:27:28.470000', Date.UTC(2026, 10, 20, 15, 27, 28, 470)],
    ['2026-11-20T15:27:28Z', Date.UTC(2026, 10, 20, 15, 27, 28)],
    ['2026-11-20T17:27:28+02:00', Date.UTC(2026, 10, 20, 15, 27, 28)],
    [1234, 1234],
    ['', undefined],
    ['yesterday', undefined],
    [null, undefined],
  ])('has the time %j', (value, expected) => {
    expect(time(value)).toBe(expected);
  });
});

describe('a poll', () => {
  it('has the tags of people where they were asked for', () => {
    expect(readTask({ id: ID, tags: ['red', 7] })?.tags).toEqual(['red', '7']);
    expect(readTask({ id: ID })).not.toHaveProperty('tags');
  });

  it('asks for no secret: no password, key, token or configuration', () => {
    expect(
      LIST_FIELDS.filter((f) => /password|secret|token|_user_key|_url|git|configuration|script/.test(f)),
    ).toEqual([]);
    for (const whole of [
      'runtime',
      'hyperparams',
      'hyperparams.properties',
      'hyperparams.interactive_session',
    ]) {
      expect(LIST_FIELDS).not.toContain(whole);
    }
  });
});
