import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type App, createApp } from '../../main/core/app.ts';
import { systemClock } from '../../main/core/clock.ts';
import { FileLog } from '../../main/core/log.ts';
import { MemorySecrets } from '../../main/core/memory-secrets.ts';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import type { Arg, CallName, Result } from '../../preload/contract/api.ts';
import type { AppState, SessionView } from '../../preload/contract/state.ts';
import { memorySettings, noShell, TestHost } from '../doubles/host.ts';
import { RealMachine } from './machine.ts';

/** The whole core over a ClearML server, with real sshd and jupyter-server on the machine. */
describe('the app and a session on real servers', () => {
  let folder: string;
  let demo: Demo;
  let app: App;
  let host: TestHost;
  let settings: ReturnType<typeof memorySettings>;
  let machines: RealMachine[];

  const start = (): Promise<void> => {
    host = new TestHost();
    const log = new FileLog({ file: join(folder, 'logs', 'app.log') });
    app = createApp({
      host,
      settings,
      log,
      secrets: new MemorySecrets('memory'),
      clock: systemClock,
      shell: noShell,
      env: {
        CLEARML_API_HOST: demo.api,
        CLEARML_WEB_HOST: demo.web,
        CLEARML_FILES_HOST: demo.files,
        CLEARML_API_ACCESS_KEY: demo.accessKey,
        CLEARML_API_SECRET_KEY: demo.secretKey,
      },
      home: folder,
      userDataDir: folder,
      version: '0.0.0',
      demo: false,
    });
    return app.start();
  };

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'app-'));
    demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
    settings = memorySettings();
    machines = [];
    await start();
    await state((s) => s.loaded);
  });

  afterEach(async () => {
    await app.stop();
    for (const machine of machines) await machine.stop();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function call<N extends CallName>(name: N, arg?: Arg<N>): Promise<Result<N>> {
    const reply = await app.call(name, arg);
    if (!reply.ok) throw new Error(reply.problem.message);
    return reply.value as Result<N>;
  }

  /** The first state, from now on, of which `is` is true. */
  function state(is: (state: AppState) => boolean): Promise<AppState> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        call('state.get').then(({ state: now }) => {
          if (!is(now)) return;
          stop();
          resolve(now);
        }, reject);
      };
      const stop = app.onEvent(look);
      look();
    });
  }

  async function session(id: string, is: (session: SessionView) => boolean): Promise<SessionView> {
    const found = (s: AppState): SessionView | undefined => s.sessions.find((x) => x.id === id && is(x));
    const after = found(await state((s) => found(s) !== undefined));
    if (!after) throw new Error('unreachable');
    return after;
  }

  async function launch(name: string, jupyter = false): Promise<{ id: string; machine: RealMachine }> {
    const [queue] = (await call('queue.list')).queues;
    const { id } = await call('session.launch', {
      queue: queue?.id ?? '',
      image: '',
      jupyter,
      vscode: false,
      name,
    });
    const machine = new RealMachine(demo, id);
    machines.push(machine);
    await machine.run({ jupyter });
    // The next poll is up to six seconds away; this is what "Try again" does.
    await call('setup.retry');
    return { id, machine };
  }

  /** What the server at the other end of a local port says first. */
  async function greeting(port: number | undefined): Promise<string> {
    const socket = connect(port ?? 0, '127.0.0.1');
    const [data] = await once(socket, 'data');
    socket.destroy();
    return String(data);
  }

  const up = (s: SessionView): boolean => s.link.at === 'up';

  it('launches, connects with the generated host key, and tells once that it is ready', async () => {
    const { id } = await launch('real', true);
    const ready = await session(id, (s) => up(s) && s.ports.jupyter !== undefined);
    expect(await greeting(ready.ports.ssh)).toMatch(/^SSH-2\.0-OpenSSH/);
    await call('session.openJupyter', { id });
    const page = await fetch(host.opened[0] ?? '', { redirect: 'manual' });
    expect(page.headers.get('location')).toMatch(
      new RegExp(`^http://127.0.0.1:${ready.ports.jupyter}/\\?token=`),
    );
    const api = await fetch(`${page.headers.get('location')?.replace('/?', '/api/status?')}`);
    expect(await api.json()).toHaveProperty('kernels');
    expect(host.notices.map((n) => n.title)).toEqual(['real is ready']);
    expect(host.tray?.icon).toBe('ok');
  });

  it('comes back on the same ports when the connection is killed, and tells it once', async () => {
    const { id, machine } = await launch('killed');
    const before = await session(id, up);
    machine.sshd?.kill();
    await session(id, (s) => !up(s));
    const after = await session(id, up);
    expect(after.ports).toEqual(before.ports);
    expect(await greeting(after.ports.ssh)).toMatch(/^SSH-2\.0-/);
    expect(host.notices.filter((n) => /lost/.test(n.title))).toHaveLength(1);
    expect(host.withdrawn).toContain(`session:${id}`);
  });

  it('notices a frozen machine within seconds', async () => {
    const { id, machine } = await launch('frozen');
    await session(id, up);
    const frozenAt = Date.now();
    machine.sshd?.freeze();
    await session(id, (s) => !up(s));
    expect(Date.now() - frozenAt).toBeLessThan(15_000);
    machine.sshd?.thaw();
    await session(id, up);
  });

  it('finds a machine that moved to another port', async () => {
    const { id, machine } = await launch('moved');
    await session(id, up);
    const old = machine.sshd;
    const task = demo.model.tasks.get(id);
    const keys = JSON.parse(task?.configuration.SSH?.value ?? '{}') as Record<string, string>;
    const { startSshd } = await import('./servers.ts');
    machine.sshd =
      (await startSshd({
        hostKeys: [{ privateKey: keys.ssh_host_ed25519_key ?? '' }],
        password: String(task?.runtime._ssh_password),
      })) ?? undefined;
    machine.property('internal_ssh_port', machine.sshd?.port);
    await old?.stop();
    await session(id, (s) => !up(s));
    const after = await session(id, up);
    expect(await greeting(after.ports.ssh)).toMatch(/^SSH-2\.0-/);
  });

  it('stops at a wrong host key, and goes on only with a yes', async () => {
    const { id, machine } = await launch('impostor');
    await session(id, up);
    const { startSshd } = await import('./servers.ts');
    const password = String(demo.model.tasks.get(id)?.runtime._ssh_password);
    const impostor = (await startSshd({ password })) ?? undefined;
    machine.property('internal_ssh_port', impostor?.port);
    await machine.sshd?.stop();
    machine.sshd = impostor;
    const refused = await session(id, (s) => s.link.at === 'failed');
    expect(refused.link).toMatchObject({ reason: { code: 'host-key' } });
    await call('session.trustHostKey', { id });
    await session(id, up);
  });

  it('sleeps and wakes, and is connected again', async () => {
    const { id } = await launch('lid');
    const before = await session(id, up);
    host.fallAsleep();
    expect((await call('state.get')).state.asleep).toBe(true);
    host.wakeUp();
    host.wakeUp();
    const after = await session(id, up);
    expect(after.ports).toEqual(before.ports);
    expect(await greeting(after.ports.ssh)).toMatch(/^SSH-2\.0-/);
  });

  it('is connected again on the same ports after a restart, and does not call that news', async () => {
    const { id } = await launch('again');
    const { ports } = await session(id, up);
    await app.stop();
    await start();
    expect((await session(id, up)).ports).toEqual(ports);
    expect(host.notices).toEqual([]);
  });

  it('keeps two sessions apart', async () => {
    const first = await launch('one');
    const second = await launch('two');
    const a = await session(first.id, up);
    const b = await session(second.id, up);
    expect(a.ports.ssh).not.toBe(b.ports.ssh);
    await call('session.disconnect', { id: first.id });
    await session(first.id, (s) => s.link.at === 'off');
    expect(await greeting(b.ports.ssh)).toMatch(/^SSH-2\.0-/);
  });

  it("attaches to a session of the command line by its page's address, and remembers the key it shows first", async () => {
    const hyperparams = (values: Record<string, string>, section: string) =>
      Object.fromEntries(
        Object.entries(values).map(([name, value]) => [
          name,
          { section, name, value, type: 'str', description: '' },
        ]),
      );
    const { id } = demo.call('tasks.create', {
      name: 'Interactive Session',
      type: 'application',
      comment: 'Auto-generated at 2026-01-01 00:00 UTC by ada@laptop',
      system_tags: ['interactive'],
      script: { diff: 'print(1)', entry_point: '.interactive_session.py', working_dir: '.' },
      hyperparams: {
        interactive_session: hyperparams(
          { ssh_server: 'True', jupyterlab: 'False', vscode_server: 'False' },
          'interactive_session',
        ),
        properties: hyperparams(
          { external_address: '', internal_ssh_port: '', jupyter_port: '' },
          'properties',
        ),
      },
    }) as { id: string };
    demo.call('tasks.edit', { task: id, force: true, runtime: { _ssh_password: 'f'.repeat(64) } });
    demo.call('tasks.enqueue', { task: id, queue_name: 'default' });
    const machine = new RealMachine(demo, id);
    machines.push(machine);
    await machine.run({ jupyter: false });

    await call('session.attach', { text: `${demo.web}/projects/*/experiments/${id}/output/log` });
    const { ports } = await session(id, up);
    expect(await greeting(ports.ssh)).toMatch(/^SSH-2\.0-OpenSSH/);
    expect(settings.get('hostKeys')[id]).toMatchObject({
      fingerprint: machine.sshd?.fingerprint,
      source: 'first-use',
    });
  });

  it('lets go of everything when the session ends elsewhere, and says so', async () => {
    const { id, machine } = await launch('ended');
    await session(id, up);
    demo.call('tasks.stopped', { task: machine.task, force: true });
    await call('setup.retry');
    await session(id, (s) => s.status === 'finished' && s.link.at === 'off');
    expect(host.notices.at(-1)?.title).toBe('ended has ended');
    expect(settings.get('wanted')).toEqual([]);
    expect(settings.get('ports')).toEqual({});
  });

  it('writes no secret into its log', async () => {
    const { id } = await launch('quiet', true);
    await session(id, up);
    await call('session.sshCommand', { id });
    const runtime = demo.model.tasks.get(id)?.runtime;
    const log = readFileSync(join(folder, 'logs', 'app.log'), 'utf8');
    for (const secret of [demo.secretKey, runtime?._ssh_password, String(runtime?._jupyter_token).trim()]) {
      expect(secret).toBeTruthy();
      expect(log).not.toContain(secret);
    }
  });
});
