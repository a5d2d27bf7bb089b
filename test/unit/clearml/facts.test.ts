import { describe, expect, it } from 'vitest';
import {
  connection,
  DOUBT_MS,
  type FactsContext,
  isDraft,
  isEnded,
  isSession,
  observe,
  readiness,
  type Seen,
  sessionFacts,
  TOOL_LIMIT_MS,
} from '../../../main/core/clearml/facts.ts';
import type { SessionTask } from '../../../main/core/clearml/task.ts';
import { generateHostKey } from '../../../main/core/ssh/keys.ts';
import { ID, MINUTE, T0, task } from './tasks.ts';

const NOW = T0 + 10 * MINUTE;
const context = (more: Partial<FactsContext> = {}): FactsContext => ({
  me: 'u1',
  web: 'http://web',
  seen: undefined,
  now: NOW,
  ...more,
});

/** What a payload writes, as far as it got. */
const reported = (ports: { ssh?: string; jupyter?: string; vscode?: string }, runtime: object = {}) =>
  task({
    properties: {
      internal_ssh_port: ports.ssh ?? '',
      jupyter_port: ports.jupyter ?? '',
      ...(ports.vscode ? { vscode_port: ports.vscode } : {}),
    },
    runtime: {
      hostname: 'box',
      ...(ports.ssh ? { internal_ssh_port: ports.ssh, _ssh_user: 'root' } : {}),
      ...runtime,
    },
  });

describe('readiness', () => {
  it.each<[string, SessionTask, object]>([
    ['nothing reported', reported({}), {}],
    ['SSH', reported({ ssh: '10022' }), { ssh: 10022 }],
    [
      'all',
      reported({ ssh: '10022', jupyter: '8888', vscode: '9000' }),
      { ssh: 10022, jupyter: 8888, vscode: 9000 },
    ],
    [
      'VS Code that could not start',
      reported({ ssh: '10022', vscode: '-1' }),
      { ssh: 10022, vscode: 'failed' },
    ],
    ['JupyterLab at 0', reported({ ssh: '10022', jupyter: '0' }), { ssh: 10022, jupyter: 'failed' }],
    ['ports with blanks', reported({ ssh: ' 10022 ' }), { ssh: 10022 }],
    ['ports that are words', reported({ ssh: 'none', jupyter: 'later' }), {}],
    ['ports that are too large', reported({ ssh: '70000' }), {}],
    ['a fraction', reported({ ssh: '10.5' }), {}],
    ['SSH that failed', reported({ ssh: '-1' }), {}],
    ['tools without SSH', reported({ jupyter: '8888' }), {}],
    ['a router’s port', reported({ ssh: '10022' }, { internal_tcp_port: '10030' }), { ssh: 10030 }],
    ['a range of a router', reported({ ssh: '10022' }, { internal_tcp_port: '10030:10050' }), { ssh: 10022 }],
    ['no runtime at all', task({ properties: { internal_ssh_port: '10022' } }), { ssh: 10022 }],
  ])('with %s', (_, read, expected) => {
    expect(readiness(read, undefined, NOW)).toEqual(expected);
  });

  it('never takes the keepalive proxy for sshd, since it hangs when it hears plain bytes', () => {
    const keepalive = { internal_ssh_port: '10023', internal_stable_ssh_port: '10022' };
    const runtime = { internal_ssh_port: '10022', _ssh_user: 'root' };
    expect(readiness(task({ properties: keepalive, runtime }), undefined, NOW)).toEqual({ ssh: 10023 });
    const routed = task({ properties: keepalive, runtime: { ...runtime, internal_tcp_port: '10022' } });
    expect(readiness(routed, undefined, NOW)).toEqual({ ssh: 10023 });
  });

  it.each(['created', 'queued', 'stopped', 'failed', 'completed'])(
    'is nothing while a session is %s',
    (status) => {
      expect(
        readiness({ ...reported({ ssh: '10022' }), status: status as 'queued' }, undefined, NOW),
      ).toEqual({});
    },
  );
});

describe('ports of an earlier run', () => {
  const stalePorts = { internal_ssh_port: '10022', jupyter_port: '', vscode_port: '9000' };
  const fresh = { internal_ssh_port: '10022', _ssh_user: 'root' };
  const clone = (more: object = {}) => task({ parent: { id: 'p0' }, properties: stalePorts, ...more });

  it('are not believed in a clone before its payload has written its own', () => {
    const pulled = clone({ started: '2026-11-20T15:09:50Z' });
    expect(readiness(pulled, undefined, NOW)).toEqual({});
    expect(readiness(clone({ runtime: fresh }), undefined, NOW)).toMatchObject({ ssh: 10022 });
  });

  it('are followed from the queue to the payload', () => {
    let seen = observe(undefined, clone({ status: 'queued', started: null }), NOW);
    expect(seen.stale).toEqual({ ssh: '10022', vscode: '9000' });
    const at = (s: number, read: SessionTask) => {
      const now = NOW + s * 1000;
      seen = observe(seen, read, now);
      return readiness(read, seen, now);
    };
    expect(at(10, clone())).toEqual({});
    expect(at(40, clone({ runtime: { hostname: 'box' } }))).toEqual({});
    // The payload's SSH is up, its VS Code is not: that port is still the old one.
    expect(at(60, clone({ runtime: fresh }))).toEqual({ ssh: 10022 });
    expect(at(70, clone({ runtime: fresh, properties: { ...stalePorts, jupyter_port: '8888' } }))).toEqual({
      ssh: 10022,
      jupyter: 8888,
    });
    const other = { ...stalePorts, jupyter_port: '8888', vscode_port: '9001' };
    expect(at(80, clone({ runtime: fresh, properties: other }))).toEqual({
      ssh: 10022,
      jupyter: 8888,
      vscode: 9001,
    });
    expect(seen).toMatchObject({
      pickedUpAt: NOW + 10_000,
      payloadAt: NOW + 40_000,
      sshAt: NOW + 60_000,
      vscodeAt: NOW + 80_000,
    });
  });

  it('of tools are not believed when they were there before SSH, also where nobody saw the queue', () => {
    const young = (more: object = {}) => clone({ started: '2026-11-20T15:09:50Z', ...more });
    let seen = observe(undefined, young(), NOW);
    seen = observe(seen, young(), NOW + 5000);
    seen = observe(seen, young({ runtime: fresh }), NOW + 10_000);
    expect(readiness(young({ runtime: fresh }), seen, NOW + 11_000)).toEqual({ ssh: 10022 });
  });

  it('count after a while, since a payload often writes the same numbers again', () => {
    let seen = observe(undefined, clone({ status: 'queued' }), NOW);
    seen = observe(seen, clone({ runtime: fresh }), NOW + MINUTE);
    expect(readiness(clone({ runtime: fresh }), seen, NOW + 2 * MINUTE)).toEqual({ ssh: 10022 });
    expect(readiness(clone({ runtime: fresh }), seen, NOW + MINUTE + DOUBT_MS)).toEqual({
      ssh: 10022,
      vscode: 9000,
    });
  });

  it('of payloads that write no runtime count after a while', () => {
    let seen = observe(undefined, clone({ status: 'queued' }), NOW);
    seen = observe(seen, clone(), NOW + MINUTE);
    expect(readiness(clone(), seen, NOW + MINUTE + DOUBT_MS - 1)).toEqual({});
    expect(readiness(clone(), seen, NOW + MINUTE + DOUBT_MS)).toMatchObject({ ssh: 10022 });
  });

  it('are not believed in a task that was reset, or queued again as it was', () => {
    for (const runtime of [{}, fresh]) {
      const again = (status: string) => task({ status, properties: stalePorts, runtime });
      let seen = observe(undefined, again('queued'), NOW);
      seen = observe(seen, again('in_progress'), NOW + 1000);
      expect(readiness(again('in_progress'), seen, NOW + 2000)).toEqual({});
      expect(readiness(again('in_progress'), seen, NOW + 1000 + DOUBT_MS)).toMatchObject({ ssh: 10022 });
    }
  });

  it('are forgotten when a session goes back into a queue', () => {
    const running = observe(undefined, reported({ ssh: '10022' }), NOW);
    expect(running.sshAt).toBe('before');
    const queued = observe(running, { ...reported({ ssh: '10022' }), status: 'queued' }, NOW + 1000);
    expect(queued).toEqual({ firstAt: NOW, stale: { ssh: '10022', runtime: true } });
  });
});

describe('what was seen', () => {
  it('has times only for what happened before our eyes', () => {
    const first = observe(undefined, reported({ ssh: '10022' }), NOW);
    expect(first).toEqual({
      firstAt: NOW,
      pickedUpAt: 'before',
      payloadAt: 'before',
      sshAt: 'before',
      stale: {},
    });
    const second = observe(first, reported({ ssh: '10022', jupyter: '8888' }), NOW + 5000);
    expect(second).toEqual({ ...first, jupyterAt: NOW + 5000 });
    expect(observe(second, reported({ ssh: '10022', jupyter: '8888' }), NOW + 9000)).toEqual(second);
  });
});

describe('a connection', () => {
  const at = (properties: Record<string, string>, runtime: Record<string, string | number>) => {
    const read = task({
      properties: { internal_ssh_port: '10022', ...properties },
      runtime: { _ssh_user: 'root', ...runtime },
    });
    return connection(read, readiness(read, undefined, NOW));
  };

  it.each<[string, Record<string, string>, Record<string, string | number>, object]>([
    [
      'the payload’s own address',
      { external_address: '10.0.0.2' },
      { external_address: '10.0.0.1' },
      { host: '10.0.0.1', port: 10022 },
    ],
    [
      'a gateway',
      { external_address: 'gw.example', external_ssh_port: '2222' },
      {},
      { host: 'gw.example', port: 2222 },
    ],
    [
      'a k8s gateway',
      { 'k8s-gateway-address': 'k8s.example', 'k8s-pod-port': '30022', external_address: '10.1.1.1' },
      {},
      { host: 'k8s.example', port: 30022 },
    ],
    [
      'a router',
      { external_address: '10.0.0.2', external_ssh_port: '2222' },
      { external_address: 'router.example', external_tcp_port: 20001 },
      { host: 'router.example', port: 20001 },
    ],
    [
      'an external port that is no number',
      { external_address: '10.0.0.2', external_ssh_port: 'x' },
      {},
      { host: '10.0.0.2', port: 10022 },
    ],
  ])('goes to %s', (_, properties, runtime, expected) => {
    expect(at(properties, runtime)).toMatchObject({ ...expected, remote: { ssh: 10022 } });
  });

  it('forwards to sshd itself also where the keepalive proxy runs', () => {
    expect(
      at({ external_address: 'h', internal_ssh_port: '10023', internal_stable_ssh_port: '10022' }, {}),
    ).toMatchObject({
      port: 10023,
      remote: { ssh: 10023 },
    });
  });

  it('knows the user, the password, the token without its newline, the ports and the host keys', () => {
    const key = generateHostKey();
    const read = task({
      properties: { internal_ssh_port: '10022', jupyter_port: '8888', vscode_port: '-1' },
      runtime: { external_address: 'h', _ssh_user: 'dev', _ssh_password: 'pw', _jupyter_token: 'tok\n' },
      configuration: { SSH: { value: JSON.stringify({ ssh_host_ed25519_key: key.privateKey }) } },
    });
    expect(connection(read, readiness(read, undefined, NOW))).toEqual({
      host: 'h',
      port: 10022,
      username: 'dev',
      password: 'pw',
      remote: { ssh: 10022, jupyter: 8888 },
      jupyterToken: 'tok',
      hostKeys: [
        expect.objectContaining({
          line: key.publicLine.split(' ').slice(0, 2).join(' '),
          publiclyKnown: false,
        }),
      ],
    });
  });

  it('is of root unless the payload says otherwise, and needs no token', () => {
    expect(
      at({ external_address: 'h' }, { _ssh_user: '', internal_ssh_port: '10022', _jupyter_token: '\n' }),
    ).toEqual({
      host: 'h',
      port: 10022,
      username: 'root',
      remote: { ssh: 10022 },
      hostKeys: [],
    });
  });

  it('is none without an address or a port', () => {
    expect(at({}, {})).toBeUndefined();
    expect(connection(reported({}), {})).toBeUndefined();
  });
});

describe('the facts of a session', () => {
  it('are read from its task', () => {
    const read = task({
      properties: { internal_ssh_port: '10022', jupyter_port: '8888', vscode_port: '-1' },
      runtime: {
        hostname: 'box',
        external_address: '10.0.0.1',
        _ssh_user: 'root',
        cpu_cores: 8,
        memory_gb: 62.5,
        gpu_count: 2,
        gpu_type: 'NVIDIA A100',
      },
    });
    expect(sessionFacts(read, context())).toEqual({
      id: ID,
      name: 'My session',
      mine: true,
      owner: 'Ada',
      status: 'running',
      queue: 'gpu',
      image: 'python:3.12',
      createdAt: T0,
      startedAt: T0 + MINUTE,
      machine: {
        hostname: 'box',
        address: '10.0.0.1',
        cores: 8,
        memoryGb: 62.5,
        gpus: 2,
        gpuType: 'NVIDIA A100',
      },
      jupyter: 'ready',
      vscode: 'failed',
      webUrl: `http://web/projects/p1/experiments/${ID}/output/log`,
    });
  });

  it.each<[string, SessionTask, object]>([
    [
      'draft',
      task({ status: 'created' }),
      { status: 'queued', note: 'It was created, but waits in no queue.' },
    ],
    [
      'waiting one',
      task({ status: 'queued', started: null }),
      { status: 'queued', machine: {}, jupyter: 'pending' },
    ],
    [
      'pulled one',
      task({ runtime: { _exec_agent_hostname: 'box' } }),
      { status: 'starting', machine: { hostname: 'box' } },
    ],
    ['running one', reported({ ssh: '10022' }), { status: 'running', jupyter: 'pending', vscode: 'pending' }],
    ['stopping one', task({ status_message: 'stopping' }), { status: 'stopping' }],
    [
      'stopped one',
      task({ status: 'stopped', completed: '2026-11-20T16:00:00Z' }),
      { status: 'finished', endedAt: T0 + 60 * MINUTE, jupyter: 'off' },
    ],
    ['completed one', task({ status: 'completed' }), { status: 'finished', endedAt: T0 + MINUTE }],
    ['closed one', task({ status: 'closed' }), { status: 'finished' }],
    ['published one', task({ status: 'published' }), { status: 'finished' }],
    ['unheard-of one', task({ status: 'frozen' }), { status: 'starting' }],
    [
      'silent one',
      task({ status: 'stopped', status_reason: 'Forced stop (non-responsive)' }),
      { status: 'finished', note: 'The server ended it, since its machine had gone silent.' },
    ],
    [
      'one that failed',
      task({ status: 'failed', status_reason: 'worker execution exit code 1' }),
      { status: 'failed', note: 'Its program ended with exit code 1.' },
    ],
    [
      'one that failed with words',
      task({ status: 'failed', status_message: 'no GPU' }),
      { status: 'failed', note: 'no GPU' },
    ],
    [
      'one that failed without a word',
      task({ status: 'failed' }),
      { status: 'failed', note: 'The server gives no reason.' },
    ],
    [
      'one without JupyterLab',
      task({ params: { jupyterlab: 'False' } }),
      { jupyter: 'off', vscode: 'pending' },
    ],
    ['somebody else’s', task({ user: { id: 'u2', name: 'Bo' } }), { mine: false, owner: 'Bo' }],
    ['one of nobody', task({ user: null }), { mine: false, owner: '' }],
    ['nameless one', task({ name: '' }), { name: 'Unnamed session' }],
  ])('of a %s', (_, read, expected) => {
    expect(sessionFacts(read, context())).toMatchObject(expected);
  });

  it('say from the console why it failed', () => {
    const failed = task({ status: 'failed', status_reason: 'worker execution exit code 1' });
    const lines = ['ERROR: No matching distribution found for jupyterlab_git'];
    expect(sessionFacts(failed, context({ lines })).note).toBe(
      'The Python package jupyterlab_git could not be installed.',
    );
  });

  it('give up a tool that does not come 5 minutes after SSH', () => {
    const read = reported({ ssh: '10022' });
    const seen: Seen = { firstAt: NOW, sshAt: NOW, stale: {} };
    expect(sessionFacts(read, context({ seen, now: NOW + TOOL_LIMIT_MS - 1 })).vscode).toBe('pending');
    expect(sessionFacts(read, context({ seen, now: NOW + TOOL_LIMIT_MS })).vscode).toBe('failed');
    const late = reported({ ssh: '10022', vscode: '9000' });
    expect(sessionFacts(late, context({ seen, now: NOW + 2 * TOOL_LIMIT_MS })).vscode).toBe('ready');
  });

  it('name a queue that the task knows by id only', () => {
    const read = task({ execution: { queue: 'q1' } });
    expect(sessionFacts(read, context({ queueNames: new Map([['q1', 'big']]) })).queue).toBe('big');
    expect(sessionFacts(read, context()).queue).toBe('q1');
  });

  it('have no link without a web server, and one for any project', () => {
    expect(sessionFacts(task(), context({ web: '' }))).not.toHaveProperty('webUrl');
    expect(sessionFacts(task({ project: null }), context()).webUrl).toBe(
      `http://web/projects/*/experiments/${ID}/output/log`,
    );
  });

  it('hold nothing secret', () => {
    const read = task({
      properties: { internal_ssh_port: '10022' },
      runtime: {
        _ssh_password: 'PW',
        _user_key: 'UK',
        _user_secret: 'US',
        _jupyter_token: 'JT',
        _jupyter_url: 'http://x?token=JT',
        _ssh_user: 'root',
      },
      configuration: { SSH: { value: 'PRIVATE' } },
    });
    expect(JSON.stringify(sessionFacts(read, context()))).not.toMatch(/PW|UK|US|JT|PRIVATE/);
  });
});

describe('a task', () => {
  it.each<[string, [boolean, boolean]]>([
    ['created', [false, true]],
    ['queued', [false, false]],
    ['in_progress', [false, false]],
    ['stopped', [true, false]],
    ['failed', [true, false]],
    ['closed', [true, false]],
    ['completed', [true, false]],
    ['published', [true, false]],
    ['unknown', [false, false]],
  ])('that is %s', (status, [ended, draft]) => {
    expect([isEnded(task({ status })), isDraft(task({ status }))]).toEqual([ended, draft]);
  });

  it('is a session by its tag or its parameters', () => {
    expect(isSession(task())).toBe(true);
    expect(isSession(task({ system_tags: [] }))).toBe(true);
    expect(isSession(task({ system_tags: [], hyperparams: {} }))).toBe(false);
  });
});
