import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { foundTasks, Lookups, taskSearch } from '../../../main/core/clearml/lookups.ts';
import { HandClock } from '../../doubles/clock.ts';
import { FakeClearml } from './fake-clearml.ts';

const ID = 'a'.repeat(32);
const ME = 'u1';

describe('what is asked for', () => {
  it.each([
    ['an id', ID, { id: ID, withFiles: false }],
    [
      'the address of a page',
      `https://app.clear.ml/projects/${'b'.repeat(32)}/experiments/${ID}/log`,
      { id: ID, withFiles: false },
    ],
    ['a part of a name', ' resnet ', { name: 'resnet', sessionsOnly: false, withFiles: false }],
    ['nothing: the latest of the person', '', { user: ME, sessionsOnly: false, withFiles: false }],
  ])('is %s', (_, typed, search) => {
    expect(taskSearch('debug', typed, ME)).toEqual(search);
  });

  it('is only sessions of the person, to go on with one', () => {
    expect(taskSearch('continue', 'res', ME)).toEqual({
      name: 'res',
      user: ME,
      sessionsOnly: true,
      withFiles: true,
    });
  });
});

describe('what is found', () => {
  const task = (name: string, more: object = {}) => ({
    id: name,
    name,
    user: { id: 'u2', name: 'Ada' },
    ...more,
  });
  const mine = { user: { id: ME, name: 'Grace' } };

  it('tells which tasks cannot be debugged, after those that can', () => {
    const found = foundTasks([task('notebook'), task('train', { script: { repository: 'git@x:y' } })], {
      purpose: 'debug',
      me: ME,
      named: false,
    });
    expect(found.map(({ name, note }) => [name, note])).toEqual([
      ['train', undefined],
      ['notebook', 'It has no git repository.'],
    ]);
  });

  it('begins with own sessions, to copy from', () => {
    const found = foundTasks(
      [task('train'), task('mine', mine), task('session', { ...mine, system_tags: ['interactive'] })],
      { purpose: 'base', me: ME, named: false },
    );
    expect(found.map(({ name }) => name)).toEqual(['session', 'train', 'mine']);
    expect(found[0]).toEqual({
      id: 'session',
      name: 'session',
      project: '',
      owner: 'Grace',
      mine: true,
      at: 0,
    });
  });

  it('is only what has a workspace, to go on with it; one that was named is told why not', () => {
    const saved = { execution: { artifacts: [{ key: 'workspace' }] } };
    const tasks = [task('bare', mine), task('saved', { ...mine, ...saved })];
    const named = (is: boolean) =>
      foundTasks(tasks, { purpose: 'continue', me: ME, named: is }).map(({ name, note }) => [name, note]);
    expect(named(false)).toEqual([['saved', undefined]]);
    expect(named(true)).toEqual([
      ['bare', 'It has no saved workspace.'],
      ['saved', undefined],
    ]);
  });
});

describe('completion', () => {
  let server: FakeClearml;
  let clock: HandClock;
  let lookups: Lookups;
  const asked = (endpoint: string) => server.calls.filter((call) => call.endpoint === endpoint);

  beforeEach(async () => {
    server = await new FakeClearml().start();
    server.answers['projects.get_all'] = ({ name }) => ({ projects: [{ id: 'p1', name: `for ${name}` }] });
    clock = new HandClock();
    lookups = new Lookups({ client: server.client(), clock, me: ME, images: () => ['used/here:1', 'b:2'] });
  });
  afterEach(() => server.close());

  it('takes what is typed literally, whatever the case', async () => {
    await lookups.projects('a+b (c).*');
    expect(asked('projects.get_all')[0]?.body.name).toBe('(?i)a\\+b \\(c\\)\\.\\*');
  });

  it('asks once for what was asked lately, and again later', async () => {
    await lookups.projects('x');
    await lookups.projects('y');
    await lookups.projects(' x');
    expect(asked('projects.get_all')).toHaveLength(2);
    clock.advance(30_000);
    await lookups.projects('x');
    expect(asked('projects.get_all')).toHaveLength(3);
  });

  it('cancels a question when a newer one comes, and asks a question of two windows once', async () => {
    await lookups.tags().catch(() => {});
    server.fault = (_, endpoint) => (endpoint === 'projects.get_all' ? 'late' : undefined);
    const old = lookups.projects('o');
    const now = [lookups.projects('new'), lookups.projects('new')];
    await expect(old).rejects.toMatchObject({ code: 'cancelled' });
    expect(await Promise.all(now)).toEqual(Array(2).fill([{ id: 'p1', name: 'for (?i)new' }]));
    expect(asked('projects.get_all').filter(({ body }) => body.name === '(?i)new')).toHaveLength(1);
  });

  it('does not keep a failure', async () => {
    server.fault = () => 'refuse';
    await expect(lookups.projects('x')).rejects.toMatchObject({ code: 'server' });
    server.fault = () => undefined;
    expect(await lookups.projects('x')).toHaveLength(1);
  });

  it('is the images of this app and of own sessions, each once', async () => {
    server.answers['tasks.get_all'] = () => ({
      tasks: [{ container: { image: 'b:2' } }, {}, { container: { image: 'c:3' } }],
    });
    expect(await lookups.images()).toEqual(['used/here:1', 'b:2', 'c:3']);
    expect(asked('tasks.get_all')[0]?.body).toMatchObject({ user: [ME], only_fields: ['container.image'] });
  });
});
