import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it as base, describe, expect, vi } from 'vitest';
import { runHeadless } from '../../main/commands/headless/headless.ts';
import { appChoices } from '../../main/commands/remembered.ts';
import type { Request } from '../../main/commands/request.ts';
import { NOTHING_REMEMBERED } from '../../main/core/saved.ts';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import type { SomeOptions } from '../../preload/contract/options.ts';
import { silentLog } from '../doubles/log.ts';
import { TestTerminal } from '../doubles/terminal.ts';
import { LOOKS } from '../runner/looks.mjs';
import { greeting } from './core-app.ts';
import { RealMachine } from './machine.ts';
import { reasonAgainst } from './servers.ts';

const HOW = { headless: true, shell: false, verbose: false, disableStoreDefaults: false } as const;
/** A server that nothing is going on with is asked three times a minute, and less when it was asked much before. */
const NEXT_LOOK = { timeout: 120_000 };

/** A ClearML server, and headless runs over it that are ended with the test. */
class World {
  readonly demo: Demo;
  readonly home = mkdtempSync(join(tmpdir(), 'headless-'));
  readonly #stops: (() => Promise<unknown>)[] = [];

  constructor(demo: Demo) {
    this.demo = demo;
  }

  readonly launch = (options: SomeOptions = {}, terminal?: TestTerminal, yes = true) =>
    this.#run({ ...HOW, do: 'launch', yes, options: { queue: 'gpu', ...options } }, terminal);

  readonly attach = (session?: string, terminal?: TestTerminal) =>
    this.#run({ ...HOW, do: 'attach', yes: true, options: {}, ...(session ? { session } : {}) }, terminal);

  readonly status = (id: string): string | undefined => this.demo.model.tasks.get(id)?.status;

  #run(request: Extract<Request, { do: 'launch' | 'attach' }>, terminal = new TestTerminal()) {
    const { demo, home } = this;
    const stop = new AbortController();
    const env = {
      CLEARML_API_HOST: demo.api,
      CLEARML_WEB_HOST: demo.web,
      CLEARML_FILES_HOST: demo.files,
      CLEARML_API_ACCESS_KEY: demo.accessKey,
      CLEARML_API_SECRET_KEY: demo.secretKey,
    };
    const done = runHeadless({
      request,
      terminal,
      appFolder: home,
      demo: false,
      choices: appChoices(home, silentLog),
      stop: stop.signal,
      env,
      home,
    });
    this.#stops.push(() => {
      stop.abort('SIGTERM');
      return done.catch(() => {});
    });
    return { terminal, done, signal: (name: string) => stop.abort(name) };
  }

  /** A draft of a launch that stands in the journal of this folder; its id. */
  startKilledLaunch(): string {
    const { demo, home } = this;
    const launchId = '0123456789abcdef';
    const { id } = demo.call('tasks.create', {
      name: 'half',
      type: 'application',
      system_tags: ['interactive'],
      comment: `Auto-generated at 2026-01-01 00:00:00 UTC by ada@laptop, launch ${launchId}`,
    }) as { id: string };
    mkdirSync(join(home, 'headless'));
    const servers = { [demo.api]: { ...NOTHING_REMEMBERED, launches: [launchId] } };
    writeFileSync(join(home, 'headless', 'settings.json'), JSON.stringify({ servers }));
    return id;
  }

  async dispose(): Promise<void> {
    await Promise.all(this.#stops.map((stop) => stop()));
    await this.demo.stop();
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Mostly they wait for the next look at the server, and can do that side by side. */
const it = base.extend<{ world: World }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the names of the fixtures from the pattern.
  world: async ({}, use) => {
    const queues = [{ name: 'gpu', agents: 2 }];
    const world = new World(await startDemo({ seed: false, speed: 20, realTools: false, queues }));
    await use(world);
    await world.dispose();
  },
});

const said = (terminal: TestTerminal, what: RegExp, by: Partial<typeof LOOKS> = LOOKS): Promise<unknown> =>
  vi.waitFor(() => expect(terminal.text).toMatch(what), by);
const idIn = (terminal: TestTerminal): string => /\[([0-9a-f]{32})\]/.exec(terminal.text)?.[1] ?? '';
const sshPort = (terminal: TestTerminal): number => Number(/^SSH: ssh -p (\d+) /m.exec(terminal.text)?.[1]);

describe.concurrent('a session without a window', () => {
  it('is warned about before it is launched where nothing would pick it up', async ({ world }) => {
    const { demo, launch } = world;
    demo.call('queues.create', { name: 'lonely' });
    const { terminal } = launch({ queue: 'lonely' });
    await said(terminal, /^A new session was created/m);
    expect(terminal.text).toMatch(
      /^Warning: lonely: No agent serves this queue: the session would wait\.\n[\s\S]*^Creating/m,
    );
  });

  it('is launched and told step by step, and its addresses work', async ({ world }) => {
    const { home, launch, status } = world;
    const { terminal, done, signal } = launch({ sessionName: 'mine' });
    await said(terminal, /^SSH: .*[\s\S]*^JupyterLab: .*[\s\S]*^VS Code: /m);
    const order = [
      /^Creating a new session/m,
      /^A new session was created \[[0-9a-f]{32}\]/m,
      /^Waiting for a machine to be allocated/m,
      /^Status \[queued\]/m,
      /^A machine was allocated/m,
      /^Details of the set-up: http/m,
      /^The machine is ready/m,
      /^Setting up the connection/m,
      /^SSH: /m,
    ].map((line) => terminal.text.search(line));
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(await greeting(sshPort(terminal))).toMatch(/^SSH-2\.0-/);
    const notebook = /^JupyterLab: (\S+)/m.exec(terminal.text)?.[1] ?? '';
    expect(notebook).toMatch(/\?token=\w+/);
    // It lets in whoever has the token, with a cookie; without one it refuses.
    expect((await fetch(notebook, { redirect: 'manual' })).status).toBe(302);
    signal('SIGTERM');
    expect(await done).toBe(0);
    expect(status(idIn(terminal))).toBe('in_progress');
    const token = notebook.split('token=')[1] ?? '';
    expect(readFileSync(join(home, 'headless', 'logs', 'app.log'), 'utf8')).not.toContain(token);
  });

  it('attached to once more beside a first one, is connected on ports of its own and comes back after a break', async ({
    world,
  }) => {
    const { demo, launch, attach } = world;
    const first = launch();
    await said(first.terminal, /^SSH: /m);
    const id = idIn(first.terminal);
    const second = attach(id);
    await said(second.terminal, /^Attaching to Interactive Session \[\w{32}\][\s\S]*^SSH: /m);
    const port = sshPort(second.terminal);
    expect(port).not.toBe(sshPort(first.terminal));
    expect(demo.killSsh(id)).toBeGreaterThan(1);
    await said(second.terminal, /^The connection was lost.*\n(.*\n)*Connected again after \d+ s/m);
    expect(await greeting(port)).toMatch(/^SSH-2\.0-/);
    first.signal('SIGINT');
    expect(await first.done).toBe(0);
    expect(await greeting(port)).toMatch(/^SSH-2\.0-/);
  });

  it('is named by nobody: the only one that runs is attached to, and of none it is said', async ({
    world,
  }) => {
    const { launch, attach } = world;
    const none = attach();
    await expect(none.done).rejects.toMatchObject({ message: 'You have no session that runs.' });
    const first = launch();
    await said(first.terminal, /^SSH: /m);
    await said(attach().terminal, /^SSH: /m);
  });

  it('whose launch is interrupted leaves nothing behind', async ({ world }) => {
    const { demo, launch, status } = world;
    demo.misbehave('no-ssh');
    const { terminal, done, signal } = launch();
    await said(terminal, /^A machine was allocated/m);
    const id = idIn(terminal);
    signal('SIGINT');
    expect(await done).toBe(130);
    expect(terminal.text).toMatch(/nothing is left of it/);
    expect(status(id)).toBeUndefined();
  });

  it('that is interrupted before its task is made leaves nothing behind', async ({ world }) => {
    const { demo, launch } = world;
    const before = demo.model.tasks.size;
    demo.troubleApi({ delayMs: 300 });
    const { terminal, done, signal } = launch();
    await said(terminal, /^Creating/m);
    signal('SIGINT');
    expect(await done).toBe(130);
    expect(demo.model.tasks.size).toBe(before);
  });

  it('is cancelled by a shutdown that is typed before it runs', async ({ world }) => {
    const { demo, launch, status } = world;
    demo.misbehave('no-ssh');
    const terminal = new TestTerminal({ canType: true });
    const { done } = launch({}, terminal);
    await said(terminal, /^A machine was allocated/m);
    terminal.type('shutdown');
    expect(await done).toBe(0);
    expect(['in_progress', 'running']).not.toContain(status(idIn(terminal)));
  });

  it('that ends elsewhere ends the run with 3, and one that fails says why', async ({ world }) => {
    const { demo, launch } = world;
    const { terminal, done } = launch();
    await said(terminal, /^SSH: /m);
    demo.call('tasks.stopped', { task: idIn(terminal), force: true });
    expect(await done).toBe(3);
    expect(terminal.text).toMatch(/^The session has ended/m);
  });

  it('that fails while it is set up ends the run with 3 and with the reason', async ({ world }) => {
    const { demo, launch } = world;
    demo.misbehave('setup-fails');
    const { terminal, done } = launch();
    expect(await done).toBe(3);
    expect(terminal.printed.at(-1)).toMatch(/^The session failed: .+\./);
  });

  it('on a machine that is not the one it was is not connected, and nobody waits for an answer', async ({
    world,
  }) => {
    const { demo, launch } = world;
    demo.misbehave('wrong-host-key');
    const { terminal, done } = launch();
    expect(await done).toBe(1);
    expect(terminal.printed.at(-2)).toMatch(/^It cannot be connected: .*another host key/);
    expect(terminal.printed.at(-1)).toMatch(/^The session goes on \[[0-9a-f]{32}\]$/);
  });

  it('stays connected while the server is away, and says so once', { timeout: 300_000 }, async ({
    world,
  }) => {
    const { demo, launch } = world;
    const { terminal } = launch();
    await said(terminal, /^SSH: /m);
    await demo.stopApi();
    await said(terminal, /^The ClearML server cannot be asked: /m, NEXT_LOOK);
    expect(await greeting(sshPort(terminal))).toMatch(/^SSH-2\.0-/);
    await demo.startApi();
    await said(terminal, /^The ClearML server answers again/m, NEXT_LOOK);
    expect(terminal.text.match(/cannot be asked/g)).toHaveLength(1);
  });

  it('is shut down, reconnected and left by what is typed, in any case', async ({ world }) => {
    const { launch, status } = world;
    const terminal = new TestTerminal({ canType: true });
    const { done } = launch({}, terminal);
    await said(terminal, /^Commands:/m);
    terminal.type('nonsense');
    await vi.waitFor(() => expect(terminal.text.match(/^Commands:/gm)?.length).toBe(2));
    terminal.type('R');
    await said(terminal, /^Reconnecting$/m);
    terminal.type('ShutDown');
    expect(await done).toBe(0);
    expect(status(idIn(terminal))).toBe('stopped');
    const again = new TestTerminal({ canType: true });
    const other = launch({}, again);
    await said(again, /^Commands:/m);
    again.type(' QUIT ');
    expect(await other.done).toBe(0);
    expect(status(idIn(again))).toBe('in_progress');
  });

  it('asks a person for another session, the queue and a yes, and a script for nothing', async ({
    world,
  }) => {
    const { launch } = world;
    const { done } = launch({ queue: '' }, undefined, false);
    await expect(done).rejects.toMatchObject({
      field: 'queue',
      message: '--queue is missing.',
      hint: 'There are: gpu.',
    });
    const first = launch();
    await said(first.terminal, /^SSH: /m);
    const person = new TestTerminal({ answers: ['n', '', 'y'] });
    launch({ queue: '' }, person, false);
    await said(person, /^SSH: /m);
    expect(person.asked).toEqual([
      expect.stringMatching(/^Connect to the active session Interactive Session id=\w{32} \[Y\]\/n\?$/),
      'Queue, [0] to 0?',
      'Launch Interactive Session in gpu [Y]/n?',
    ]);
    const script = launch();
    await said(script.terminal, /^You have a session already: .* and 1 more; --attach/m);
  });

  it('of several is the one that was used last, also by the runs before this one', async ({ world }) => {
    const { launch, attach } = world;
    const first = launch({ sessionName: 'first' });
    await said(first.terminal, /^SSH: /m);
    const second = launch({ sessionName: 'second' });
    await said(second.terminal, /^SSH: /m);
    for (const { signal } of [second, first]) signal('SIGTERM');
    await Promise.all([first.done, second.done]);
    const { terminal } = attach();
    await said(terminal, /^Attaching to (first|second) [\s\S]*^SSH: /m);
  });

  it('deletes what a killed run has left half-made, and says so', async ({ world }) => {
    const { launch, status } = world;
    const killed = world.startKilledLaunch();
    const { terminal } = launch();
    await said(terminal, /^SSH: /m);
    expect(terminal.text).toMatch(
      new RegExp(`\\[${killed}\\], which an earlier run has left half-made, was deleted`),
    );
    expect(status(killed)).toBeUndefined();
  });

  it('names the flag of a wrong option, and creates nothing', async ({ world }) => {
    const { demo, launch } = world;
    const before = demo.model.tasks.size;
    await expect(launch({ docker: 'NOT AN IMAGE' }).done).rejects.toMatchObject({
      field: 'docker',
      message: expect.stringMatching(/^--docker: An image looks like/),
    });
    await expect(launch({ queue: 'gpv' }).done).rejects.toMatchObject({
      field: 'queue',
      hint: 'Did you mean gpu?',
    });
    expect(demo.model.tasks.size).toBe(before);
  });

  it('says at once that no server answers or that the credentials are refused', async ({ world }) => {
    const { demo, launch } = world;
    await demo.stopApi();
    await expect(launch().done).rejects.toMatchObject({ code: 'unreachable' });
  });
});

describe.skipIf(reasonAgainst('sshd'))('a session without a window, on a real sshd', () => {
  base('carries bytes, and comes back when the server is killed', async () => {
    const demo = await startDemo({ seed: false, queues: [{ name: 'gpu', agents: 0 }], realTools: false });
    const home = mkdtempSync(join(tmpdir(), 'headless-'));
    writeFileSync(join(home, 'clearml.conf'), demo.conf);
    const stop = new AbortController();
    const terminal = new TestTerminal();
    const options = { queue: 'gpu', jupyterLab: false, vscodeServer: false };
    const done = runHeadless({
      request: { ...HOW, do: 'launch', yes: true, options },
      terminal,
      appFolder: home,
      demo: false,
      choices: appChoices(home, silentLog),
      stop: stop.signal,
      env: { CLEARML_CONFIG_FILE: join(home, 'clearml.conf') },
      home,
    });
    await expect.poll(() => terminal.text).toMatch(/^Warning: gpu: .*[\s\S]*^A new session was created/m);
    const machine = new RealMachine(demo, /\[([0-9a-f]{32})\]/.exec(terminal.text)?.[1] ?? '');
    await machine.run({ jupyter: false });
    await expect.poll(() => terminal.text).toMatch(/^SSH: /m);
    const port = Number(/^SSH: ssh -p (\d+) /m.exec(terminal.text)?.[1]);
    expect(await greeting(port)).toMatch(/^SSH-2\.0-OpenSSH/);
    machine.sshd?.kill();
    await expect.poll(() => terminal.text).toMatch(/^The connection was lost/m);
    await expect.poll(() => terminal.text).toMatch(/^Connected again/m);
    expect(await greeting(port)).toMatch(/^SSH-2\.0-OpenSSH/);
    stop.abort('SIGTERM');
    expect(await done).toBe(0);
    await machine.stop();
    await demo.stop();
    rmSync(home, { recursive: true, force: true });
  });
});
