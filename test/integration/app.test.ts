import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { CoreApp, greeting, isUp } from './core-app.ts';
import { RealMachine } from './machine.ts';
import { reasonAgainst, startSshd } from './servers.ts';

/** The whole core over a ClearML server, with real sshd and jupyter-server on the machine. */
describe.skipIf(reasonAgainst('sshd'))('the app and a session on real servers', () => {
  let demo: Demo;
  let core: CoreApp;
  let machines: RealMachine[];

  beforeEach(async () => {
    demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
    core = new CoreApp(demo);
    machines = [];
    await core.start();
    await core.state((s) => s.loaded);
  });

  afterEach(async () => {
    await core.dispose();
    for (const machine of machines) await machine.stop();
    await demo.stop();
  });

  async function launch(name: string, jupyter = false): Promise<{ id: string; machine: RealMachine }> {
    const id = await core.launch(name, { jupyterLab: jupyter });
    const machine = new RealMachine(demo, id);
    machines.push(machine);
    await machine.run({ jupyter });
    // The next poll is up to six seconds away; this is what "Try again" does.
    await core.call('setup.retry');
    return { id, machine };
  }

  it.skipIf(reasonAgainst('jupyter'))(
    'launches, connects with the generated host key, and tells once that it is ready',
    async () => {
      const { id } = await launch('real', true);
      const ready = await core.session(id, (s) => isUp(s) && s.ports.jupyter !== undefined);
      expect(await greeting(ready.ports.ssh)).toMatch(/^SSH-2\.0-OpenSSH/);
      await core.call('session.openJupyter', { id });
      const page = await fetch(core.host.opened[0] ?? '', { redirect: 'manual' });
      expect(page.headers.get('location')).toMatch(
        new RegExp(`^http://127.0.0.1:${ready.ports.jupyter}/\\?token=`),
      );
      const api = await fetch(`${page.headers.get('location')?.replace('/?', '/api/status?')}`);
      expect(await api.json()).toHaveProperty('kernels');
      expect(core.host.notices.map((n) => n.title)).toEqual(['real is ready']);
      expect(core.host.tray?.icon).toBe('ok');
    },
  );

  it('comes back on the same ports when the connection is killed, without a word', async () => {
    const { id, machine } = await launch('killed');
    const before = await core.session(id, isUp);
    machine.sshd?.kill();
    await core.session(id, (s) => !isUp(s));
    const after = await core.session(id, isUp);
    expect(after.ports).toEqual(before.ports);
    expect(await greeting(after.ports.ssh)).toMatch(/^SSH-2\.0-/);
    // It was back before a person had to know.
    expect(core.host.notices.filter((n) => /lost|again/.test(n.title))).toEqual([]);
    expect(core.host.withdrawn).toContain(`session:${id}`);
  });

  it('notices a frozen machine within seconds', async () => {
    const { id, machine } = await launch('frozen');
    await core.session(id, isUp);
    const frozenAt = Date.now();
    machine.sshd?.freeze();
    await core.session(id, (s) => !isUp(s));
    expect(Date.now() - frozenAt).toBeLessThan(20_000);
    machine.sshd?.thaw();
    await core.session(id, isUp);
  });

  it('finds a machine that moved to another port', async () => {
    const { id, machine } = await launch('moved');
    await core.session(id, isUp);
    const old = machine.sshd;
    const task = demo.model.tasks.get(id);
    const keys = JSON.parse(task?.configuration.SSH?.value ?? '{}') as Record<string, string>;
    machine.sshd =
      (await startSshd({
        hostKeys: [{ privateKey: keys.ssh_host_ed25519_key ?? '' }],
        password: String(task?.runtime._ssh_password),
      })) ?? undefined;
    machine.property('internal_ssh_port', machine.sshd?.port);
    await old?.stop();
    await core.session(id, (s) => !isUp(s));
    const after = await core.session(id, isUp);
    expect(await greeting(after.ports.ssh)).toMatch(/^SSH-2\.0-/);
  });

  it('stops at a wrong host key, and goes on only with a yes', async () => {
    const { id, machine } = await launch('impostor');
    await core.session(id, isUp);
    const password = String(demo.model.tasks.get(id)?.runtime._ssh_password);
    const impostor = (await startSshd({ password })) ?? undefined;
    machine.property('internal_ssh_port', impostor?.port);
    await machine.sshd?.stop();
    machine.sshd = impostor;
    const refused = await core.session(id, (s) => s.link.at === 'failed');
    expect(refused.link).toMatchObject({ reason: { code: 'host-key' } });
    await core.call('session.trustHostKey', { id });
    await core.session(id, isUp);
  });

  it('ends without showing its sessions as not connected', async () => {
    const { id } = await launch('last');
    await core.session(id, isUp);
    const heard = vi.fn();
    core.app.onEvent(heard);
    await core.stop();
    expect(heard).not.toHaveBeenCalled();
  });

  it('sleeps and wakes, and is connected again', async () => {
    const { id } = await launch('lid');
    const before = await core.session(id, isUp);
    core.host.fallAsleep();
    expect((await core.call('state.get')).state.asleep).toBe(true);
    core.host.wakeUp();
    core.host.wakeUp();
    const after = await core.session(id, isUp);
    expect(after.ports).toEqual(before.ports);
    expect(await greeting(after.ports.ssh)).toMatch(/^SSH-2\.0-/);
  });

  it('is connected again on the same ports after a restart, and does not call that news', async () => {
    const { id } = await launch('again');
    const { ports } = await core.session(id, isUp);
    await core.stop();
    await core.start();
    expect((await core.session(id, isUp)).ports).toEqual(ports);
    expect(core.host.notices).toEqual([]);
  });

  it('keeps two sessions apart', async () => {
    const first = await launch('one');
    const second = await launch('two');
    const a = await core.session(first.id, isUp);
    const b = await core.session(second.id, isUp);
    expect(a.ports.ssh).not.toBe(b.ports.ssh);
    await core.call('session.disconnect', { id: first.id });
    await core.session(first.id, (s) => s.link.at === 'off');
    expect(await greeting(b.ports.ssh)).toMatch(/^SSH-2\.0-/);
    // Nobody takes the port of a session that is only disconnected.
    const third = await launch('three');
    expect((await core.session(third.id, isUp)).ports.ssh).not.toBe(a.ports.ssh);
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

    await core.call('session.attach', { text: `${demo.web}/projects/*/experiments/${id}/output/log` });
    const { ports } = await core.session(id, isUp);
    expect(await greeting(ports.ssh)).toMatch(/^SSH-2\.0-OpenSSH/);
    expect(core.remembered.hostKeys[id]).toMatchObject({
      fingerprint: machine.sshd?.fingerprint,
      source: 'first-use',
    });
  });

  it('lets go of everything when the session ends elsewhere, and says so', async () => {
    const { id, machine } = await launch('ended');
    await core.session(id, isUp);
    demo.call('tasks.stopped', { task: machine.task, force: true });
    await core.call('setup.retry');
    await core.session(id, (s) => s.status === 'finished' && s.link.at === 'off');
    expect(core.host.notices.at(-1)?.title).toBe('ended has ended');
    expect(core.remembered.wanted).toEqual([]);
    expect(core.remembered.ports).toEqual({});
  });

  it.skipIf(reasonAgainst('jupyter'))('writes no secret into its log', async () => {
    const { id } = await launch('quiet', true);
    await core.session(id, isUp);
    await core.call('session.sshCommand', { id });
    const runtime = demo.model.tasks.get(id)?.runtime;
    const { log } = core;
    for (const secret of [demo.secretKey, runtime?._ssh_password, String(runtime?._jupyter_token).trim()]) {
      expect(secret).toBeTruthy();
      expect(log).not.toContain(secret);
    }
  });
});
