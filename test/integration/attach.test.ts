import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { generateHostKey } from '../../main/core/ssh/keys.ts';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import type { AttachOptions } from '../../preload/contract/api.ts';
import { CoreApp, greeting, isUp } from './core-app.ts';
import { reasonAgainst, type SshServer, startSshd } from './servers.ts';

/** What a person says when attaching, on a real sshd that knows one user only. */
describe.skipIf(reasonAgainst('sshd'))('attaching in another way than the session says', () => {
  let demo: Demo;
  let core: CoreApp;
  let sshd: SshServer | null;

  beforeEach(async () => {
    demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
    sshd = await startSshd({ username: 'ada' });
    core = new CoreApp(demo);
    await core.start();
    await core.state((s) => s.loaded);
  });
  afterEach(async () => {
    await core.dispose();
    await sshd?.stop();
    await demo.stop();
  });

  /** A session whose task says nothing of its user and password. */
  function running(configuration: object = {}): string {
    const { id } = demo.call('tasks.create', {
      name: 'theirs',
      type: 'application',
      system_tags: ['interactive'],
      configuration,
      hyperparams: {
        interactive_session: Object.fromEntries(
          ['jupyterlab', 'vscode_server'].map((name) => [
            name,
            { section: 'interactive_session', name, value: 'False' },
          ]),
        ),
        properties: {
          internal_ssh_port: { section: 'properties', name: 'internal_ssh_port', value: String(sshd?.port) },
        },
      },
    }) as { id: string };
    demo.call('tasks.edit', { task: id, force: true, runtime: {} });
    demo.call('tasks.enqueue', { task: id, queue_name: 'default' });
    demo.call('tasks.dequeue', { task: id, new_status: 'in_progress' });
    demo.call('tasks.started', { task: id, force: true });
    const runtime = { external_address: '127.0.0.1', internal_ssh_port: String(sshd?.port) };
    demo.call('tasks.edit', { task: id, force: true, runtime });
    return id;
  }
  const attach = (id: string, options: AttachOptions) => core.call('session.attach', { text: id, options });
  const login = () => ({ username: 'ada', password: sshd?.password ?? '' });
  const settings = () => JSON.stringify(core.settings.get('servers'));

  it('logs in as the user and with the password that were said, also after a restart', async () => {
    const id = running();
    await attach(id, { ...login(), userFolder: '~/work', keepalive: true });
    const { ports } = await core.session(id, isUp);
    expect(await greeting(ports.ssh)).toMatch(/^SSH-2\.0-OpenSSH/);
    expect((await core.call('session.sshCommand', { id })).command).toContain('ada@127.0.0.1');
    expect(core.remembered.logins[id]).toEqual({
      username: 'ada',
      userFolder: '~/work',
      hasPassword: true,
    });
    expect(settings()).not.toContain(sshd?.password);
    expect(core.log).not.toContain(sshd?.password);
    await core.stop();
    await core.start();
    await core.session(id, isUp);
  });

  it('lets a refused login be mended by attaching again', async () => {
    const id = running();
    await core.call('session.attach', { text: id });
    const refused = await core.session(id, (s) => s.link.at === 'failed');
    expect(refused.link).toMatchObject({ reason: { code: 'ssh-auth' } });
    await attach(id, login());
    await core.session(id, isUp);
  });

  it('forgets the login when the session ends', async () => {
    const id = running();
    await attach(id, login());
    await core.session(id, isUp);
    demo.call('tasks.stopped', { task: id, force: true });
    await core.eventually((s) => s.sessions.some((x) => x.id === id && x.status === 'finished'));
    expect(core.remembered.logins).toEqual({});
    expect(await core.secrets.get(`login:${demo.api}:${id}`)).toBeUndefined();
  });

  it('takes whatever host key is shown first, only where that was said', async () => {
    const another = { ssh_host_ed25519_key__pub: generateHostKey().publicLine };
    const id = running({ SSH: { name: 'SSH', value: JSON.stringify(another) } });
    await attach(id, login());
    const refused = await core.session(id, (s) => s.link.at === 'failed');
    expect(refused.link).toMatchObject({ reason: { code: 'host-key' } });
    await attach(id, { disableFingerprintCheck: true });
    await core.session(id, isUp);
    expect(core.remembered.hostKeys[id]).toMatchObject({
      fingerprint: sshd?.fingerprint,
      source: 'first-use',
    });
  });
});
