import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import type { CallName } from '../../preload/contract/api.ts';
import { CoreApp, isUp } from './core-app.ts';
import { RealMachine } from './machine.ts';
import { reasonAgainst } from './servers.ts';

const PASSWORD = 'Cu7-secret-Zn30';

describe.skipIf(reasonAgainst('sshd') ?? reasonAgainst('jupyter'))(
  'what the app knows and must not tell',
  () => {
    let demo: Demo;
    let core: CoreApp;
    let machine: RealMachine;
    let id = '';
    let secrets: readonly string[] = [];

    beforeAll(async () => {
      demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
      core = new CoreApp(demo);
      await core.start();
      await core.state((s) => s.loaded);
      await core.call('preferences.set', { logLevel: 'debug' });
      id = await core.launch('quiet', { password: PASSWORD, jupyterLab: true });
      machine = new RealMachine(demo, id);
      await machine.run({ jupyter: true });
      await core.call('setup.retry');
      await core.session(id, (s) => isUp(s) && s.jupyter === 'ready');
      const hostKey = demo.model.tasks.get(id)?.configuration.SSH?.value ?? '{}';
      // Behind what all keys have in common.
      const line: string = JSON.parse(hostKey).ssh_host_ed25519_key.split('\n')[4] ?? '';
      secrets = [PASSWORD, demo.secretKey, machine.jupyter?.token ?? '', line];
      expect(secrets.every((secret) => secret.length > 8)).toBe(true);
    });
    afterAll(async () => {
      await core.dispose();
      await machine.stop();
      await demo.stop();
    });

    const found = (text: string): readonly string[] => secrets.filter((secret) => text.includes(secret));

    it('is in nothing that a person can copy', async () => {
      await core.call('command.run', { do: 'copySsh', id });
      expect(core.host.copied).toHaveLength(1);
      const texts = [
        ...core.host.copied,
        JSON.stringify(await core.call('session.sshCommand', { id })),
        JSON.stringify(await core.call('session.shareLink', { id })),
        JSON.stringify(await core.call('preset.fromSession', { id })),
        JSON.stringify(await core.call('settings.export')),
        JSON.stringify(await core.call('diagnostics.read')),
        JSON.stringify(await core.call('log.read')),
      ];
      expect(texts.flatMap(found)).toEqual([]);
    });

    it('is copied only where a person asks for the address with the token, and as a secret', async () => {
      await core.call('command.run', { do: 'copyJupyter', id });
      expect(core.host.copiedSecrets).toEqual([expect.stringContaining(`token=${machine.jupyter?.token}`)]);
      expect(core.host.copied.flatMap(found)).toEqual([]);
    });

    it('is in nothing that a page gets, in no notice and no address', async () => {
      await core.call('session.openJupyter', { id });
      const calls: readonly CallName[] = ['state.get', 'queue.list', 'cleanup.list', 'secrets.view'];
      const answers = await Promise.all(calls.map((name) => core.ask(name)));
      expect(answers.every(({ ok }) => ok)).toBe(true);
      expect(core.host.opened).toHaveLength(1);
      const told = JSON.stringify([answers, core.host.notices, core.host.tray, core.host.opened]);
      expect(found(told)).toEqual([]);
    });

    it('is in no file of the app, and in no setting', async () => {
      const files = readdirSync(core.folder, { recursive: true, withFileTypes: true }).filter((f) =>
        f.isFile(),
      );
      expect(files.some(({ name }) => name === 'app.log')).toBe(true);
      const texts = files.map((f) => readFileSync(join(f.parentPath, f.name), 'utf8'));
      const settings = JSON.stringify([core.settings.get('servers'), core.settings.get('lastLaunch')]);
      expect([...texts, settings].flatMap(found)).toEqual([]);
    });
  },
);
