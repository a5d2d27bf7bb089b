import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { NOTHING_REMEMBERED } from '../../main/core/saved.ts';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { CoreApp, isUp } from './core-app.ts';
import { reasonAgainst, type SshServer, startSshd } from './servers.ts';

const COUNT = 40;

describe.skipIf(reasonAgainst('sshd'))('forty sessions at once', () => {
  let demo: Demo;
  let core: CoreApp;
  let sshd: SshServer | null;
  let ids: string[];

  beforeEach(async () => {
    demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
    sshd = await startSshd({ extraConf: 'MaxStartups 200\nMaxSessions 200' });
    core = new CoreApp(demo);
    await core.start();
    await core.state((s) => s.loaded);
    ids = Array.from({ length: COUNT }, (_, n) => session(`many-${n}`));
  });

  afterEach(async () => {
    await core.dispose();
    await sshd?.stop();
    await demo.stop();
  });

  /** A running session on the one machine. */
  function session(name: string): string {
    const { id } = demo.call('tasks.create', { name, type: 'application', system_tags: ['interactive'] }) as {
      id: string;
    };
    const hyperparams = [
      { section: 'interactive_session', name: 'jupyterlab', value: 'False' },
      { section: 'interactive_session', name: 'vscode_server', value: 'False' },
      { section: 'properties', name: 'internal_ssh_port', value: String(sshd?.port) },
    ];
    demo.call('tasks.edit_hyper_params', { task: id, hyperparams, force: true });
    demo.call('tasks.enqueue', { task: id, queue_name: 'default' });
    demo.call('tasks.dequeue', { task: id, new_status: 'in_progress' });
    demo.call('tasks.started', { task: id, force: true });
    const runtime = {
      _ssh_password: sshd?.password,
      external_address: '127.0.0.1',
      internal_ssh_port: String(sshd?.port),
    };
    demo.call('tasks.edit', { task: id, runtime, force: true });
    return id;
  }

  const total = (): number => [...demo.calls.values()].reduce((a, b) => a + b, 0);
  const allUp = () => core.state((s) => s.sessions.filter(isUp).length === COUNT);

  it('are all back after a restart and after a broken network, with a handful of requests', async () => {
    await core.stop();
    core.settings.set('servers', { [demo.api]: { ...NOTHING_REMEMBERED, wanted: ids } });
    const before = total();
    await core.start();
    await allUp();
    // Login, user, list, all logins and keys, vault; and what the list is asked for meanwhile.
    expect(total() - before).toBeLessThanOrEqual(8);
    sshd?.kill();
    await core.state((s) => s.sessions.some((x) => !isUp(x)));
    await allUp();
    expect(total() - before).toBeLessThanOrEqual(10);
  });

  it('leave nothing behind: connected and disconnected, here and at the demo', async () => {
    await core.call('setup.retry');
    const [id = ''] = ids;
    await core.session(id, (s) => s.status === 'running');
    // With the one timer that looks after own sessions which nobody uses.
    const idle = resources();
    for (let n = 0; n < 50; n++) {
      await core.call('session.connect', { id });
      await core.session(id, isUp);
      await core.call('session.disconnect', { id });
    }
    await core.call('session.connect', { id });
    const { ports } = await core.session(id, isUp);
    for (let n = 0; n < 5; n++) {
      await core.call('setup.demo');
      await core.state((s) => s.loaded && s.server.at === 'online');
      await core.call('setup.leave');
      await core.state((s) => s.loaded && s.server.at === 'online');
    }
    expect((await core.session(id, isUp)).ports).toEqual(ports);
    await core.call('session.disconnect', { id });
    await expect.poll(resources).toEqual(idle);
  });
});

/** The handles of this process, by kind; sockets of requests that are just ending do not count. */
function resources(): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const kind of process.getActiveResourcesInfo()) {
    if (/Server|Timeout|Pipe|Process/.test(kind)) counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}
