import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import type { Page } from 'playwright';

type Double = typeof import('./electron.mjs');

export interface Options {
  readonly flags?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the panel of a Linux desktop says that it shows tray icons. With a session bus in `env` it is asked itself. */
  readonly panel?: boolean;
  /** The home folder of an earlier run, to start again in it. */
  readonly home?: string;
  /** What is started instead of this checkout. */
  readonly root?: string;
}

/** The built app with the double for Electron, as a process of its own with a home folder of its own. */
export class DoubledApp {
  readonly home: string;
  readonly #child: ChildProcess;
  /** Resolves with the exit code. */
  readonly exited: Promise<number>;
  output = '';
  #asked = 0;

  constructor({ flags = [], env = {}, panel = true, home, root }: Options = {}) {
    this.home = home ?? mkdtempSync(join(tmpdir(), 'electron-home-'));
    const bin = join(this.home, 'bin');
    mkdirSync(bin, { recursive: true });
    if (env.DBUS_SESSION_BUS_ADDRESS === undefined) {
      writeFileSync(join(bin, 'gdbus'), `#!/bin/sh\necho '(<${panel}>,)'\n`, { mode: 0o755 });
      // Notifications are looked at in the double.
      writeFileSync(join(bin, 'notify-send'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
    }
    this.#child = fork(
      join(import.meta.dirname, 'boot.mjs'),
      [root ?? resolve(import.meta.dirname, '../..'), ...flags, `--user-data-dir=${this.dataDir}`],
      {
        execArgv: [],
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          ...ownEnv(),
          HOME: this.home,
          USERPROFILE: this.home,
          PATH: `${bin}${delimiter}${process.env.PATH}`,
          ...env,
        },
      },
    );
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text) => {
        this.output += text;
      });
    }
    this.exited = once(this.#child, 'close').then(([code]) => code);
  }

  get dataDir(): string {
    return join(this.home, 'data');
  }

  /** Runs a function in the process of the app. It sees nothing of the test but `arg`. */
  evaluate<R, A = undefined>(
    run: (electron: Double, arg: A) => R | Promise<R>,
    ...[arg]: A extends undefined ? [] : [A]
  ): Promise<R> {
    return this.#send(String(run), arg);
  }

  /** The same with the page of a window: of the one that shows this view; none: the list. */
  inPage<R, A = undefined>(
    view: '' | 'launch' | 'terminal',
    run: (page: Page, arg: A) => R | Promise<R>,
    ...[arg]: A extends undefined ? [] : [A]
  ): Promise<R> {
    const code = `({ seen }, { view, arg }) =>
      (${run})(seen.windows.find((w) => w.opened?.url().endsWith('#/' + view)).page, arg)`;
    return this.#send(code, { view, arg });
  }

  async #send<R>(code: string, arg: unknown): Promise<R> {
    const id = ++this.#asked;
    const answer = new Promise<{ value?: unknown; error?: string }>((resolve, reject) => {
      const hear = (message: { id: number; value?: unknown; error?: string }): void => {
        if (message.id !== id) return;
        this.#child.off('message', hear);
        resolve(message);
      };
      this.#child.on('message', hear);
      void this.exited.then((code) => reject(new Error(`The app ended (${code}).\n${this.output}`)));
    });
    this.#child.send({ id, code, arg });
    const { value, error } = await answer;
    if (error) throw new Error(`${error}\n${this.output}`);
    return value as R;
  }

  /** Ends it as a crash would, and removes its home. */
  async dispose(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.exited;
    rmSync(this.home, { recursive: true, force: true });
  }
}

/** Nothing of this computer's ClearML settings or desktop may reach the app under test. */
function ownEnv(): NodeJS.ProcessEnv {
  const foreign =
    /^(CLEARML|TRAINS)_|_PROXY$|^(XDG_.*|DISPLAY|WAYLAND_DISPLAY|DBUS_SESSION_BUS_ADDRESS|NODE_.*)$/i;
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !foreign.test(name)));
}
