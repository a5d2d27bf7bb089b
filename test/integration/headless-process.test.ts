import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Demo, startDemo } from '../../main/demo/demo.ts';
import { RunningApp } from '../e2e/app.ts';
import { greeting } from './core-app.ts';

const BUNDLE = resolve(import.meta.dirname, '../../dist/main/index.cjs');

describe('the built command line over a ClearML server', () => {
  let demo: Demo;
  let home = '';
  let env: NodeJS.ProcessEnv = {};
  const children: ChildProcess[] = [];

  beforeEach(async () => {
    demo = await startDemo({
      seed: false,
      speed: 20,
      realTools: false,
      queues: [{ name: 'gpu', agents: 2 }],
    });
    home = mkdtempSync(join(tmpdir(), 'headless-process-'));
    writeFileSync(join(home, 'clearml.conf'), demo.conf, { mode: 0o600 });
    env = { PATH: process.env.PATH, HOME: home, USERPROFILE: home };
  });
  afterEach(async () => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
    await demo.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const data = (): string => join(home, 'data');
  const argv = (...words: string[]): string[] => [BUNDLE, '--user-data-dir', data(), ...words];

  /** To its end. */
  async function run(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
    const ran = promisify(execFile)(process.execPath, argv(...words), { cwd: home, env, timeout: 30_000 });
    return ran.then(
      (said) => ({ code: 0, ...said }),
      (error: { code: number; stdout: string; stderr: string }) => error,
    );
  }

  /** As long as it runs; `program`: what runs node with these words. */
  function start(words: readonly string[], [program, ...before] = [process.execPath], typed = false) {
    const child = spawn(program ?? '', [...before, ...words], {
      cwd: home,
      env,
      stdio: [typed ? 'pipe' : 'ignore', 'pipe', 'pipe'],
    });
    children.push(child);
    const all = { text: '' };
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        all.text += text;
      });
    }
    const ended = once(child, 'close').then(([code]) => code as number | null);
    const said = (what: RegExp): Promise<unknown> => expect.poll(() => all.text).toMatch(what);
    return {
      all,
      ended,
      said,
      pid: child.pid ?? 0,
      kill: (signal: NodeJS.Signals) => child.kill(signal),
      type: (text: string) => child.stdin?.write(text),
    };
  }

  const READY = /^SSH: [\s\S]*^VS Code: /m;
  const LAUNCH = ['--headless', '--yes', '--queue', 'gpu'];
  const idIn = (text: string): string => /\[([0-9a-f]{32})\]/.exec(text)?.[1] ?? '';
  const sshPort = (text: string): number => Number(/^SSH: ssh -p (\d+) /m.exec(text)?.[1]);
  const lastLaunch = (): unknown =>
    JSON.parse(readFileSync(join(data(), 'settings.json'), 'utf8')).lastLaunch;
  const cpuMs = (pid: number): number => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  };

  it('keeps the ports of a session up through a killed connection, and ends cleanly when it is told to', async () => {
    const headless = start(argv(...LAUNCH, '--session-name', 'mine', '--password', 'Cu7-secret'));
    await headless.said(READY);
    const { text } = headless.all;
    const port = sshPort(text);
    expect(await greeting(port)).toMatch(/^SSH-2\.0-/);
    expect(demo.killSsh(idIn(text))).toBeGreaterThan(0);
    await headless.said(/^The connection was lost/m);
    await headless.said(/^Connected again/m);
    expect(await greeting(port)).toMatch(/^SSH-2\.0-/);
    headless.kill('SIGTERM');
    expect(await headless.ended).toBe(0);
    expect(existsSync(join(data(), 'headless', 'instance.sock'))).toBe(false);
    expect(demo.model.tasks.get(idIn(text))?.status).toBe('in_progress');
    expect(lastLaunch()).toMatchObject({ sessionName: 'mine', queue: 'gpu' });
    const files = readdirSync(data(), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
    expect(files.filter((content) => content.includes('Cu7-secret'))).toEqual([]);
  });

  it('spends nothing on an input that has ended, connected or not', async (context) => {
    context.skip(process.platform !== 'linux', 'the time that a process took is read from /proc');
    const headless = start(argv(...LAUNCH));
    await headless.said(READY);
    for (const disturb of [() => {}, () => demo.killSsh(idIn(headless.all.text))]) {
      disturb();
      const before = cpuMs(headless.pid);
      await pause(3000);
      expect(cpuMs(headless.pid) - before).toBeLessThan(1500);
    }
    await headless.said(/^Connected again/m);
  });

  it('lists, describes and shuts down what it launched, in JSON, without an app', async () => {
    expect(JSON.parse((await run('list', '--json')).stdout)).toEqual({ sessions: [] });
    const headless = start(argv(...LAUNCH, '--session-tags', 'red', 'blue'));
    await headless.said(READY);
    const id = idIn(headless.all.text);
    const [row] = JSON.parse((await run('list', '--json')).stdout).sessions;
    expect(row).toMatchObject({ id, status: 'running', mine: true, queue: 'gpu', tags: ['red', 'blue'] });
    expect(JSON.parse((await run('list', '--json', '--session-tags', 'green')).stdout).sessions).toEqual([]);
    expect(JSON.parse((await run('info', '--id', id, '--json')).stdout)).toEqual(row);
    expect(JSON.parse((await run('info', '--id', 'Interactive', '--json')).stdout)).toEqual(row);
    expect(await run('shutdown', '--id', 'Interactve Session')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Did you mean Interactive Session?'),
    });
    expect((await run('info')).stdout).toContain(`Log:      ${demo.web}/projects/`);
    const { code, stdout } = await run('shutdown', '--json');
    expect({ code, ...JSON.parse(stdout) }).toEqual({
      code: 0,
      id,
      name: 'Interactive Session',
      status: 'stopping',
    });
    expect(await headless.ended).toBe(3);
    expect(headless.all.text).toMatch(/^The session has ended/m);
    expect(await run('info', '--id', '0'.repeat(32))).toMatchObject({ code: 1, stdout: '' });
    expect(await run('list', '--demo')).toMatchObject({ code: 2, stdout: '' });
  });

  it('lists what waits in a queue, too', async () => {
    const { id } = demo.call('tasks.create', {
      name: 'waiting',
      type: 'application',
      system_tags: ['interactive'],
    }) as { id: string };
    const { id: queue } = demo.call('queues.create', { name: 'nobody' }) as { id: string };
    demo.call('tasks.enqueue', { task: id, queue });
    const [row] = JSON.parse((await run('list', '--json')).stdout).sessions;
    expect(row).toMatchObject({ id, status: 'queued', queue: 'nobody' });
    expect((await run('shutdown', '--yes')).stdout).toBe(`waiting [${id}] is shut down.\n`);
  });

  it('in a terminal opens a shell, connects anew and leaves when that is typed', async (context) => {
    context.skip(process.platform !== 'linux', 'a terminal is made with the script command of util-linux');
    const line = ['exec', process.execPath, ...argv('--headless', '--queue', 'gpu')].join(' ');
    const headless = start(['-qec', line, '/dev/null'], ['script'], true);
    await headless.said(/Launch Interactive Session in gpu \[Y\]\/n\?/);
    headless.type('\n');
    await headless.said(/^ {2}quit, Ctrl-C/m);
    headless.type('R\n');
    await headless.said(/^Reconnecting\r?\nConnected again/m);
    headless.type('s\n');
    await headless.said(/[$#] $/);
    headless.type('echo $((6 * 7)) in the session; exit\n');
    await headless.said(/^42 in the session\r$[\s\S]*^The shell has ended; the session stays connected/m);
    headless.type('help\n');
    await expect.poll(() => headless.all.text.match(/^Commands:/gm)?.length).toBe(2);
    headless.type('Quit\n');
    expect(await headless.ended).toBe(0);
    expect(demo.model.tasks.get(idIn(headless.all.text))?.status).toBe('in_progress');
  });

  it('in a terminal goes on when the input ends, and a Ctrl-C leaves', async (context) => {
    context.skip(process.platform !== 'linux', 'a terminal is made with the script command of util-linux');
    const line = ['exec', process.execPath, ...argv(...LAUNCH)].join(' ');
    const headless = start(['-qec', line, '/dev/null'], ['script'], true);
    await headless.said(/^ {2}quit, Ctrl-C/m);
    headless.type('\u0004');
    demo.killSsh(idIn(headless.all.text));
    await headless.said(/^Connected again/m);
    headless.type('\u0003');
    expect(await headless.ended).toBe(0);
  });

  it('hands a launch over to the app that runs, and hears what became of it', async () => {
    const app = new RunningApp({ conf: demo.conf });
    await app.start();
    try {
      const words = [
        '--user-data-dir',
        app.dataDir,
        '--no-open',
        '--queue',
        'gpu',
        '--session-name',
        'handed',
      ];
      const filled = await run(...words);
      expect(filled).toMatchObject({ code: 0, stderr: '' });
      expect(filled.stdout).toContain('The launch is filled in, in the app.');
      expect(demo.model.tasks.size).toBe(0);
      const launched = await run(...words, '--yes', '--password', 'Cu7-secret');
      expect(launched).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/A new session was created \[\w{32}\]/),
      });
      const id = idIn(launched.stdout);
      expect(demo.model.tasks.get(id)?.name).toBe('handed');
      expect(demo.model.tasks.get(id)?.runtime._ssh_password).toBe('Cu7-secret');
      expect(app.log).not.toContain('Cu7-secret');
      const attached = await run('--user-data-dir', app.dataDir, '--no-open', '--attach', id);
      expect(attached).toMatchObject({
        code: 0,
        stdout: expect.stringContaining(`handed is attached [${id}]`),
      });
      const refused = await run(...words.with(4, 'gpv'), '--yes');
      expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('Did you mean gpu?') });
    } finally {
      await app.dispose();
    }
  });

  it('starts the app for a launch where none runs', async () => {
    const app = start(argv('--no-open', '--yes', '--queue', 'gpu'));
    await app.said(/^A new session was created \[\w{32}\]/m);
    expect(app.all.text).toMatch(/http:\/\/127\.0\.0\.1:\d+\/#/);
    app.kill('SIGTERM');
    expect(await app.ended).toBe(0);
    expect(existsSync(join(data(), 'instance.sock'))).toBe(false);
  });
});
