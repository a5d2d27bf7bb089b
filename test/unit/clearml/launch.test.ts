import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import {
  discardTask,
  findLeftovers,
  isOurLaunch,
  type LaunchParts,
  launchSession,
  stopSession,
} from '../../../main/core/clearml/launch.ts';
import { sessionTask } from '../../../main/core/clearml/session-task.ts';
import { readTask } from '../../../main/core/clearml/task.ts';
import { generateHostKey } from '../../../main/core/ssh/keys.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import { DEFAULTS, type LaunchForm } from '../../../preload/contract/options.ts';
import { FakeClearml, type Fault } from './fake-clearml.ts';
import { memoryLog } from './servers.ts';
import { ID, task } from './tasks.ts';

const QUEUE = '9'.repeat(32);
const KEY = generateHostKey();
const STORAGE = 'boto3>=1.9\nazure-storage-blob>=12.0.0\ngoogle-cloud-storage>=1.13.2';
const form = (more: Partial<LaunchForm> = {}): LaunchForm => ({
  ...DEFAULTS,
  queue: QUEUE,
  docker: 'python:3.12 --shm-size=8g',
  sessionName: 'My session',
  ...more,
});

let server: FakeClearml;
let journal: Set<string>;
let discarded: string[];
beforeEach(async () => {
  server = await new FakeClearml().start();
  journal = new Set();
  discarded = [];
});
afterEach(() => server.close());

const parts = (more: Partial<LaunchParts> = {}): LaunchParts => ({
  hostKey: KEY,
  journal: { begin: (launch) => journal.add(launch), end: (launch) => journal.delete(launch) },
  discard: (id) => discarded.push(id),
  ...more,
});
const tasks = () => [...server.tasks.values()].map((raw) => readTask(raw)).filter((t) => t !== undefined);
const leftovers = () => findLeftovers(tasks(), [...journal]);

describe('a launched session', () => {
  it('is the task that clearml-session creates, but for the launcher and the host keys', async () => {
    const { id } = await launchSession(server.client(), form(), parts());
    const section = (name: string, values: Record<string, [string, string]>) =>
      Object.fromEntries(
        Object.entries(values).map(([key, [type, value]]) => [
          key,
          { section: name, name: key, value, type, description: '' },
        ]),
      );
    expect(server.tasks.get(id)).toEqual({
      id,
      created: expect.any(String),
      status: 'queued',
      name: 'My session',
      type: 'application',
      project: 'p1',
      comment: expect.stringMatching(
        /^Auto-generated at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC by \S+@\S+, launch [0-9a-f]{16}$/,
      ),
      system_tags: ['interactive'],
      script: {
        repository: '',
        branch: '',
        tag: '',
        version_num: '',
        binary: 'python',
        entry_point: '.interactive_session.py',
        working_dir: '.',
        diff: [
          'from clearml_session import interactive_session_task as ist, tcp_proxy',
          'ist.TcpProxy = tcp_proxy.TcpProxy',
          'if __name__ == "__main__":',
          '    ist.main()',
          '',
        ].join('\n'),
        requirements: {
          pip: `clearml>=1.1.5\nclearml-session==0.17.0\njupyter\njupyterlab\njupyterlab_git\ntraitlets\npylint\n${STORAGE}`,
        },
      },
      container: { image: 'python:3.12', arguments: '--shm-size=8g --network host', setup_shell_script: '' },
      hyperparams: {
        interactive_session: section('interactive_session', {
          user_base_directory: ['str', '~/'],
          ssh_server: ['bool', 'True'],
          default_docker: ['str', 'python:3.12 --shm-size=8g'],
          jupyterlab: ['bool', 'True'],
          vscode_server: ['bool', 'True'],
          public_ip: ['bool', 'False'],
          ssh_ports: ['str', ''],
          vscode_version: ['str', ''],
          vscode_extensions: ['str', ''],
          force_dropbear: ['bool', 'False'],
          store_workspace: ['str', ''],
          use_ssh_proxy: ['bool', 'False'],
          router_enabled: ['bool', 'False'],
        }),
        properties: section('properties', {
          external_address: ['str', ''],
          internal_ssh_port: ['str', ''],
          jupyter_port: ['str', ''],
        }),
      },
      configuration: { SSH: { name: 'SSH', value: expect.any(String) } },
      runtime: {
        _ssh_password: expect.stringMatching(/^[0-9a-f]{64}$/),
        _user_key: 'AK-1',
        _user_secret: 'SK-1',
        _jupyter_token: '',
        internal_tcp_port_request: '10022',
      },
      execution: { queue: QUEUE },
    });
    expect(tasks().map(isOurLaunch)).toEqual([true]);
  });

  it('offers only the host key that was made for it', async () => {
    const { id } = await launchSession(server.client(), form(), parts());
    const value = readTask(server.tasks.get(id))?.sshConfiguration ?? '';
    expect(JSON.parse(value)).toEqual({
      ssh_host_ed25519_key: KEY.privateKey,
      ssh_host_ed25519_key__pub: KEY.publicLine.split(' ').slice(0, 2).join(' '),
      ssh_host_ecdsa_key: null,
      ssh_host_rsa_key: null,
    });
    expect(KEY.privateKey.endsWith('\n')).toBe(true);
  });

  it.each<[string, Partial<LaunchForm>, object]>([
    [
      'no tools',
      { jupyterLab: false, vscodeServer: false },
      { script: { requirements: { pip: `clearml>=1.1.5\nclearml-session==0.17.0\n${STORAGE}` } } },
    ],
    [
      'JupyterLab only',
      { vscodeServer: false },
      {
        hyperparams: {
          interactive_session: { jupyterlab: { value: 'True' }, vscode_server: { value: 'False' } },
        },
      },
    ],
    ['an image alone', { docker: 'a/b:1' }, { container: { image: 'a/b:1', arguments: '--network host' } }],
    [
      'the queue’s own image',
      { docker: ' ' },
      {
        container: { image: '', arguments: '--network host' },
        hyperparams: { interactive_session: { default_docker: { value: 'nvidia/cuda' } } },
      },
    ],
    [
      'a network of its own',
      { docker: 'a/b --network=mine -p 1:1' },
      { container: { image: 'a/b', arguments: '--network=mine -p 1:1' } },
    ],
    [
      'the host’s network, said twice',
      { docker: 'a/b --network host' },
      {
        container: { arguments: '--network host' },
        hyperparams: { interactive_session: { default_docker: { value: 'a/b' } } },
      },
    ],
  ])('has %s', (_, changes, expected) => {
    expect(sessionTask(form(changes), { project: 'p1', comment: '', hostKey: KEY })).toMatchObject(expected);
  });

  it('gets a password of its own, which never reaches the log', async () => {
    const log = memoryLog();
    const client = server.client({}, log);
    await launchSession(client, form(), parts());
    await launchSession(client, form(), parts());
    const passwords = tasks().map((t) => t.runtime._ssh_password ?? '');
    expect(new Set(passwords).size).toBe(2);
    for (const password of passwords) {
      expect(log.hidden).toContain(password);
      expect(log.lines.join('\n')).not.toContain(password);
    }
  });

  it('gets the credentials that are in effect, none for a token', async () => {
    await launchSession(
      server.client({ accessKey: 'ENV-AK', secretKey: 'ENV-SK', source: 'env' }),
      form(),
      parts(),
    );
    await launchSession(server.client({ accessKey: '', secretKey: '', token: 'T' }), form(), parts());
    expect(tasks().map((t) => [t.runtime._user_key, t.runtime._user_secret])).toEqual([
      ['ENV-AK', 'ENV-SK'],
      ['', ''],
    ]);
  });
});

describe('a session made out of an earlier task', () => {
  const SOURCE = 'e'.repeat(32);
  const source = (more: object = {}): void => {
    server.tasks.set(SOURCE, {
      id: SOURCE,
      name: 'train',
      type: 'training',
      status: 'completed',
      project: 'px',
      comment: 'of another',
      system_tags: ['development'],
      script: { repository: 'https://git.example.com/a.git', entry_point: 'train.py', diff: '' },
      hyperparams: { properties: { internal_ssh_port: { value: '10022' } } },
      execution: { artifacts: [{ key: 'workspace', mode: 'input', uri: 'u' }] },
      ...more,
    });
  };

  it.each(['debuggingSession', 'baseTaskId', 'continueSession'] as const)(
    'is its clone, in at most 8 requests (%s)',
    async (field) => {
      source();
      const more = field === 'continueSession' ? { storeWorkspace: '~/work' } : {};
      const address = `http://web/projects/px/experiments/${SOURCE}/output/log`;
      const { id } = await launchSession(server.client(), form({ ...more, [field]: address }), parts());
      expect(server.endpoints.length).toBeLessThanOrEqual(8);
      const [made] = tasks().filter((t) => t.id === id);
      expect(made).toMatchObject({ status: 'queued', parent: SOURCE, systemTags: ['interactive'] });
      expect(made?.properties.internal_ssh_port).toBe('');
      expect(made?.runtime._ssh_password).toHaveLength(64);
      expect(isOurLaunch(made as never)).toBe(true);
      expect(server.tasks.get(id)?.project).toBe(field === 'debuggingSession' ? 'px' : 'p1');
      expect(server.tasks.get(SOURCE)).toMatchObject({ comment: 'of another', status: 'completed' });
    },
  );

  it.each<[string, Partial<LaunchForm>, object, object]>([
    [
      'a task without a repository',
      { debuggingSession: SOURCE },
      { script: { repository: '' } },
      {
        code: 'invalid',
        field: 'debuggingSession',
        message: expect.stringContaining('has no git repository'),
      },
    ],
    [
      'a session that saved nothing',
      { continueSession: SOURCE, storeWorkspace: '~/work' },
      { execution: { artifacts: [{ key: 'other' }] } },
      { code: 'invalid', field: 'continueSession', message: expect.stringContaining('no saved workspace') },
    ],
    [
      'a task that does not exist',
      { baseTaskId: 'f'.repeat(32) },
      {},
      { code: 'not-found', field: 'baseTaskId', message: expect.stringContaining('There is no task') },
    ],
    [
      'options that do not go together',
      { continueSession: SOURCE },
      {},
      { code: 'invalid', field: 'storeWorkspace' },
    ],
    [
      'a text without an id',
      { baseTaskId: 'https://example.com/nothing' },
      {},
      { code: 'invalid', field: 'baseTaskId' },
    ],
  ])('is refused for %s, and nothing is made', async (_, more, its, error) => {
    source(its);
    await expect(launchSession(server.client(), form(more), parts())).rejects.toMatchObject(error);
    expect(server.tasks.size).toBe(1);
    expect(journal.size).toBe(0);
    expect(server.endpoints).not.toContain('projects.create');
  });

  it.each(['tasks.edit', 'tasks.enqueue'])('leaves nothing when %s fails', async (endpoint) => {
    source();
    server.fault = (_, asked) => (asked === endpoint ? 'refuse' : undefined);
    await expect(
      launchSession(server.client(), form({ baseTaskId: SOURCE }), parts()),
    ).rejects.toBeInstanceOf(AppError);
    expect([...server.tasks.keys()]).toEqual([SOURCE]);
  });

  it('is found among the drafts when the app was killed right after it was made', async () => {
    source();
    server.fault = (_, endpoint) => (endpoint === 'tasks.clone' ? 'drop-after' : undefined);
    await launchSession(server.client(), form({ baseTaskId: SOURCE }), parts()).catch(() => {});
    server.fault = () => undefined;
    expect(server.tasks.size - 1).toBe(leftovers().length);
  });
});

describe('a queue', () => {
  it.each([
    ['id', QUEUE],
    ['name', 'q'],
  ])('is found by its %s', async (_, queue) => {
    const { id } = await launchSession(server.client(), form({ queue }), parts());
    expect(server.tasks.get(id)).toMatchObject({ execution: { queue: QUEUE } });
  });

  it('that does not exist is answered with the nearest names, before anything is made', async () => {
    server.answers['queues.get_all_ex'] = () => ({
      queues: ['gpu-a100', 'gpu-large', 'cpu'].map((name, i) => ({ id: `q${i}`, name })),
    });
    await expect(launchSession(server.client(), form({ queue: 'gpu-' }), parts())).rejects.toMatchObject({
      field: 'queue',
      hint: 'Did you mean gpu-a100, gpu-large?',
    });
    expect(server.endpoints).toEqual(['auth.login', 'queues.get_all_ex']);
  });
});

describe('launching', () => {
  it('takes 6 requests, 7 where the project is missing', async () => {
    await launchSession(server.client(), form(), parts());
    expect(server.endpoints).toEqual([
      'auth.login',
      'queues.get_all_ex',
      'projects.get_all',
      'tasks.create',
      'tasks.edit',
      'tasks.enqueue',
    ]);
    server.calls.length = 0;
    server.projects.clear();
    await launchSession(server.client(), form(), parts());
    expect(server.endpoints).toHaveLength(7);
    expect([...server.projects.values()]).toEqual(['DevOps']);
  });

  it('is not misled by a project of a similar name', async () => {
    server.projects.clear();
    server.projects.set('px', 'devops').set('py', 'DevOps2');
    const { id } = await launchSession(server.client(), form(), parts());
    expect(server.projects.get(String(server.tasks.get(id)?.project))).toBe('DevOps');
  });

  it('takes a project that somebody else created in between', async () => {
    server.projects.clear();
    server.asked = (_, endpoint) => {
      if (endpoint === 'projects.create') server.projects.set('p7', 'DevOps');
    };
    const { id } = await launchSession(server.client(), form(), parts());
    expect(server.tasks.get(id)?.project).toBe('p7');
  });

  it('is in the journal from before the task exists until it is in its queue', async () => {
    const seen: string[] = [];
    server.asked = (_, endpoint) => seen.push(`${endpoint} ${journal.size}`);
    await launchSession(server.client(), form(), parts());
    expect(seen).toEqual([
      'auth.login 0',
      'queues.get_all_ex 0',
      'projects.get_all 0',
      'tasks.create 1',
      'tasks.edit 1',
      'tasks.enqueue 1',
    ]);
    expect(journal.size).toBe(0);
  });

  it('into a queue that is gone fails with a sentence and leaves nothing', async () => {
    server.queues.clear();
    await expect(launchSession(server.client(), form(), parts())).rejects.toMatchObject({
      code: 'not-found',
      message: `There is no queue "${QUEUE}" on this ClearML server.`,
      field: 'queue',
    });
    expect(server.tasks.size).toBe(0);
    expect(journal.size).toBe(0);
  });
});

const REQUESTS = [0, 1, 2, 3, 4, 5];
const FAULTS: readonly Fault[] = ['refuse', 'drop', 'drop-after'];

describe.each(REQUESTS)('trouble at request %i', (at) => {
  beforeEach(() => server.projects.clear());

  it.each(FAULTS)('of the kind "%s" leaves a whole session or nothing', async (fault) => {
    server.fault = (index) => (index === at ? fault : undefined);
    const launched = await launchSession(server.client(), form(), parts()).then(
      () => true,
      (error: unknown) => error,
    );
    if (launched === true) {
      expect(tasks().map((t) => [t.status, Boolean(t.runtime._ssh_password)])).toEqual([['queued', true]]);
      expect(journal.size).toBe(0);
    } else {
      expect(launched).toBeInstanceOf(AppError);
      expect(server.tasks.size).toBe(0);
    }
  });

  it.each(FAULTS)('of the kind "%s" that lasts, until the clean-up, leaves nothing', async (fault) => {
    const cleaning = new Set(['tasks.delete', 'tasks.stop', 'tasks.get_all_ex']);
    server.fault = (index, endpoint) => (index >= at && !cleaning.has(endpoint) ? fault : undefined);
    // A request that is repeated may be carried out although its answers get lost.
    const launched = await launchSession(server.client(), form(), parts()).then(
      () => true,
      (error: unknown) => error,
    );
    expect(launched).toBeInstanceOf(AppError);
    expect(server.tasks.size).toBe(0);
  });

  it('is a cancellation: nothing is left', async () => {
    const stop = new AbortController();
    server.asked = (index) => index === at && stop.abort();
    await expect(
      launchSession(server.client(), form(), parts({ signal: stop.signal })),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(server.tasks.size).toBe(0);
    expect(journal.size).toBe(0);
  });

  it('is a server that goes away: what it has is known, to be deleted when it is back', async () => {
    server.fault = (index) => (index > at ? 'drop' : index === at ? 'drop-after' : undefined);
    await expect(launchSession(server.client(), form(), parts())).rejects.toBeInstanceOf(AppError);
    const found = [...leftovers().map((l) => l.id), ...discarded];
    expect(tasks().filter((t) => !found.includes(t.id))).toEqual([]);
  });

  it.each(['hang', 'hang-after'] as const)(
    'is the end of the app ("%s"): what it left is found at the next start',
    async (fault) => {
      server.fault = (index) => (index >= at ? fault : undefined);
      const dead = launchSession(server.client(), form(), parts());
      dead.catch(() => {});
      await vi.waitFor(() => expect(server.calls.length).toBeGreaterThan(at));
      const journalled = [...journal];

      server.fault = () => undefined;
      const found = findLeftovers(tasks(), journalled);
      for (const { id } of found) await discardTask(server.client(), id);
      expect(
        tasks()
          .map((t) => t.status)
          .filter((status) => status !== 'queued'),
      ).toEqual([]);
    },
  );
});

describe('a launch that is cancelled while the server is slow', () => {
  it('waits to hear what was created, so that it can be deleted', async () => {
    const stop = new AbortController();
    server.asked = (_, endpoint) => endpoint === 'tasks.create' && stop.abort();
    server.fault = (_, endpoint) => (endpoint === 'tasks.create' ? 'late' : undefined);
    await expect(
      launchSession(server.client(), form(), parts({ signal: stop.signal })),
    ).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect(server.endpoints.slice(-2)).toEqual(['tasks.create', 'tasks.delete']);
    expect(server.tasks.size).toBe(0);
  });
});

describe('a launch that an agent was faster than', () => {
  it('is stopped, and left to be deleted once it has', async () => {
    const stop = new AbortController();
    server.asked = (_, endpoint) => {
      if (endpoint === 'tasks.enqueue') stop.abort();
      const [queued] = [...server.tasks.values()].filter((t) => t.status === 'queued');
      if (endpoint === 'tasks.stop' && queued)
        Object.assign(queued, { status: 'in_progress', last_worker: 'box:0' });
    };
    await expect(
      launchSession(server.client(), form(), parts({ signal: stop.signal })),
    ).rejects.toMatchObject({ code: 'cancelled' });
    expect(tasks().map((t) => [t.id, t.statusMessage])).toEqual([[discarded[0], 'stopping']]);
    expect(journal.size).toBe(0);
  });
});

describe('leftovers', () => {
  const launch = '0123456789abcdef';
  const comment = `Auto-generated at 2026-11-20 15:00:00 UTC by ada@box, launch ${launch}`;

  it('are drafts of launches that never ended', () => {
    const draft = task({ status: 'created', comment });
    expect(findLeftovers([draft], [launch])).toEqual([
      { id: ID, name: 'My session', createdAt: draft.created, launch },
    ]);
  });

  it.each([
    ['of other launches', task({ status: 'created', comment }), ['f'.repeat(16)]],
    ['that are queued', task({ status: 'queued', comment }), [launch]],
    ['of other programs', task({ status: 'created', comment: 'Auto-generated at x by y' }), [launch]],
    ['with nothing in the journal', task({ status: 'created', comment }), []],
  ])('are not tasks %s', (_, read, launches) => {
    expect(findLeftovers([read], launches)).toEqual([]);
  });

  it('of the official tools are not ours', () => {
    expect(isOurLaunch(task({ comment: 'Auto-generated at 2026-11-20 15:00:00 UTC by ada@box' }))).toBe(
      false,
    );
  });
});

const put = (status: string, more: object = {}) => server.tasks.set(ID, { id: ID, status, ...more });

describe('shutting down', () => {
  it('asks the agent', async () => {
    put('in_progress', { last_worker: 'box:0' });
    expect(await stopSession(server.client(), ID)).toBe('stopping');
    expect(server.calls.at(-1)).toEqual({
      endpoint: 'tasks.stop',
      body: { task: ID, force: false, status_reason: 'abort request' },
    });
  });

  it('is done at once where no agent lives', async () => {
    put('in_progress');
    expect(await stopSession(server.client(), ID)).toBe('stopped');
  });

  it('is forced where the server refuses', async () => {
    put('failed');
    expect(await stopSession(server.client(), ID)).toBe('stopped');
    expect(server.calls.at(-1)).toEqual({
      endpoint: 'tasks.stopped',
      body: { task: ID, force: false, status_reason: 'abort request failed, setting forcefully' },
    });
  });

  it.each([
    ['completed', 'conflict'],
    ['gone', 'not-found'],
  ])('of a session that is %s fails', async (status, code) => {
    if (status !== 'gone') put(status);
    await expect(stopSession(server.client(), ID)).rejects.toMatchObject({ code });
  });
});

describe('discarding', () => {
  it.each<[string, object, string, readonly string[]]>([
    ['created', {}, 'deleted', ['tasks.stop', 'tasks.delete']],
    ['queued', {}, 'deleted', ['tasks.stop', 'tasks.delete']],
    ['stopped', {}, 'deleted', ['tasks.stop', 'tasks.delete']],
    ['completed', {}, 'deleted', ['tasks.stop', 'tasks.delete']],
    ['in_progress', {}, 'deleted', ['tasks.stop', 'tasks.delete']],
    ['in_progress', { last_worker: 'box:0' }, 'stopping', ['tasks.stop']],
  ])('a %s task (%j) ends as %s', async (status, more, outcome, endpoints) => {
    put(status, more);
    expect(await discardTask(server.client(), ID)).toBe(outcome);
    expect(server.endpoints.slice(1)).toEqual(endpoints);
    expect(server.tasks.has(ID)).toBe(outcome === 'stopping');
  });

  it('what is gone already is fine', async () => {
    expect(await discardTask(server.client(), ID)).toBe('deleted');
  });

  it('fails when the server fails, rather than deleting what may run', async () => {
    put('in_progress', { last_worker: 'box:0' });
    server.fault = (_, endpoint) => (endpoint === 'tasks.stop' ? 'refuse' : undefined);
    await expect(discardTask(server.client(), ID)).rejects.toMatchObject({ code: 'server' });
    expect(server.tasks.has(ID)).toBe(true);
  });
});
