import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { WebSocket } from 'ws';
import { generateHostKey } from '../../../main/core/ssh/keys.ts';
import type { Fields, Task } from '../../../main/demo/api/model.ts';
import { type Demo, type DemoOptions, startDemo } from '../../../main/demo/demo.ts';
import { createSession } from '../../../main/demo/session-document.ts';
import type { Misbehaviour } from '../../../main/demo/trouble.ts';
import { connectSsh, forward, get, run } from './ssh.ts';

const PASSWORD = 'a-long-session-password';
const SPEED = 40;

let demo: Demo | undefined;

afterEach(async () => {
  await demo?.stop();
  demo = undefined;
});

async function start(options: DemoOptions = {}): Promise<Demo> {
  demo = await startDemo({ speed: SPEED, seed: false, realTools: false, ...options });
  return demo;
}

function launch(
  on: Demo,
  queue = 'default',
  request: Partial<Parameters<typeof createSession>[2]> = {},
): string {
  const id = createSession(on.model, on.call, {
    name: 'Mine',
    jupyter: true,
    vscode: true,
    password: PASSWORD,
    ...request,
  });
  on.call('tasks.enqueue', { task: id, queue_name: queue });
  return id;
}

/** Resolves as soon as the task is as described; each change of the server's data is looked at. */
function until(on: Demo, id: string, holds: (task: Task) => boolean): Promise<Task> {
  return new Promise((resolve) => {
    const look = () => {
      const task = on.model.tasks.get(id);
      if (!task || !holds(task)) return;
      on.model.listeners.delete(look);
      resolve(task);
    };
    on.model.listeners.add(look);
    look();
  });
}

const property = (task: Task, name: string) => task.hyperparams['properties']?.[name]?.value;
const isReady = (task: Task) => !!property(task, 'jupyter_port') && !!task.runtime['_jupyter_url'];
const logOf = (on: Demo, id: string) => (on.model.logs.get(id)?.events ?? []).map((e) => e.msg).join('');
const login = (task: Task) =>
  connectSsh({ port: Number(property(task, 'internal_ssh_port')), username: 'root', password: PASSWORD });

describe('a session of the demo', () => {
  it('writes what the real payload writes, in its order', async () => {
    const on = await start();
    const order: string[] = [];
    const note = (what: string, seen: unknown) => {
      if (seen && !order.includes(what)) order.push(what);
    };
    const watch = () => {
      const task = on.model.tasks.values().next().value;
      if (!task) return;
      note('queued', task.status === 'queued');
      note('in_progress', task.status === 'in_progress');
      note('hostname', task.runtime['hostname']);
      note('address', task.runtime['external_address']);
      note('property address', property(task, 'external_address'));
      note('ssh', property(task, 'internal_ssh_port'));
      note('user', task.runtime['_ssh_user']);
      note('vscode', property(task, 'vscode_port'));
      note('jupyter', property(task, 'jupyter_port'));
      note('token', task.runtime['_jupyter_token']);
    };
    on.model.listeners.add(watch);
    const id = launch(on, 'default', {
      ssh: JSON.stringify({ ssh_host_ed25519_key: generateHostKey().privateKey }),
    });
    const { runtime } = on.call('tasks.get_by_id', { task: id })['task'] as Task;
    on.call('tasks.edit', {
      task: id,
      force: true,
      runtime: { ...runtime, _user_key: 'k', _user_secret: 's' },
    });
    const task = await until(on, id, isReady);
    expect(order).toEqual([
      'queued',
      'in_progress',
      'hostname',
      'address',
      'property address',
      'ssh',
      'user',
      'vscode',
      'jupyter',
      'token',
    ]);
    expect(task).toMatchObject({
      status: 'in_progress',
      last_worker: 'default-1:gpu0',
      runtime: {
        _ssh_user: 'root',
        _ssh_password: PASSWORD,
        external_address: '127.0.0.1',
        _exec_agent_hostname: 'default-1',
        cpu_cores: 16,
        _jupyter_token: expect.stringMatching(/^[0-9a-f]+\n$/),
        _jupyter_url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\?token=[0-9a-f]+\n$/),
      },
    });
    expect(task.runtime).not.toHaveProperty('_user_key');
    expect(task.runtime).not.toHaveProperty('_user_secret');
  });

  it('tells its story on the console, without a secret', async () => {
    const on = await start();
    const id = launch(on);
    const task = await until(on, id, isReady);
    await expect.poll(() => logOf(on, id)).toContain('Jupyter Lab URL');
    const log = logOf(on, id);
    for (const line of [
      `task ${id} pulled from default by worker default-1:gpu0`,
      'Collecting clearml',
      'SSH Server',
    ])
      expect(log).toContain(line);
    for (const secret of [PASSWORD, String(task.runtime['_jupyter_token']).trim(), on.secretKey])
      expect(log).not.toContain(secret);
  });

  it('can be worked in over SSH: shell, Jupyter page, counter', async () => {
    const on = await start();
    const task = await until(on, launch(on), isReady);
    const client = await login(task);
    expect((await run(client, 'echo "$HOME"')).out).toMatch(/sessions\/[0-9a-f]+\n$/);
    const token = String(task.runtime['_jupyter_token']).trim();
    const jupyter = Number(property(task, 'jupyter_port'));
    expect(await get(client, jupyter, `/?token=${token}`)).toMatch(/^HTTP\/1.1 302/);
    const channel = await forward(client, 'localhost', Number(property(task, 'vscode_port')));
    const socket = new WebSocket('ws://localhost:8898/counter', { createConnection: () => channel });
    const first = await new Promise((resolve) => {
      socket.once('message', (data) => resolve(Number(data.toString())));
    });
    expect(first).toBeGreaterThan(0);
    socket.terminate();
    client.end();
  });

  it('starts only what was asked for', async () => {
    const on = await start();
    const id = launch(on, 'default', { jupyter: false, vscode: false });
    const task = await until(on, id, (t) => !!t.runtime['_ssh_user']);
    await expect.poll(() => logOf(on, id)).toContain('Jupyter Lab is not requested');
    expect([property(task, 'jupyter_port'), property(task, 'vscode_port')]).toEqual(['', undefined]);
  });

  it('keeps the address of a gateway that the launcher named', async () => {
    const on = await start();
    const id = createSession(on.model, on.call, { name: 'g', jupyter: false, vscode: false, password: 'p' });
    const hyperparams = [{ section: 'properties', name: 'external_address', value: 'gateway.example' }];
    on.call('tasks.edit_hyper_params', { task: id, hyperparams });
    on.call('tasks.enqueue', { task: id, queue_name: 'default' });
    const task = await until(on, id, (t) => !!property(t, 'internal_ssh_port'));
    expect(property(task, 'external_address')).toBe('gateway.example');
    expect(task.runtime).not.toHaveProperty('external_address');
  });

  it('reports its machine while it runs', async () => {
    const on = await start();
    const task = await until(on, launch(on), (t) => Object.keys(t.last_metrics).length > 1);
    const metrics = Object.values(task.last_metrics).flatMap((m) => Object.values(m));
    expect(metrics).toContainEqual(
      expect.objectContaining({
        metric: ':monitor:machine',
        variant: 'cpu_usage',
        value: expect.any(Number),
      }),
    );
    expect(metrics).toContainEqual(
      expect.objectContaining({ metric: ':monitor:gpu', variant: 'gpu_0_utilization' }),
    );
  });
});

describe('the end of a session', () => {
  it('comes within seconds of an abort, with its SSH connections', async () => {
    const on = await start();
    const id = launch(on);
    const client = await login(await until(on, id, isReady));
    const closed = once(client, 'close');
    on.call('tasks.stop', { task: id, status_reason: 'abort request' });
    expect(on.model.tasks.get(id)).toMatchObject({ status: 'in_progress', status_message: 'stopping' });
    const task = await until(on, id, (t) => t.status === 'stopped');
    await closed;
    expect(task).toMatchObject({
      status_reason: 'task was stopped by tasks.stop',
      status_message: 'Changed by clearml-agent default-1:gpu0',
    });
    expect(logOf(on, id)).toContain('Process aborted by user');
  });

  it.each([
    ['before anything is installed', (t: Task) => t.status === 'in_progress'],
    ['before SSH', (t: Task) => !!t.runtime['hostname']],
    ['before Jupyter', (t: Task) => !!property(t, 'internal_ssh_port')],
  ])('may be asked for %s', async (_, when) => {
    const on = await start();
    const id = launch(on);
    await until(on, id, when);
    on.call('tasks.stop', { task: id });
    expect((await until(on, id, (t) => t.status === 'stopped')).completed).toBeDefined();
  });

  it.each([
    ['deleted', (on: Demo, id: string) => on.call('tasks.delete', { task: id, force: true })],
    ['stopped by force', (on: Demo, id: string) => on.call('tasks.stopped', { task: id, force: true })],
  ])('follows when the task is %s', async (_, end) => {
    const on = await start();
    const id = launch(on);
    const client = await login(await until(on, id, isReady));
    const closed = once(client, 'close');
    end(on, id);
    await closed;
    // The agent is free for the next one.
    await until(on, launch(on), (t) => t.status === 'in_progress');
  });
});

describe('queues of the demo', () => {
  it('run as many sessions as they have agents, the others wait', async () => {
    const on = await start();
    const [a, b, c] = ['a', 'b', 'c'].map((name) =>
      launch(on, 'gpu-a100', { name, jupyter: false, vscode: false }),
    );
    await Promise.all([a, b].map((id) => until(on, id ?? '', (t) => !!property(t, 'internal_ssh_port'))));
    expect(on.model.tasks.get(c ?? '')?.status).toBe('queued');
    on.call('tasks.stop', { task: a });
    await until(on, c ?? '', (t) => t.status === 'in_progress');
  });

  it('may be deleted while their agent is at work', async () => {
    const on = await start({ queues: [{ name: 'default', agents: 1 }] });
    const id = launch(on);
    await until(on, id, (task) => task.status === 'in_progress');
    const [queue] = on.model.queues.values();
    on.call('queues.delete', { queue: queue?.id, force: true });
    on.call('tasks.stop', { task: id });
    await until(on, id, (task) => task.status === 'stopped');
    await vi.waitFor(() =>
      expect([...on.model.workers.values()].map(({ task }) => task)).toEqual([undefined]),
    );
    await on.stop();
  });

  it('without an agent wait for ever', async () => {
    const on = await start();
    const id = launch(on, 'nobody-home');
    await until(on, launch(on), isReady);
    expect(on.model.tasks.get(id)?.status).toBe('queued');
    const workers = on.call('workers.get_all', {})['workers'] as { queues: { name: string }[] }[];
    expect(workers.flatMap((w) => w.queues.map((q) => q.name))).not.toContain('nobody-home');
  });
});

describe('misbehaviour', () => {
  it('of the set-up ends in a failed task that tells why', async () => {
    const on = await start();
    const id = launch(on, 'demo-setup-fails');
    const task = await until(on, id, (t) => t.status === 'failed');
    expect(task.status_reason).toBe('worker execution exit code 1');
    expect(logOf(on, id)).toContain('No matching distribution found');
  });

  it('of sshd leaves no port, only a line on the console', async () => {
    const on = await start();
    const id = launch(on, 'demo-no-ssh');
    await expect.poll(() => logOf(on, id)).toContain('SSH server could not be launched');
    const task = on.model.tasks.get(id) as Task;
    expect([task.status, property(task, 'internal_ssh_port')]).toEqual(['in_progress', '']);
    on.call('tasks.stop', { task: id });
    await until(on, id, (t) => t.status === 'stopped');
  });

  it('of VS Code writes -1', async () => {
    const on = await start();
    const task = await until(on, launch(on, 'demo-no-vscode'), isReady);
    expect(property(task, 'vscode_port')).toBe('-1');
  });

  it('of the host shows another key than the one in the task', async () => {
    const on = await start();
    const mine = generateHostKey().privateKey;
    const id = launch(on, 'demo-wrong-key', { ssh: JSON.stringify({ ssh_host_ed25519_key: mine }) });
    const task = await until(on, id, (t) => !!property(t, 'internal_ssh_port'));
    let seen: Buffer | undefined;
    const client = await connectSsh({
      port: Number(property(task, 'internal_ssh_port')),
      username: 'root',
      password: PASSWORD,
      hostVerifier: (key: Buffer) => {
        seen = key;
        return true;
      },
    });
    client.end();
    expect(mine).not.toContain(seen?.subarray(-32).toString('base64'));
  });

  it.each<[Misbehaviour, (t: Task) => boolean, (t: Task) => unknown, unknown]>([
    ['vscode-silent', isReady, (t) => property(t, 'vscode_port'), undefined],
    ['slow', (t) => t.status === 'in_progress', (t) => property(t, 'internal_ssh_port'), ''],
  ])('can be chosen while the demo runs: %s', async (how, when, what, expected) => {
    const on = await start();
    on.misbehave(how);
    expect(what(await until(on, launch(on), when))).toEqual(expected);
    on.misbehave(undefined);
  });
});

describe('control over the demo', () => {
  it('stops the API and starts it again on the same port', async () => {
    const on = await start();
    const url = `${on.api}/auth.login`;
    const authorization = `Basic ${Buffer.from(`${on.accessKey}:${on.secretKey}`).toString('base64')}`;
    const ask = async () => (await fetch(url, { method: 'POST', headers: { authorization } })).status;
    expect(await ask()).toBe(200);
    await on.stopApi();
    await expect(ask()).rejects.toThrow('fetch failed');
    await on.startApi();
    expect(await ask()).toBe(200);
    on.troubleApi({ status: 500, times: 1 });
    expect([await ask(), await ask()]).toEqual([500, 200]);
    expect(on.calls.get('auth.login')).toBe(4);
  });

  it('drops the SSH connections of one session', async () => {
    const on = await start();
    const id = launch(on);
    const task = await until(on, id, isReady);
    const client = await login(task);
    const closed = once(client, 'close');
    expect([on.killSsh('nobody'), on.killSsh(id)]).toEqual([0, 1]);
    await closed;
    (await login(task)).end();
  });

  it('shows the console of a task where the web UI would', async () => {
    const on = await start();
    const id = launch(on, 'nobody-home', { name: '<b>Mine</b>' });
    on.call('events.add', { type: 'log', task: id, msg: '<script>' });
    const page = await (await fetch(`${on.web}/projects/*/experiments/${id}/output/log`)).text();
    expect(page).toContain('&#60;script&#62;');
    expect(page).toContain('&#60;b&#62;Mine');
    expect((await fetch(`${on.web}/projects/*/experiments/${'0'.repeat(32)}/output/log`)).status).toBe(404);
    const welcome = await (await fetch(on.web)).text();
    expect(welcome).not.toContain(on.secretKey);
  });

  it('gives a complete clearml.conf', async () => {
    const on = await start();
    for (const part of [on.api, on.web, on.files, `"${on.accessKey}"`, `"${on.secretKey}"`])
      expect(on.conf).toContain(part);
  });

  it('has a life of its own when seeded', async () => {
    const on = await start({ seed: true, speed: 0.01 });
    const { tasks } = on.call('tasks.get_all', { system_tags: ['interactive'], order_by: ['name'] }) as {
      tasks: Task[];
    };
    expect(tasks.map((t) => t.name)).toEqual([
      'Ada: evaluation',
      'Ada: fine-tuning',
      'Notebook of yesterday',
    ]);
    const [waiting, running, old] = tasks;
    await until(on, running?.id ?? '', isReady);
    expect([waiting?.status, running?.user === on.me.id, old?.status, old?.user]).toEqual([
      'queued',
      false,
      'completed',
      on.me.id,
    ]);
  });

  it('fills long lists', async () => {
    const on = await start();
    const ids = on.seedMany(1000);
    const { tasks } = on.call('tasks.get_all', { system_tags: ['interactive'], page_size: 500, page: 1 }) as {
      tasks: Fields[];
    };
    expect([ids.length, new Set(ids).size, tasks.length]).toEqual([1000, 1000, 500]);
  });
});

/** Tells what of this process is more than it was; the runner's own comes and goes. */
function watchResources(): () => string[] {
  const count = () => {
    const counts: Record<string, number> = {};
    for (const kind of process.getActiveResourcesInfo()) counts[kind] = (counts[kind] ?? 0) + 1;
    return counts;
  };
  const before = count();
  return () => Object.entries(count()).flatMap(([kind, n]) => (n > (before[kind] ?? 0) ? [kind] : []));
}

describe('a demo that cannot have a port', () => {
  it('starts nothing and says so', async () => {
    const grown = watchResources();
    const taken = await new Promise<Server>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => resolve(server));
    });
    const { port } = taken.address() as AddressInfo;
    await expect(startDemo({ filesPort: port })).rejects.toThrow('EADDRINUSE');
    await new Promise((resolve) => taken.close(resolve));
    await expect.poll(grown).toEqual([]);
  });
});

describe('stopping the demo', () => {
  it('may be asked for twice', async () => {
    const on = await start();
    await Promise.all([on.stop(), on.stop()]);
    await on.stop();
  });

  it('leaves no timer, no socket and no folder, even with a session in every state', async () => {
    const grown = watchResources();
    const on = await start({ seed: true });
    const id = launch(on);
    launch(on, 'demo-slow');
    launch(on, 'demo-no-ssh');
    const client = await login(await until(on, id, isReady));
    await run(client, 'sleep 1000 & echo started', { pty: { rows: 24, cols: 80 } });
    await fetch(on.web);
    await on.stop();
    demo = undefined;
    client.end();
    await expect.poll(grown).toEqual([]);
    const mine = `clearml-demo-${process.pid}-`;
    expect((await readdir(tmpdir())).filter((name) => name.startsWith(mine))).toEqual([]);
  });
});
