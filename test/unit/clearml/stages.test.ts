import { describe, expect, it } from 'vitest';
import type { Seen } from '../../../main/core/clearml/facts.ts';
import { SSH_LIMIT_MS, type StagesContext, stageNote, stages } from '../../../main/core/clearml/stages.ts';
import type { SessionTask } from '../../../main/core/clearml/task.ts';
import { MINUTE, T0, task } from './tasks.ts';

const NOW = T0 + 10 * MINUTE;
const PICKED_UP = T0 + MINUTE;

const seen = (more: Partial<Seen> = {}): Seen => ({ firstAt: T0, stale: {}, ...more });
const show = (read: SessionTask, more: Partial<StagesContext> = {}) =>
  stages(read, { seen: seen(), now: NOW, link: { at: 'off' }, ...more });
const words = (read: SessionTask, more: Partial<StagesContext> = {}) =>
  show(read, more)
    .map((stage) => `${stage.name}:${stage.status}`)
    .join(' ');
const stage = (name: string, read: SessionTask, more: Partial<StagesContext> = {}) =>
  show(read, more).find((s) => s.name === name);

const queued = task({ status: 'queued', started: null });
const pulled = task();
const payload = task({ runtime: { hostname: 'box' } });
const ports = (properties: Record<string, string>) =>
  task({
    properties: { internal_ssh_port: '10022', ...properties },
    runtime: { hostname: 'box', _ssh_user: 'root' },
  });

describe('the stages of a session', () => {
  it.each<[string, SessionTask, Partial<StagesContext>, string]>([
    [
      'waits',
      queued,
      {},
      'queued:active picked-up:waiting environment:waiting ssh:waiting jupyter:waiting vscode:waiting connected:waiting',
    ],
    [
      'was picked up',
      pulled,
      {},
      'queued:done picked-up:done environment:active ssh:waiting jupyter:waiting vscode:waiting connected:waiting',
    ],
    [
      'has its environment',
      payload,
      { seen: seen({ payloadAt: NOW }) },
      'queued:done picked-up:done environment:done ssh:active jupyter:waiting vscode:waiting connected:waiting',
    ],
    [
      'has SSH',
      ports({}),
      { seen: seen({ sshAt: NOW }) },
      'queued:done picked-up:done environment:done ssh:done jupyter:active vscode:active connected:waiting',
    ],
    [
      'has it all',
      ports({ jupyter_port: '8888', vscode_port: '9000' }),
      {},
      'queued:done picked-up:done environment:done ssh:done jupyter:done vscode:done connected:waiting',
    ],
    [
      'is connected',
      ports({ jupyter_port: '8888', vscode_port: '9000' }),
      { link: { at: 'up', since: NOW } },
      'queued:done picked-up:done environment:done ssh:done jupyter:done vscode:done connected:done',
    ],
    [
      'wants no tools',
      task({ status: 'queued', params: { jupyterlab: 'False', vscode_server: 'False' } }),
      {},
      'queued:active picked-up:waiting environment:waiting ssh:waiting jupyter:skipped vscode:skipped connected:waiting',
    ],
    ['is over', task({ status: 'stopped' }), {}, ''],
    ['failed', task({ status: 'failed' }), {}, ''],
  ])('when it %s', (_, read, more, expected) => {
    expect(words(read, more)).toBe(expected);
  });

  it('have the times of the server and those that were seen', () => {
    const times = seen({
      pickedUpAt: T0 + 2 * MINUTE,
      payloadAt: T0 + 3 * MINUTE,
      sshAt: T0 + 4 * MINUTE,
      jupyterAt: T0 + 5 * MINUTE,
    });
    const list = show(ports({ jupyter_port: '8888' }), {
      seen: times,
      link: { at: 'connecting', attempt: 1, since: NOW },
    });
    const minutes = list.map((s) =>
      [s.name, s.startedAt, s.endedAt].map((t) => (typeof t === 'number' ? (t - T0) / MINUTE : t)),
    );
    expect(minutes).toEqual([
      ['queued', 0, 2],
      ['picked-up', 2, 2],
      ['environment', 2, 3],
      ['ssh', 3, 4],
      ['jupyter', 4, 5],
      ['vscode', 4, undefined],
      ['connected', 10, undefined],
    ]);
  });

  it('have no times for what happened before the app looked', () => {
    const before = seen({ pickedUpAt: 'before', payloadAt: 'before', sshAt: 'before', jupyterAt: 'before' });
    expect(stage('queued', ports({}), { seen: before })).toEqual({
      name: 'queued',
      status: 'done',
      startedAt: T0,
      endedAt: PICKED_UP,
    });
    expect(stage('ssh', ports({}), { seen: before })).toEqual({ name: 'ssh', status: 'done' });
  });
});

describe('the queue', () => {
  it.each([
    [{ position: 2, waiting: 5, agents: 1 }, 'Position 2 of 5'],
    [{ position: 1, waiting: 1, agents: 0 }, 'No agent serves this queue.'],
    [undefined, undefined],
  ])('tells %j as %j', (place, detail) => {
    expect(stage('queued', queued, place ? { place } : {})?.detail).toBe(detail);
  });

  it('is followed by the agent that took the session', () => {
    expect(stage('picked-up', pulled)).toEqual({
      name: 'picked-up',
      status: 'done',
      startedAt: PICKED_UP,
      endedAt: PICKED_UP,
      detail: 'box:gpu0',
    });
  });
});

describe('what takes long', () => {
  it('shows the last line of the console', () => {
    const lines = ['Collecting jupyterlab', '  Downloading torch (2 GB)'];
    expect(stage('environment', pulled, { lines })?.detail).toBe('Downloading torch (2 GB)');
    expect(stage('ssh', payload, { lines, seen: seen({ payloadAt: NOW }) })?.detail).toBe(
      'Downloading torch (2 GB)',
    );
  });

  it.each([
    [
      'environment',
      pulled,
      'The environment is not ready after 15 minutes. The console of the session may say why.',
    ],
    [
      'ssh',
      payload,
      'The SSH server has not reported for 15 minutes. The console of the session may say why.',
    ],
  ] as const)('is taken for failed after 15 minutes: %s', (name, read, detail) => {
    const times = seen({ pickedUpAt: NOW, ...(name === 'ssh' ? { payloadAt: NOW + 1 } : {}) });
    expect(stage(name, read, { seen: times, now: NOW + SSH_LIMIT_MS - 1 })?.status).toBe('active');
    const late = show(read, { seen: times, now: NOW + SSH_LIMIT_MS });
    expect(late.find((s) => s.name === name)).toMatchObject({ status: 'failed', detail });
    expect(stageNote(late)).toBe(detail);
  });

  it('is fine again when it comes after all', () => {
    const times = seen({ pickedUpAt: NOW, payloadAt: NOW + MINUTE });
    const list = show(ports({}), { seen: times, now: NOW + 2 * SSH_LIMIT_MS });
    expect(list.find((s) => s.name === 'ssh')?.status).toBe('done');
  });

  it('has failed as soon as the console says so', () => {
    const lines = ['…', 'ERROR: No matching distribution found for nope==1', 'Done'];
    expect(stage('environment', pulled, { lines })).toMatchObject({
      status: 'failed',
      detail: 'The Python package nope==1 could not be installed.',
    });
    const ssh = ['# Error: SSH server could not be launched', '#'];
    expect(stage('ssh', payload, { lines: ssh, seen: seen({ payloadAt: NOW }) })).toMatchObject({
      status: 'failed',
      detail: 'The SSH server could not be launched.',
    });
  });

  it('says nothing of the console once SSH is up, but what became of VS Code', () => {
    const lines = ['SSH server could not be launched', 'Failed installing vscode server: timeout'];
    const list = show(ports({}), { lines, seen: seen({ sshAt: NOW }) });
    expect(list.find((s) => s.name === 'ssh')?.status).toBe('done');
    expect(list.find((s) => s.name === 'vscode')).toMatchObject({
      status: 'failed',
      detail: 'VS Code could not be downloaded or installed.',
    });
    expect(list.find((s) => s.name === 'jupyter')?.status).toBe('active');
  });

  it.each([
    ['jupyter', 'JupyterLab did not start.'],
    ['vscode', 'VS Code did not start.'],
  ])('is given up 5 minutes after SSH: %s', (name, detail) => {
    const times = seen({ sshAt: NOW });
    expect(stage(name, ports({}), { seen: times, now: NOW + 299_000 })?.status).toBe('active');
    expect(stage(name, ports({}), { seen: times, now: NOW + 300_000 })).toMatchObject({
      status: 'failed',
      detail,
    });
  });

  it('has failed when the payload reports -1', () => {
    expect(stage('vscode', ports({ vscode_port: '-1' }))).toMatchObject({
      status: 'failed',
      detail: 'VS Code did not start.',
    });
  });
});

describe('the connection', () => {
  const reason = { code: 'timeout', message: 'It did not answer.' } as const;
  it.each([
    [{ at: 'off' }, { status: 'waiting' }],
    [
      { at: 'connecting', attempt: 2, since: NOW },
      { status: 'active', startedAt: NOW },
    ],
    [
      { at: 'waiting', attempt: 2, retryAt: NOW, lostAt: T0, reason },
      { status: 'active', startedAt: T0, detail: 'It did not answer.' },
    ],
    [
      { at: 'up', since: NOW },
      { status: 'done', endedAt: NOW },
    ],
    [
      { at: 'failed', reason },
      { status: 'failed', detail: 'It did not answer.' },
    ],
  ] as const)('with the link %j', (link, expected) => {
    expect(stage('connected', ports({}), { link })).toEqual({ name: 'connected', ...expected });
    expect(stageNote(show(ports({}), { link, seen: seen({ sshAt: NOW }) }))).toBeUndefined();
  });
});
