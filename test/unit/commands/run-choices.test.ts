import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { chooseQueue, chooseSession } from '../../../main/commands/headless/choices.ts';
import { typed } from '../../../main/commands/headless/typed.ts';
import { appChoices, fileChoices } from '../../../main/commands/remembered.ts';
import { claimFolder } from '../../../main/core/instance.ts';
import { NOTHING_REMEMBERED } from '../../../main/core/saved.ts';
import { DEFAULTS } from '../../../preload/contract/options.ts';
import { silentLog } from '../../doubles/log.ts';
import { ID, queueView, session } from '../../doubles/state.ts';
import { TestTerminal } from '../../doubles/terminal.ts';

const queue = (name: string) => queueView({ id: name, name });

describe('what is typed', () => {
  it.each([
    ['r', 'reconnect'],
    [' RECONNECT ', 'reconnect'],
    ['S', 'shell'],
    ['shell', 'shell'],
    ['Shutdown', 'shutdown'],
    ['QUIT', 'quit'],
    ['', 'help'],
    ['constructor', 'help'],
  ])('"%s" means %s', (text, what) => expect(typed(text)).toBe(what));
});

describe('the choice of a queue', () => {
  const all = [queue('cpu'), queue('gpu')];
  const choose = (form: { queue: string }, terminal: TestTerminal, given = false) =>
    chooseQueue(all, { ...DEFAULTS, ...form }, { terminal, asks: terminal.canAsk, given });

  it('is not asked for where one was named', async () => {
    const terminal = new TestTerminal({ answers: [] });
    expect(await choose({ queue: 'named' }, terminal, true)).toBe('named');
    expect(terminal.asked).toEqual([]);
  });

  it('offers the one that was used last, and a list where that is refused', async () => {
    expect(await choose({ queue: 'gpu' }, new TestTerminal({ answers: [''] }))).toBe('gpu');
    const terminal = new TestTerminal({ answers: ['n', '7', 'gpu'] });
    expect(await choose({ queue: 'cpu' }, terminal)).toBe('gpu');
    expect(terminal.asked).toEqual([
      'Use the previous queue cpu [Y]/n?',
      'Queue, [0] to 1?',
      'Queue, [0] to 1?',
    ]);
    expect(terminal.printed[1]).toBe('  0*] cpu: 1 of 1 agents idle, 0 waiting');
  });

  it('is refused where nobody answers', async () => {
    await expect(choose({ queue: '' }, new TestTerminal())).rejects.toMatchObject({
      field: 'queue',
      hint: 'There are: cpu, gpu.',
    });
    await expect(choose({ queue: '' }, new TestTerminal({ answers: [] }))).rejects.toMatchObject({
      field: 'queue',
    });
  });
});

describe('the offer of a session that runs', () => {
  const [one, two] = [session({ id: ID(1) }), session({ id: ID(2) })];
  it.each([
    ['', one],
    ['y', one],
    ['n', undefined],
  ])('of one, answered "%s"', async (answer, chosen) => {
    expect(await chooseSession([one], new TestTerminal({ answers: [answer] }))).toBe(chosen);
  });

  it.each([
    [['1'], two],
    [[''], one],
    [['N'], undefined],
    [['9', '-1', '1'], two],
    [[], undefined],
  ])('of two, answered %j', async (answers, chosen) => {
    expect(await chooseSession([one, two], new TestTerminal({ answers }))).toBe(chosen);
  });
});

describe('what is remembered from launch to launch', () => {
  let folder = '';
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'choices-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const writeSettings = (name: string, value: object, writtenAt: number): void => {
    mkdirSync(join(folder, name), { recursive: true });
    const file = join(folder, name, 'settings.json');
    writeFileSync(file, JSON.stringify(value));
    utimesSync(file, writtenAt, writtenAt);
  };
  const wanted = (...ids: string[]) => ({ servers: { api: { ...NOTHING_REMEMBERED, wanted: ids } } });

  it('is what the app remembers, and where no app runs, written for it', async () => {
    writeSettings('.', { lastLaunch: { queue: 'gpu' } }, 1);
    const choices = appChoices(folder, silentLog);
    expect(choices.last).toEqual({ queue: 'gpu' });
    await choices.remember({ queue: 'cpu', password: 'secret', continueSession: ID(1) }, ID(2));
    expect(JSON.parse(readFileSync(join(folder, 'settings.json'), 'utf8')).lastLaunch).toEqual({
      queue: 'cpu',
    });
    expect(appChoices(folder, silentLog).last).toEqual({ queue: 'cpu' });
  });

  it('is told to the app that runs, and not written behind its back', async () => {
    const claim = await claimFolder(folder, { host: 'browser', show: false, log: silentLog });
    if (!('ours' in claim)) throw new Error('taken');
    const take = vi.fn(async () => ({ ok: true, says: '' }));
    claim.ours.serve({ show: () => {}, take });
    await appChoices(folder, silentLog).remember({ queue: 'cpu', password: 'secret' }, ID(1));
    expect(take).toHaveBeenCalledExactlyOnceWith({ do: 'remember', options: { queue: 'cpu' } });
    expect(statSync(join(folder, 'settings.json'), { throwIfNoEntry: false })).toBeUndefined();
    claim.ours.release();
  });

  it('names the sessions that were used last, by the app or without it', () => {
    writeSettings('.', wanted(ID(1), ID(2)), 100);
    writeSettings('headless', wanted(ID(3)), 300);
    writeSettings('headless-2', wanted(ID(4)), 200);
    writeSettings('headless-old', wanted(ID(5)), 400);
    const { lastUsed } = appChoices(folder, silentLog);
    expect(lastUsed('api')).toEqual([ID(3), ID(4), ID(2), ID(1)]);
    expect(lastUsed('another')).toEqual([]);
  });

  it('may stand in a state file of clearml-session, whose other keys stay', async () => {
    const file = join(folder, 'state.json');
    const before = {
      queue: 'gpu',
      packages: ['torch', 'tqdm'],
      jupyter_lab: false,
      remote_ssh_port: 10022,
      password: 'old',
      task_id: ID(1),
      __version__: '0.17.0',
    };
    writeFileSync(file, JSON.stringify(before));
    const choices = fileChoices(file, appChoices(folder, silentLog), silentLog);
    expect(choices.last).toEqual({
      queue: 'gpu',
      packages: 'torch\ntqdm',
      jupyterLab: false,
      remoteSshPort: '10022',
    });
    await choices.remember({ ...choices.last, packages: 'numpy\n', password: 'new' }, ID(2));
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      ...before,
      packages: ['numpy'],
      remote_ssh_port: '10022',
      task_id: ID(2),
    });
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  it('is refused where the state file is none', () => {
    const file = join(folder, 'state.json');
    writeFileSync(file, '[]');
    expect(() => fileChoices(file, appChoices(folder, silentLog), silentLog)).toThrow(
      /^--config-file: .* is no state file/,
    );
    expect(fileChoices(join(folder, 'none.json'), appChoices(folder, silentLog), silentLog).last).toEqual({});
  });
});
