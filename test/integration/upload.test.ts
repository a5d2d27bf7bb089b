import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import type { Creating } from '../../preload/contract/state.ts';
import { CoreApp } from './core-app.ts';
import { UnrulyFiles } from './unruly-files.ts';

let demo: Demo;
let app: CoreApp;
let folder: string;

beforeEach(async () => {
  // Nobody serves its queue: what was launched waits.
  demo = await startDemo({ seed: false, speed: 20, queues: [{ name: 'idle', agents: 0 }] });
  app = new CoreApp(demo);
  folder = mkdtempSync(join(tmpdir(), 'to-upload-'));
});

afterEach(async () => {
  await app.dispose();
  await demo.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function start(): Promise<void> {
  await app.start();
  await app.state((s) => s.server.at === 'online');
}

const artifactsOf = (id: string) => demo.model.tasks.get(id)?.execution.artifacts ?? [];

/** Unpacks the archive as the payload does; the names of what is in it. */
function unpacked(file: string, to = mkdtempSync(join(folder, 'unpacked-'))): string[] {
  const script =
    'import sys,zipfile,json; z=zipfile.ZipFile(sys.argv[1]); z.extractall(sys.argv[2]); print(json.dumps(z.namelist()))';
  return JSON.parse(execFileSync('python3', ['-c', script, file, to], { encoding: 'utf8' })) as string[];
}

async function downloaded(uri: string): Promise<string> {
  const reply = await fetch(uri);
  expect(reply.status).toBe(200);
  const file = join(mkdtempSync(join(folder, 'down-')), 'file');
  writeFileSync(file, Buffer.from(await reply.arrayBuffer()));
  return file;
}

describe('files that go with a launch', () => {
  it('arrive as one archive of the folder, which python unpacks', async () => {
    const project = join(folder, 'mein Projekt');
    mkdirSync(join(project, 'src', 'leer'), { recursive: true });
    writeFileSync(join(project, 'src', 'größe 数.txt'), 'x'.repeat(300_000));
    writeFileSync(join(project, 'README.md'), '# hi');
    symlinkSync('README.md', join(project, 'link.md'));
    symlinkSync('..', join(project, 'src', 'loop'));
    symlinkSync('nowhere', join(project, 'broken'));
    await start();
    const steps = new Set<Creating['step']>();
    const stop = app.app.onEvent((name, payload) => {
      const changed = (payload as { changed?: { creating?: Creating | null } }).changed;
      if (name === 'state.patch' && changed?.creating) steps.add(changed.creating.step);
    });
    const id = await app.launch('with/files #1', { uploadFiles: [project] });
    stop();
    expect([...steps]).toEqual(['creating', 'packing', 'uploading', 'queueing']);
    expect((await app.call('state.get')).state.creating).toBeNull();
    const [artifact] = artifactsOf(id);
    expect(artifact).toMatchObject({ key: 'session-files', type: 'archive', mode: 'output' });
    expect(String(artifact?.uri)).toMatch(
      /\/DevOps\/with\/files%20%25231\.[0-9a-f]{32}\/artifacts\/session-files\/mein%20Projekt\.zip$/,
    );
    const file = await downloaded(String(artifact?.uri));
    const there = join(folder, 'there');
    expect(unpacked(file, there).sort()).toEqual(
      ['README.md', 'link.md', 'src/größe 数.txt', 'src/leer/'].sort(),
    );
    expect(readFileSync(join(there, 'src', 'größe 数.txt'), 'utf8')).toBe('x'.repeat(300_000));
    expect(readFileSync(join(there, 'link.md'), 'utf8')).toBe('# hi');
    const sum = execFileSync('sha256sum', [file], { encoding: 'utf8' }).split(' ')[0];
    expect(artifact?.hash).toBe(sum);
    expect(JSON.stringify(artifact?.type_data)).toContain('README.md - 4 B');
    expect(readdirSync(join(app.folder, 'packing'))).toEqual([]);
  });

  it('arrive as it is, where it is one file', async () => {
    writeFileSync(join(folder, 'data.csv'), 'a,b\n1,2\n');
    await start();
    const id = await app.launch('one file', { uploadFiles: [join(folder, 'data.csv')] });
    const [artifact] = artifactsOf(id);
    expect(artifact).toMatchObject({ key: 'session-files', type: 'custom', content_size: 8 });
    expect(await (await fetch(String(artifact?.uri))).text()).toBe('a,b\n1,2\n');
  });

  it('are refused before anything is created where one is missing', async () => {
    await start();
    const missing = join(folder, 'nothing.txt');
    expect(await refused([missing])).toEqual({
      code: 'invalid',
      field: 'uploadFiles',
      message: `There is no ${missing} on this computer.`,
    });
    expect(demo.calls.get('tasks.create')).toBeUndefined();
    expect((await app.call('state.get')).state.creating).toBeNull();
  });
});

describe('a files server in trouble', () => {
  let server: UnrulyFiles;

  beforeEach(async () => {
    await app.dispose();
    server = await new UnrulyFiles(demo.files).start();
    app = new CoreApp(demo, { files: server.url });
    writeFileSync(join(folder, 'a.bin'), randomBytes(3_000_000));
    writeFileSync(join(folder, 'b.bin'), randomBytes(3_000_000));
    await start();
  });

  afterEach(() => server.stop());

  it.each([
    ['<h1>413 Request Entity Too Large</h1>', 'The files server refuses 2.zip as too large: 6.0 MB.'],
    ['The limit is 1048576 bytes.', 'The files server takes files of up to 1.0 MB, and 2.zip is 6.0 MB.'],
    ['Maximum upload size: 100 MB', 'The files server takes files of up to 100 MB, and 2.zip is 6.0 MB.'],
  ])('that refuses them as too large (%s) is quoted, and nothing is left', async (answer, message) => {
    mkdirSync(join(folder, '2'));
    for (const name of ['a.bin', 'b.bin']) symlinkSync(`../${name}`, join(folder, '2', name));
    server.treat = () => ({ status: 413, text: answer });
    expect(await refused([join(folder, '2')])).toMatchObject({ field: 'uploadFiles', message });
    expectNothingLeft();
  });

  it('is tried again with the archive that is packed already', async () => {
    let failures = 0;
    server.treat = () => (failures++ < 2 ? { status: 503, text: 'later' } : 'pass');
    const id = await app.launch('patient', { uploadFiles: [join(folder, 'a.bin'), join(folder, 'b.bin')] });
    expect(failures).toBe(3);
    const [artifact] = artifactsOf(id);
    expect(artifact?.key).toBe('session-files');
    const file = await downloaded(String(artifact?.uri));
    expect(unpacked(file)).toEqual(['a.bin', 'b.bin']);
  });

  it('that hangs up in the middle is tried again', async () => {
    let failures = 0;
    server.treat = () => (failures++ < 1 ? 'hang-up' : 'pass');
    const id = await app.launch('patient', { uploadFiles: [join(folder, 'a.bin')] });
    expect(artifactsOf(id)[0]).toMatchObject({ content_size: 3_000_000 });
  });

  it('leaves nothing when the launch is cancelled in the middle of the upload', async () => {
    server.treat = () => 'swallow';
    const launching = refused([join(folder, 'a.bin'), join(folder, 'b.bin')]);
    await app.state((s) => s.creating?.step === 'uploading' && s.creating.sent > 0);
    await app.call('session.cancel', {});
    expect(await launching).toMatchObject({ code: 'cancelled' });
    expectNothingLeft();
  });

  it('loses the file again when the launch fails behind the upload', async () => {
    const [queue] = [...demo.model.queues.keys()];
    server.treat = () => {
      // It is gone by the time that the session would be put into it.
      demo.model.queues.delete(queue ?? '');
      return 'pass';
    };
    expect(await refused([join(folder, 'a.bin')])).toMatchObject({ code: 'not-found' });
    expectNothingLeft();
  });

  /** Neither task nor file, here or there. */
  function expectNothingLeft(): void {
    expect(demo.model.tasks.size).toBe(0);
    expect(server.stored).toEqual([]);
    const packing = join(app.folder, 'packing');
    expect(existsSync(packing) ? readdirSync(packing) : []).toEqual([]);
  }
});

/** Why a launch with these files is refused. */
async function refused(uploadFiles: readonly string[]): Promise<unknown> {
  const { launchDefaults } = (await app.call('state.get')).state;
  const reply = await app.ask('session.launch', {
    ...launchDefaults,
    queue: 'idle',
    uploadFiles: [...uploadFiles],
  });
  return reply.ok ? undefined : reply.problem;
}
