import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { served } from './rig.ts';

let api: Awaited<ReturnType<typeof served>>;

beforeAll(async () => {
  api = await served();
});

afterAll(() => api.stop());

describe('the envelope', () => {
  it.each([
    '/users.get_current_user',
    '/v2.23/users.get_current_user',
    '/v2.5/users.get_current_user/',
    '/v999.0/users.get_current_user',
  ])('answers %s whatever its version', async (path) => {
    const { status, meta, data } = await api.ask(path);
    expect([status, meta['result_code'], meta['result_subcode'], meta['result_msg']]).toEqual([
      200,
      200,
      0,
      'OK',
    ]);
    expect(data).toMatchObject({ user: { id: api.me.id, name: 'Me' } });
  });

  it('names the call, the versions and a transaction', async () => {
    const { meta } = await api.ask('/v2.23/tasks.get_all', { headers: { 'X-ClearML-Trx': 'mine' } });
    expect(meta).toMatchObject({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      trx: 'mine',
      endpoint: { name: 'tasks.get_all', requested_version: '2.23', actual_version: expect.any(String) },
      error_stack: null,
      error_data: {},
    });
  });

  it('writes versions before 2.1 as numbers', async () => {
    const { meta } = await api.ask('/v2.0/tasks.get_all');
    expect(meta.endpoint['requested_version']).toBe(2);
  });

  it.each(['GET', 'POST', 'PUT'])('reads the body of a %s', async (method) => {
    await api.ask('/tasks.create', { body: { name: `by ${method}`, type: 'application' } });
    const { data } = await api.ask('/tasks.get_all', {
      method,
      body: { name: `^by ${method}$`, only_fields: ['name'] },
    });
    expect(data['tasks']).toEqual([{ id: expect.any(String), name: `by ${method}` }]);
  });

  it.each([
    ['an unknown endpoint', '/tasks.fly', {}, 404, 0],
    ['an unknown endpoint without credentials', '/tasks.fly', { headers: { authorization: '' } }, 404, 0],
    ['users.get_vaults, which only the enterprise has', '/users.get_vaults?enabled=true', {}, 404, 0],
    ['a name of the object', '/constructor.constructor', {}, 404, 0],
    ['a path that is none', '/hello', {}, 400, 0],
    ['a path that is no address', '//', {}, 400, 0],
    ['a body that is no JSON', '/tasks.get_all', { body: '{' }, 400, 0],
    ['a body that is no object', '/tasks.get_all', { body: '[1]' }, 400, 0],
    ['an unknown task', '/tasks.get_by_id', { body: { task: 'x' } }, 400, 101],
    ['a missing field', '/tasks.get_by_id', { body: {} }, 400, 12],
    ['a field of the wrong type', '/tasks.get_by_id', { body: { task: 7 } }, 400, 12],
    ['a queue name for an id', '/queues.get_by_id', { body: { queue: 'default' } }, 400, 701],
    ['an unknown project', '/projects.get_by_id', { body: { project: 'x' } }, 400, 401],
    ['a packed body', '/tasks.get_all', { headers: { 'content-encoding': 'gzip' } }, 415, 0],
  ])('refuses %s', async (_, path, how, code, subcode) => {
    const { status, meta, data } = await api.ask(path, how);
    expect([status, meta['result_code'], meta['result_subcode'], data]).toEqual([code, code, subcode, {}]);
    expect(meta['result_msg']).not.toBe('OK');
  });

  it('treats an empty body as an empty object', async () => {
    const { status } = await api.ask('/tasks.get_all', { method: 'POST', body: '' });
    expect(status).toBe(200);
  });

  it('takes one event for each line of a json-lines body', async () => {
    const { data: made } = await api.ask('/tasks.create', { body: { name: 'log', type: 'training' } });
    const line = (msg: string) => JSON.stringify({ type: 'log', task: made['id'], msg });
    const { data } = await api.ask('/events.add_batch', {
      method: 'POST',
      headers: { 'content-type': 'application/json-lines', 'X-Trains-Worker': 'box' },
      body: `${line('a')}\n${line('b')}\n`,
    });
    expect(data).toEqual({ added: 2, errors: 0, errors_info: {} });
    const { data: log } = await api.ask('/events.get_task_log', { body: { task: made['id'] } });
    expect(log['events']).toMatchObject([{ worker: 'box' }, { worker: 'box' }]);
  });

  it('keeps a connection open for the next call', async () => {
    const { headers } = await api.ask('/tasks.get_all', { headers: { connection: 'keep-alive' } });
    expect(headers['connection']).toBe('keep-alive');
    expect(headers['keep-alive']).toBeUndefined();
  });

  it('can be told to fail a number of times', async () => {
    Object.assign(api.trouble, { status: 503, times: 1 });
    expect((await api.ask('/tasks.get_all')).status).toBe(503);
    expect((await api.ask('/tasks.get_all')).status).toBe(200);
  });
});
