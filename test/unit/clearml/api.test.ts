import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  deleteTask,
  findProject,
  getCurrentUser,
  getFinishedTasks,
  getHostKeyVault,
  getLiveTasks,
  getLog,
  getQueues,
  getSecretTasks,
  getTasksById,
  PAGE_SIZE,
} from '../../../main/core/clearml/api.ts';
import { queuePlaces } from '../../../main/core/clearml/queues.ts';
import { LIST_FIELDS } from '../../../main/core/clearml/task.ts';
import { FakeClearml } from './fake-clearml.ts';
import { memoryLog } from './servers.ts';
import { ID, rawTask } from './tasks.ts';

let server: FakeClearml;
beforeEach(async () => {
  server = await new FakeClearml().start();
});
afterEach(() => server.close());

const asked = () => server.calls.at(-1);

describe('the list of living sessions', () => {
  it('is everybody’s, in an order that stays, without secrets', async () => {
    server.tasks.set(ID, rawTask());
    const { tasks, full } = await getLiveTasks(server.client(), 2);
    expect([tasks.map((t) => t.id), full]).toEqual([[ID], false]);
    expect(asked()).toEqual({
      endpoint: 'tasks.get_all_ex',
      body: {
        system_tags: ['interactive'],
        status: ['created', 'queued', 'in_progress'],
        order_by: ['-created'],
        page: 2,
        page_size: 500,
        only_fields: LIST_FIELDS,
        search_hidden: true,
      },
    });
  });

  it('may have another page when this one is full', async () => {
    for (let i = 0; i < PAGE_SIZE; i++) server.tasks.set(String(i), { id: `t${i}`, status: 'queued' });
    expect(await getLiveTasks(server.client(), 0)).toMatchObject({ full: true });
  });

  it('leaves out what cannot be read', async () => {
    server.tasks.set('x', { status: 'queued' });
    expect(await getLiveTasks(server.client(), 0)).toEqual({ tasks: [], full: false });
  });
});

describe('other lists', () => {
  it('are the own sessions that are over', async () => {
    await getFinishedTasks(server.client(), 'u1', 20);
    expect(asked()?.body).toMatchObject({
      user: ['u1'],
      status: ['failed', 'stopped', 'closed', 'completed', 'published'],
      order_by: ['-last_update'],
      page_size: 20,
    });
  });

  it('are single tasks by id, whatever they are', async () => {
    await getTasksById(server.client(), ['a', 'b']);
    expect(asked()?.body).toMatchObject({ id: ['a', 'b'], only_fields: LIST_FIELDS });
    expect(asked()?.body).not.toHaveProperty('system_tags');
    const before = server.calls.length;
    expect(await getTasksById(server.client(), [])).toEqual([]);
    expect(server.calls.length).toBe(before);
  });
});

describe('what is needed to connect', () => {
  it('is read with the secrets in it, which are hidden from the log', async () => {
    const runtime = {
      _ssh_password: 'PW-1',
      _jupyter_token: 'TOK-1\n',
      _user_key: 'UK-1',
      _user_secret: 'US-1',
    };
    server.tasks.set(ID, rawTask({ runtime }));
    const log = memoryLog();
    const [task] = await getSecretTasks(server.client({}, log), [ID]);
    expect(task?.runtime._ssh_password).toBe('PW-1');
    expect([...log.hidden]).toEqual(expect.arrayContaining(['PW-1', 'TOK-1', 'UK-1', 'US-1']));
  });
});

describe('deleting', () => {
  it('is done when there is nothing', async () => {
    await expect(deleteTask(server.client(), ID)).resolves.toBeUndefined();
  });
});

describe('the console', () => {
  it('is read from its end, in order, without secrets', async () => {
    server.answers['events.get_task_log'] = () => ({
      events: [{ msg: 'one\ntwo' }, { msg: '# LOGIN u:root p:PW' }, {}, { msg: 'three\n' }],
    });
    expect(await getLog(server.client(), ID, 3)).toEqual(['two', '# LOGIN u:root p:•••', 'three']);
    expect(asked()?.body).toEqual({ task: ID, order: 'asc', navigate_earlier: true, batch_size: 3 });
  });
});

describe('queues', () => {
  const raw = [
    {
      id: 'q1',
      name: 'b-queue',
      system_tags: [],
      entries: [{ task: { id: 't1' } }, { task: { id: 't2' } }],
      workers: [{ name: 'w1', task: { id: 'x' } }, { name: 'w2', task: null }, { name: 'w3' }],
    },
    { id: 'q2', name: 'a', display_name: 'a-queue', entries: [{ task: 't3' }], workers: [] },
    { id: 'q3', name: 'services', system_tags: ['internal'] },
    { id: 'q4', name: 'z-queue', system_tags: ['interactive'] },
  ];
  const read = (queues: readonly object[]) => {
    server.answers['queues.get_all_ex'] = () => ({ queues });
    return getQueues(server.client());
  };

  it('come with what waits in them and with their agents, in one request', async () => {
    expect(await read(raw)).toEqual([
      {
        id: 'q1',
        name: 'b-queue',
        tags: [],
        systemTags: [],
        waiting: 2,
        agents: 3,
        idle: 2,
        workers: [
          { name: 'w1', at: 'busy' },
          { name: 'w2', at: 'idle' },
          { name: 'w3', at: 'idle' },
        ],
        tasks: ['t1', 't2'],
      },
      {
        id: 'q2',
        name: 'a',
        displayName: 'a-queue',
        tags: [],
        systemTags: [],
        waiting: 1,
        agents: 0,
        idle: 0,
        workers: [],
        tasks: ['t3'],
      },
      {
        id: 'q3',
        name: 'services',
        tags: [],
        systemTags: ['internal'],
        waiting: 0,
        agents: 0,
        idle: 0,
        workers: [],
        tasks: [],
      },
      {
        id: 'q4',
        name: 'z-queue',
        tags: [],
        systemTags: ['interactive'],
        waiting: 0,
        agents: 0,
        idle: 0,
        workers: [],
        tasks: [],
      },
    ]);
  });

  it('say where each task stands', async () => {
    expect(Object.fromEntries(queuePlaces(await read(raw)))).toEqual({
      t1: { position: 1, waiting: 2, agents: 3 },
      t2: { position: 2, waiting: 2, agents: 3 },
      t3: { position: 1, waiting: 1, agents: 0 },
    });
  });

  it('are asked for by id', async () => {
    server.answers['queues.get_all_ex'] = () => ({ queues: [] });
    await getQueues(server.client(), ['q1']);
    expect(asked()?.body).toEqual({ id: ['q1'], search_hidden: true });
  });
});

describe('the rest', () => {
  it('is the user of the credentials', async () => {
    server.answers['users.get_current_user'] = () => ({ user: { id: 'u1', name: 'Ada' } });
    expect(await getCurrentUser(server.client())).toEqual({ id: 'u1', name: 'Ada' });
    server.answers['users.get_current_user'] = () => ({ user: { id: 'u1' } });
    expect(await getCurrentUser(server.client())).toEqual({ id: 'u1', name: 'u1' });
  });

  it('is the vault of host keys, which most servers do not have', async () => {
    expect(await getHostKeyVault(server.client())).toBeUndefined();
    server.answers['users.get_vaults'] = () => ({ vaults: [{ data: '{"a":1}' }, { data: '{"b":2}' }] });
    expect(await getHostKeyVault(server.client())).toBe('{"b":2}');
    expect(asked()?.body).toEqual({ enabled: true, types: ['remote_session_ssh_server'] });
    server.answers['users.get_vaults'] = () => ({ vaults: [] });
    expect(await getHostKeyVault(server.client())).toBeUndefined();
  });

  it('is a project whose name is taken literally', async () => {
    server.projects.set('p2', 'Dev.Ops (a+b)');
    expect(await findProject(server.client(), 'Dev.Ops (a+b)')).toBe('p2');
    expect(await findProject(server.client(), 'Dev')).toBeUndefined();
  });

  it('is not repeated when a poll asks, since the next poll comes anyway', async () => {
    server.fault = (_, endpoint) => (endpoint === 'auth.login' ? undefined : 'drop');
    const client = server.client();
    await expect(getLiveTasks(client, 0, { once: true })).rejects.toMatchObject({ code: 'unreachable' });
    expect(client.counts.get('tasks.get_all_ex')).toBe(1);
    await expect(getLiveTasks(client, 0)).rejects.toMatchObject({ code: 'unreachable' });
    expect(client.counts.get('tasks.get_all_ex')).toBe(4);
  });
});
