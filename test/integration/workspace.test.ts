import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import type { Transfer } from '../../preload/contract/state.ts';
import { CoreApp, isUp } from './core-app.ts';
import { RealMachine } from './machine.ts';
import { reasonAgainst } from './servers.ts';
import { UnrulyApi } from './unruly-api.ts';
import { UnrulyFiles } from './unruly-files.ts';

describe.skipIf(reasonAgainst('sshd'))('the workspace of a session on a real sshd', () => {
  let demo: Demo;
  let app: CoreApp;
  let machine: RealMachine;
  let id: string;
  let folder: string;
  let files: UnrulyFiles;
  let api: UnrulyApi;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'workspace-'));
    demo = await startDemo({ seed: false, queues: [{ name: 'by hand', agents: 0 }] });
    api = await new UnrulyApi(demo.api).start();
    files = await new UnrulyFiles(demo.files).start();
    app = new CoreApp(demo, { api: api.url, files: files.url });
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
    await files.stop();
    await api.stop();
    await demo.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const artifacts = () => demo.model.tasks.get(id)?.execution.artifacts ?? [];

  function write(name: string, text: string | Buffer): void {
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

  /** A program that comes before the system's own there; start-up files that talk are no obstacle. */
  function program(name: string, script: string): void {
    const home = machine.sshd?.home ?? '';
    mkdirSync(join(home, 'bin'), { recursive: true });
    writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    writeFileSync(join(home, '.bashrc'), 'echo Welcome to this machine\nexport PATH=$HOME/bin:$PATH\n');
  }

  /** Saves once, spoils the second save with `spoil`, and looks whether the first is still what it was. */
  async function survives(spoil: () => void | Promise<void>, message: RegExp): Promise<void> {
    write('notes.txt', 'the first');
    await app.call('workspace.saveNow', { id });
    const before = artifacts();
    write('notes.txt', 'the second');
    // Does not shrink.
    write('data.bin', randomBytes(20_000_000));
    const saving = app.call('workspace.saveNow', { id });
    saving.catch(() => {});
    await spoil();
    await expect(saving).rejects.toThrow(message);
    expect(artifacts()).toEqual(before);
    expect(readFileSync(join(await restored(before[0]?.uri), 'notes.txt'), 'utf8')).toBe('the first');
    expect(files.stored).toHaveLength(1);
    expect((await app.call('state.get')).state.transfers).toEqual([]);
    expect(readdirSync(join(app.folder, 'packing'))).toEqual([]);
  }

  const step = (is: Transfer['step']) =>
    app.state((s) => s.transfers.some((t) => t.step === is && t.sent > 0));

  it('keeps the earlier snapshot when the server refuses the new one', () =>
    survives(() => {
      files.treat = () => ({ status: 413, text: '' });
    }, /too large/));

  it('keeps the earlier snapshot when it is cancelled in the middle', () => {
    files.treat = () => (files.stored.length === 0 ? 'pass' : 'swallow');
    return survives(async () => {
      await step('uploading');
      await app.call('workspace.cancel', { id });
    }, /Cancelled/);
  });

  it('keeps the earlier snapshot when the connection is killed in the middle', () =>
    survives(async () => {
      await step('packing');
      machine.sshd?.kill();
    }, /broke|whole|did not answer/));

  it('keeps the earlier snapshot when it cannot be registered', () =>
    survives(() => {
      api.treat = (endpoint) => (endpoint === 'tasks.add_or_update_artifacts' ? '403' : 'pass');
    }, /does not allow/));

  it('keeps the earlier snapshot when tar fails there', async () => {
    program(
      'tar',
      '[ -e ~/fails ] && { echo half; echo "tar: secret: Permission denied" >&2; exit 2; }; exec /bin/tar "$@"',
    );
    await survives(() => writeFileSync(join(machine.sshd?.home ?? '', 'fails'), ''), /Permission denied/);
  });

  it('keeps the earlier snapshot when the disk of this computer is full', async () => {
    const packing = join(app.folder, 'packing');
    mkdirSync(packing, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', packing]);
    try {
      await survives(() => {}, /disk of this computer is full/);
    } finally {
      execFileSync('umount', [packing]);
    }
  });

  it.each(['half', 'wrong'] as const)(
    'leaves nothing here of a download of which %s arrives',
    async (give) => {
      write('data.bin', randomBytes(300_000));
      await app.call('workspace.saveNow', { id });
      const [snapshot] = (await app.call('workspace.list')).snapshots;
      files.give = give;
      await expect(app.call('workspace.download', { id: snapshot?.id ?? '' })).rejects.toThrow(
        /broke|did not arrive as it was saved/,
      );
      expect(readdirSync(app.folder).filter((name) => name.startsWith('keeper'))).toEqual([]);
      files.give = 'all';
      const { file } = await app.call('workspace.download', { id: snapshot?.id ?? '' });
      expect(statSync(file).size).toBe(snapshot?.size);
    },
  );

  it('lets the session save by itself where it can', async () => {
    write('notes.txt', 'by itself');
    program(
      'clearml-sync-workspace',
      `touch "$HOME/asked"; while [ ! -e "$HOME/done" ]; do sleep 0.05; done; echo "Workspace synced successfully"`,
    );
    const saving = app.call('workspace.saveNow', { id });
    const home = machine.sshd?.home ?? '';
    await vi.waitUntil(() => existsSync(join(home, 'asked')));
    const artifact = {
      key: 'workspace',
      mode: 'input',
      type: 'custom',
      uri: 'http://127.0.0.1/x.tar.gz',
      hash: 'x',
    };
    demo.call('tasks.add_or_update_artifacts', { task: id, artifacts: [artifact] });
    writeFileSync(join(home, 'done'), '');
    expect(await saving).toEqual({ saved: true });
    expect(artifacts()).toEqual([artifact]);
    program('clearml-sync-workspace', 'echo "Skipping workspace snapshot upload, already uploaded"');
    expect(await app.call('workspace.saveNow', { id })).toEqual({ saved: false });
    // It says that it did, and has not: then the app does it.
    program('clearml-sync-workspace', 'echo "ERROR: Failed syncing"; echo "Workspace synced successfully"');
    expect(await app.call('workspace.saveNow', { id })).toEqual({ saved: true });
    expect(readFileSync(join(await restored(artifacts()[0]?.uri), 'notes.txt'), 'utf8')).toBe('by itself');
  });

  it('is saved before a shut-down from the tray that leaves too little time', async () => {
    write('notes.txt', 'x');
    program('du', 'echo "99999999 folder"');
    const run = app.app.run({ do: 'shutDown', id });
    await vi.waitUntil(() => app.host.questions.length > 0);
    const [question] = app.host.questions;
    expect(question).toMatchObject({ yes: 'Save, then shut down' });
    expect(question?.detail).toContain('~/my work holds 102 GB');
    app.app.answer(question?.key ?? '', true);
    await run;
    expect(artifacts().map(({ key }) => key)).toEqual(['workspace']);
    expect(demo.calls.get('tasks.stop')).toBe(1);
  });

  it('stays running when it cannot be saved before its shut-down', async () => {
    await expect(app.call('workspace.saveAndShutDown', { id })).rejects.toThrow(
      /^keeper goes on running, since its workspace was not saved: There is no folder ~\/my work in keeper/,
    );
    expect(demo.model.tasks.get(id)?.status_message).not.toContain('stopping');
    write('notes.txt', 'x');
    await app.call('workspace.saveAndShutDown', { id });
    expect(demo.calls.get('tasks.stop')).toBe(1);
  });

  it('tells how long saving it takes', async () => {
    write('notes.txt', 'x'.repeat(3_000_000));
    const { estimate } = await app.call('workspace.estimate', { id });
    expect(estimate).toMatchObject({ measured: false, tooLarge: false, limitSeconds: 300 });
    expect(estimate?.bytes).toBeGreaterThan(2_900_000);
  });
});
