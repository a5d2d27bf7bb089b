import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
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
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const LAUNCH = join(ROOT, 'main/launch.mjs');

describe('the command line as a process', () => {
  let home = '';
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'command-line-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const start = (
    argv: readonly string[],
    {
      script = LAUNCH,
      cwd = home,
      env = {},
    }: { script?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {},
  ) => {
    const child = spawn(process.execPath, [script, ...argv], {
      cwd,
      env: { PATH: process.env.PATH, HOME: home, USERPROFILE: home, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const said = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text) => {
      said.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text) => {
      said.stderr += text;
    });
    return { child, said, ended: once(child, 'close').then(([code]) => ({ code, ...said })) };
  };
  const run = (...all: Parameters<typeof start>) => start(...all).ended;

  it.each([LAUNCH, join(ROOT, 'dist/main/index.cjs')])(
    'refuses a mistyped flag with exit code 2, and starts nothing: %s',
    async (script) => {
      const { code, stdout, stderr } = await run(['--quue', 'gpu', '--user-data-dir', 'data'], { script });
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect(stderr).toBe('Unknown flag --quue. Did you mean --queue? "--help" lists all flags.\n');
      expect(existsSync(join(home, 'data'))).toBe(false);
    },
  );

  it.each([LAUNCH, join(ROOT, 'dist/main/index.cjs')])('shows its help: %s', async (script) => {
    const { code, stdout } = await run(['--help'], { script });
    expect(code).toBe(0);
    expect(stdout).toContain('--queue QUEUE');
  });

  it('runs under the name that npm links', async (context) => {
    context.skip(process.platform === 'win32', 'Windows gets a script of npm instead of a link');
    const bin = join(home, 'clearml-session-tray');
    symlinkSync(LAUNCH, bin);
    const { stdout } = await promisify(execFile)(bin, ['--version'], { cwd: home });
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it('prints nothing but JSON where JSON was asked for, and does it once', async () => {
    const { code, stdout, stderr } = await run(['list', '--json']);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect(stderr.match(/There is no clearml\.conf/g)).toHaveLength(1);
  });

  it('is run by no part of the bundle that only wants something of it', () => {
    const folder = join(ROOT, 'dist/main');
    const entries = ['index.cjs', 'demo-server.cjs'];
    const chunks = readdirSync(folder).filter((file) => file.endsWith('.cjs'));
    const runs = chunks.filter((file) => {
      const text = readFileSync(join(folder, file), 'utf8');
      return entries.some((entry) => text.includes(`require("./${entry}")`));
    });
    expect(chunks).toEqual(expect.arrayContaining(entries));
    expect(runs).toEqual([]);
  });

  it('looks for files where the person stands, not where npm runs it', async () => {
    mkdirSync(join(home, 'project'));
    writeFileSync(join(home, 'project', 'reqs.txt'), 'torch\n-r more.txt\n');
    writeFileSync(join(home, 'project', 'more.txt'), '\nnot/a/package\n');
    const npm = {
      INIT_CWD: join(home, 'project'),
      npm_lifecycle_event: 'start',
      npm_package_name: 'clearml-session-tray',
    };
    const { code, stderr } = await run(['--requirements', 'reqs.txt'], { env: npm });
    expect(code).toBe(2);
    expect(stderr).toContain(`${join(home, 'project', 'more.txt')}, line 2: "not/a/package"`);
    expect((await run(['--requirements', 'reqs.txt'])).stderr).toContain(
      `There is no ${join(home, 'reqs.txt')}`,
    );
  });

  it('starts browser mode with a folder beside the person, until Ctrl-C', async () => {
    const app = start(['--demo', '--browser', '--no-open', '--port', '0', '--user-data-dir', 'data']);
    await expect.poll(() => app.said.stdout).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#/);
    expect(existsSync(join(home, 'data'))).toBe(true);
    app.child.kill('SIGINT');
    expect((await app.ended).code).toBe(0);
  });
});
