import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { CoreApp, greeting, isUp } from './core-app.ts';
import { reasonAgainst, type SshServer, startSshd } from './servers.ts';

/** Sessions of other tools, other people and other times, on a real sshd. */
describe.skipIf(reasonAgainst('sshd'))('a session that is not as usual', () => {
  let demo: Demo;
  let core: CoreApp;
  let sshd: SshServer | null;

  beforeEach(async () => {
    demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
    sshd = await startSshd();
    core = new CoreApp(demo);
    await core.start();
    await core.state((s) => s.loaded);
  });

  afterEach(async () => {
    await core.dispose();
    await sshd?.stop();
    await demo.stop();
  });

  const port = (): string => String(sshd?.port);
  const edit = (task: string, fields: Record<string, unknown>): unknown =>
    demo.call('tasks.edit', { task, force: true, ...fields });
  const properties = (task: string, values: Record<string, unknown>): unknown =>
    demo.call('tasks.edit_hyper_params', {
      task,
      force: true,
      hyperparams: Object.entries(values).map(([name, value]) => ({ section: 'properties', name, value })),
    });

  /** A session that runs on the machine and says nothing of itself but what is given. */
  function running(
    runtime: Record<string, unknown>,
    reported: Record<string, unknown> = { internal_ssh_port: port() },
  ): string {
    const { id } = demo.call('tasks.create', {
      name: 'odd',
      type: 'application',
      system_tags: ['interactive'],
      hyperparams: {
        interactive_session: Object.fromEntries(
          ['jupyterlab', 'vscode_server'].map((name) => [
            name,
            { section: 'interactive_session', name, value: 'False' },
          ]),
        ),
      },
    }) as { id: string };
    demo.call('tasks.enqueue', { task: id, queue_name: 'default' });
    demo.call('tasks.dequeue', { task: id, new_status: 'in_progress' });
    demo.call('tasks.started', { task: id, force: true });
    properties(id, reported);
    edit(id, { runtime: { _ssh_user: 'root', ...runtime } });
    return id;
  }

  const usual = (): Record<string, unknown> => ({
    _ssh_password: sshd?.password,
    external_address: '127.0.0.1',
  });
  const attach = (id: string) => core.call('session.attach', { text: id });

  it.each<[string, () => string]>([
    [
      'numbers for ports',
      () => running({ ...usual(), internal_ssh_port: sshd?.port }, { internal_ssh_port: sshd?.port }),
    ],
    [
      'an address of its user properties',
      () =>
        running(
          { _ssh_password: sshd?.password },
          { internal_ssh_port: port(), external_address: '127.0.0.1' },
        ),
    ],
    [
      'a gateway of Kubernetes',
      () =>
        running(
          { _ssh_password: sshd?.password, internal_ssh_port: '10022' },
          { internal_ssh_port: '10022', 'k8s-gateway-address': '127.0.0.1', 'k8s-pod-port': port() },
        ),
    ],
    [
      'a router in front',
      () =>
        running(
          { ...usual(), external_tcp_port: sshd?.port, internal_ssh_port: '10022' },
          { internal_ssh_port: '10022' },
        ),
    ],
    [
      'a keepalive proxy',
      () =>
        running(
          { ...usual(), internal_ssh_port: '10022' },
          { internal_ssh_port: port(), internal_stable_ssh_port: '10022' },
        ),
    ],
    [
      'a name with line ends',
      () => {
        const id = running(usual());
        edit(id, { name: 'od\nd' });
        return id;
      },
    ],
  ])('is connected with %s', async (_, make) => {
    const id = make();
    await attach(id);
    const { ports } = await core.session(id, isUp);
    expect(ports.ssh).toBeGreaterThan(8021);
  });

  it('is not connected without an address, which is said once', async () => {
    const id = running({ _ssh_password: sshd?.password });
    await attach(id);
    await core.session(id, (s) => s.link.at === 'failed');
    for (let n = 0; n < 3; n++) {
      await core.call('setup.retry');
      await core.state();
    }
    expect(core.host.notices.map((n) => n.title)).toEqual(['Cannot connect to odd']);
    edit(id, { runtime: { ...usual(), _ssh_user: 'root' } });
    await core.call('setup.retry');
    await core.session(id, isUp);
  });

  it('is not connected without a password, which is explained', async () => {
    const id = running({ external_address: '127.0.0.1' });
    await attach(id);
    const { link } = await core.session(id, (s) => s.link.at === 'failed');
    expect(link).toMatchObject({ reason: { code: 'ssh-auth' } });
    edit(id, { runtime: { ...usual(), _ssh_user: 'root' } });
    await core.call('session.connect', { id });
    await core.session(id, isUp);
  });

  it.each<[string, () => string, RegExp]>([
    ['an id that nobody has', () => 'f'.repeat(32), /no such session/],
    [
      'a task that is no session',
      () => (demo.call('tasks.create', { name: 'training', type: 'training' }) as { id: string }).id,
      /not a session/,
    ],
    [
      'one that has ended',
      () => {
        const id = running(usual());
        demo.call('tasks.stopped', { task: id, force: true });
        return id;
      },
      /has ended/,
    ],
    ['words', () => 'my session', /no session ID/],
  ])('cannot be attached: %s', async (_, make, why) => {
    await expect(attach(make())).rejects.toThrow(why);
    expect(core.remembered).toMatchObject({ wanted: [], attached: [] });
  });

  it.each<[string, (id: string) => unknown]>([
    ['deleted', (task) => demo.call('tasks.delete', { task, force: true })],
    ['stopped', (task) => demo.call('tasks.stopped', { task, force: true })],
    ['failed', (task) => demo.call('tasks.failed', { task, force: true })],
    ['completed', (task) => demo.call('tasks.completed', { task, force: true })],
  ])('lets go of its ports when it is %s elsewhere, and tells it once', async (_, end) => {
    const id = running(usual());
    await attach(id);
    const { ports } = await core.session(id, isUp);
    end(id);
    // Nobody reads the list now: that the dial fails is what makes the app ask.
    await sshd?.down();
    await core.state((s) => s.sessions.every((x) => x.link.at === 'off' && x.ports.ssh === undefined));
    await expect(greeting(ports.ssh)).rejects.toThrow(/ECONNREFUSED/);
    // How long it waited helps to choose a queue later.
    const { waits, ...ofItsLife } = core.remembered;
    expect(waits).toHaveLength(1);
    expect(JSON.stringify(ofItsLife)).not.toContain(id);
    expect(core.host.notices.filter((n) => /odd (has ended|failed|is gone)/.test(n.title))).toHaveLength(1);
  });

  it('is followed when it is archived, since it still runs', async () => {
    const id = running(usual());
    await attach(id);
    await core.session(id, isUp);
    edit(id, { system_tags: ['interactive', 'archived'] });
    await core.call('setup.retry');
    await core.call('setup.retry');
    expect((await core.state()).sessions.map((s) => s.link.at)).toEqual(['up']);
  });

  it('keeps its ports when it is reset and runs again somewhere else', async () => {
    const id = running(usual());
    await attach(id);
    const before = await core.session(id, isUp);
    demo.call('tasks.reset', { task: id, force: true });
    demo.call('tasks.enqueue', { task: id, queue_name: 'default' });
    await core.call('setup.retry');
    await core.session(id, (s) => s.status === 'queued');
    const old = sshd;
    await old?.down();
    sshd = await startSshd(old ? { sameAs: old } : {});
    demo.call('tasks.dequeue', { task: id, new_status: 'in_progress' });
    demo.call('tasks.started', { task: id, force: true });
    properties(id, { internal_ssh_port: port() });
    edit(id, { runtime: { ...usual(), _ssh_user: 'root', internal_ssh_port: port() } });
    await core.call('setup.retry');
    const after = await core.session(id, isUp);
    expect(after.ports).toEqual(before.ports);
    expect(await greeting(after.ports.ssh)).toMatch(/^SSH-2\.0/);
  });
});
