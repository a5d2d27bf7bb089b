import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { CoreApp, isUp } from './core-app.ts';
import { RealMachine } from './machine.ts';
import { reasonAgainst } from './servers.ts';

const run = promisify(execFile);

describe.skipIf(reasonAgainst('sshd'))('a session by its name', () => {
  let demo: Demo;
  let core: CoreApp;
  let machine: RealMachine;
  let home: string;
  let ssh: readonly string[];
  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'tray-names-'));
    demo = await startDemo({ seed: false, queues: [{ name: 'default', agents: 0 }], realTools: false });
    core = new CoreApp(demo);
    await core.start();
    await core.state((s) => s.loaded);
    const id = await core.launch('My lab');
    machine = new RealMachine(demo, id);
    await machine.run({ jupyter: false });
    await core.call('setup.retry');
    await core.session(id, isUp);
    await core.call('sshConfig.include');
    ssh = ['-F', join(core.folder, 'home', '.ssh', 'config'), '-o', 'BatchMode=yes'];
  });
  afterAll(async () => {
    await core.dispose();
    await machine.stop();
    await demo.stop();
    rmSync(home, { recursive: true });
  });

  it('is found by ssh, without a question', async () => {
    const { stdout } = await run('ssh', [...ssh, 'my-lab', 'echo it works']);
    expect(stdout).toBe('it works\n');
  });

  it('is found by scp', async () => {
    const [from, to] = [join(home, 'from'), join(home, 'to')];
    writeFileSync(from, 'x'.repeat(1_000_000));
    await run('scp', [...ssh, from, `my-lab:${join(home, 'there')}`]);
    await run('scp', [...ssh, `my-lab:${join(home, 'there')}`, to]);
    expect(readFileSync(to).equals(readFileSync(from))).toBe(true);
  });

  it('is known by what ssh itself makes of the file', async () => {
    const { stdout } = await run('ssh', [...ssh, '-G', 'my-lab']);
    for (const line of ['hostname 127.0.0.1', 'stricthostkeychecking true', 'identitiesonly yes']) {
      expect(stdout).toContain(line);
    }
  });

  it('is no longer found when the line is taken out', async () => {
    await core.call('sshConfig.exclude');
    await expect(run('ssh', [...ssh, 'my-lab', 'true'])).rejects.toThrow('my-lab');
  });
});
