import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { CoreApp, isUp } from './core-app.ts';
import { RealMachine } from './machine.ts';
import { reasonAgainst } from './servers.ts';

const NO_SSHD = reasonAgainst('sshd');

describe.skipIf(NO_SSHD)(`the workspace of a session on a real sshd ${NO_SSHD ?? ''}`, () => {
  let demo: Demo;
  let app: CoreApp;
  let machine: RealMachine;
  let id: string;
  let folder: string;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'workspace-'));
    demo = await startDemo({ seed: false, queues: [{ name: 'by hand', agents: 0 }] });
    app = new CoreApp(demo);
    await app.start();
    await app.state((s) => s.server.at === 'online');
    id = await app.launch('keeper', { storeWorkspace: '~/my work' });
    machine = new RealMachine(demo, id);
    await machine.run({ jupyter: false });
    await app.call('setup.retry');
    await app.session(id, isUp);
  });

  afterEach(async () => {
    await app.dispose();
    await machine.stop();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const artifacts = () => demo.model.tasks.get(id)?.execution.artifacts ?? [];

  function write(name: string, text: string): void {
    mkdirSync(join(machine.sshd?.home ?? '', 'my work', 'src'), { recursive: true });
    writeFileSync(join(machine.sshd?.home ?? '', 'my work', name), text);
  }

  /** As the payload unpacks it. */
  async function restored(uri: unknown): Promise<string> {
    const to = mkdtempSync(join(folder, 'restored-'));
    const file = join(folder, 'workspace_snapshot.tar.gz');
    writeFileSync(file, Buffer.from(await (await fetch(String(uri))).arrayBuffer()));
    execFileSync('python3', [
      '-c',
      'import shutil,sys; shutil.unpack_archive(sys.argv[1], extract_dir=sys.argv[2])',
      file,
      to,
    ]);
    return to;
  }

  it('is saved by hand, as the payload would restore it', async () => {
    write('src/größe.py', 'print(1)');
    write('notes.txt', 'x'.repeat(100_000));
    expect(await app.call('workspace.saveNow', { id })).toEqual({ saved: true });
    const [artifact] = artifacts();
    expect(artifact).toMatchObject({ key: 'workspace', mode: 'input', type: 'custom' });
    const to = await restored(artifact?.uri);
    expect(readFileSync(join(to, 'src', 'größe.py'), 'utf8')).toBe('print(1)');
    expect(readFileSync(join(to, 'notes.txt'), 'utf8')).toHaveLength(100_000);
    const { snapshots } = await app.call('workspace.list');
    expect(snapshots).toMatchObject([
      { name: 'keeper', running: true, current: true, restoreFrom: id, fileCount: 2, folder: '~/my work' },
    ]);
    expect(snapshots[0]?.files.map(({ name }) => name)).toEqual(['notes.txt', 'src/größe.py']);
    expect((await app.call('state.get')).state.transfers).toEqual([]);
    expect(readdirSync(join(app.folder, 'packing'))).toEqual([]);
  });

  it('keeps every snapshot before it', async () => {
    for (const text of ['one', 'two', 'three']) {
      write('notes.txt', text);
      await app.call('workspace.saveNow', { id });
    }
    const { snapshots } = await app.call('workspace.list');
    const texts = await Promise.all(
      snapshots.map(async ({ id: snapshot }) => {
        const { file } = await app.call('workspace.download', { id: snapshot });
        const to = mkdtempSync(join(folder, 'down-'));
        execFileSync('tar', ['-xzf', file, '-C', to]);
        return readFileSync(join(to, 'notes.txt'), 'utf8');
      }),
    );
    expect(texts).toEqual(['three', 'two', 'one']);
    expect(snapshots[0]?.parent).toBe(snapshots[1]?.id);
    expect(readdirSync(app.folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('tells how long saving it takes', async () => {
    write('notes.txt', 'x'.repeat(3_000_000));
    const { estimate } = await app.call('workspace.estimate', { id });
    expect(estimate).toMatchObject({ measured: false, tooLarge: false, limitSeconds: 300 });
    expect(estimate?.bytes).toBeGreaterThan(2_900_000);
  });
});
