import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';

const ROOT = resolve(import.meta.dirname, '../..');
const START_WITHIN_MS = 60_000;
const STOP_WITHIN_MS = 30_000;

export interface AppOptions {
  /** Text of clearml.conf; without it the home folder has none. */
  readonly conf?: string;
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** The built app in browser mode, as a process of its own with a home folder of its own. */
export class RunningApp {
  readonly home = mkdtempSync(join(tmpdir(), 'app-home-'));
  readonly #options: AppOptions;
  #child: ChildProcess | undefined;
  #link = '';
  output = '';

  constructor(options: AppOptions = {}) {
    this.#options = options;
    if (options.conf !== undefined) writeFileSync(this.conf, options.conf, { mode: 0o600 });
  }

  get conf(): string {
    return join(this.home, 'clearml.conf');
  }

  get dataDir(): string {
    return join(this.home, 'data');
  }

  /** The address with its secret. */
  get link(): string {
    return this.#link;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** Starts it (again), with what its home folder holds by now. */
  async start(): Promise<string> {
    const child = spawn(
      process.execPath,
      [
        join(ROOT, 'dist/main/index.cjs'),
        '--no-open',
        '--user-data-dir',
        this.dataDir,
        ...(this.#options.flags ?? []),
      ],
      {
        cwd: this.home,
        env: cleanEnv(this.home, this.#options.env),
        stdio: ['ignore', 'pipe', 'pipe'],
      },
    );
    this.#child = child;
    child.stderr.on('data', (data) => {
      this.output += data;
    });
    this.#link = await new Promise<string>((resolve, reject) => {
      const fail = (why: string): void => reject(new Error(`${why}\n${this.output}`));
      const timer = setTimeout(() => fail('The app printed no link in time.'), START_WITHIN_MS);
      child.on('exit', () => fail('The app ended while it started.'));
      createInterface({ input: child.stdout }).on('line', (line) => {
        this.output += `${line}\n`;
        const link = /http:\/\/127\.0\.0\.1:\d+\/#\S+/.exec(line)?.[0];
        if (!link) return;
        clearTimeout(timer);
        resolve(link);
      });
    });
    return this.#link;
  }

  /** Ends it as a person does (SIGTERM), or as a crash does. */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    const child = this.#child;
    this.#child = undefined;
    if (!child || child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit', { signal: AbortSignal.timeout(STOP_WITHIN_MS) });
    child.kill(signal);
    await ended;
  }

  /** Everything that it wrote to its log, which begins with the first line. */
  get log(): string {
    const file = join(this.dataDir, 'logs', 'app.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  async dispose(): Promise<void> {
    await this.stop('SIGKILL');
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Nothing of this computer's ClearML settings may reach the app under test. */
function cleanEnv(home: string, more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(CLEARML|TRAINS)_|_PROXY$|^(XDG_.*|DISPLAY|WAYLAND_DISPLAY)$/i.test(name),
  );
  return { ...Object.fromEntries(kept), HOME: home, USERPROFILE: home, ...more };
}
