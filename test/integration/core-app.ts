import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type App, createApp } from '../../main/core/app.ts';
import { systemClock } from '../../main/core/clock.ts';
import { FileLog } from '../../main/core/log.ts';
import { MemorySecrets } from '../../main/core/memory-secrets.ts';
import type { Clock, Remembered } from '../../main/core/ports.ts';
import { NOTHING_REMEMBERED } from '../../main/core/saved.ts';
import type { Demo } from '../../main/demo/demo.ts';
import type { Arg, CallName, Result } from '../../preload/contract/api.ts';
import { DEFAULTS, type SomeOptions } from '../../preload/contract/options.ts';
import { DEFAULT_PREFERENCES } from '../../preload/contract/preferences.ts';
import type { AppState, SessionView } from '../../preload/contract/state.ts';
import type { Reply } from '../../preload/contract/wire.ts';
import { memorySettings, noShell, TestHost } from '../doubles/host.ts';

export interface CoreOptions {
  /** Where the server is asked, if not where the demo listens. */
  readonly api?: string;
  readonly files?: string;
  readonly clock?: Clock;
  /** For its data; removed in the end. One of its own if left out. */
  readonly folder?: string;
  /** The home of the account in which ssh runs. */
  readonly sshHome?: string;
}

/** The whole core in this process, over a ClearML server; starts again with what it remembered. */
export class CoreApp {
  readonly folder: string;
  /** All is logged, so that what must not be in the log is looked for in everything. */
  readonly settings = memorySettings({ preferences: { ...DEFAULT_PREFERENCES, logLevel: 'debug' } });
  readonly secrets = new MemorySecrets('memory');
  readonly #api: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #clock: Clock;
  readonly #sshHome: string;
  host = new TestHost();
  #app: App | undefined;

  constructor(demo: Demo, options: CoreOptions = {}) {
    this.folder = options.folder ?? mkdtempSync(join(tmpdir(), 'app-'));
    // Not above the data folder: ssh itself would look for `~` elsewhere.
    this.#sshHome = options.sshHome ?? join(this.folder, 'home');
    this.#api = options.api ?? demo.api;
    this.#clock = options.clock ?? systemClock;
    this.#env = {
      CLEARML_API_HOST: this.#api,
      CLEARML_WEB_HOST: demo.web,
      CLEARML_FILES_HOST: options.files ?? demo.files,
      CLEARML_API_ACCESS_KEY: demo.accessKey,
      CLEARML_API_SECRET_KEY: demo.secretKey,
    };
  }

  get app(): App {
    if (!this.#app) throw new Error('The app was not started.');
    return this.#app;
  }

  async start(): Promise<void> {
    this.host = new TestHost();
    this.#app = createApp({
      host: this.host,
      settings: this.settings,
      log: new FileLog({ file: join(this.folder, 'logs', 'app.log') }),
      secrets: this.secrets,
      clock: this.#clock,
      shell: noShell,
      env: this.#env,
      home: this.folder,
      sshHome: this.#sshHome,
      userDataDir: this.folder,
      version: '0.0.0',
      demo: false,
    });
    await this.#app.start();
  }

  async stop(): Promise<void> {
    await this.#app?.stop();
  }

  async dispose(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** What is remembered of the server's sessions. */
  get remembered(): Remembered {
    return this.settings.get('servers')[this.#api] ?? NOTHING_REMEMBERED;
  }

  get log(): string {
    return readFileSync(join(this.folder, 'logs', 'app.log'), 'utf8');
  }

  ask<N extends CallName>(name: N, arg?: Arg<N>): Promise<Reply> {
    return this.app.call(name, arg);
  }

  /** Throws what was refused. */
  async call<N extends CallName>(name: N, arg?: Arg<N>): Promise<Result<N>> {
    const reply = await this.ask(name, arg);
    if (!reply.ok) throw new Error(reply.problem.message);
    return reply.value as Result<N>;
  }

  /** The first state, from now on, of which `is` is true. */
  state(is: (state: AppState) => boolean = () => true): Promise<AppState> {
    return new Promise((resolve, reject) => {
      const look = (): void => {
        this.call('state.get').then(({ state: now }) => {
          if (!is(now)) return;
          stop();
          resolve(now);
        }, reject);
      };
      const stop = this.app.onEvent(look);
      look();
    });
  }

  async session(id: string, is: (session: SessionView) => boolean): Promise<SessionView> {
    const found = (s: AppState): SessionView | undefined => s.sessions.find((x) => x.id === id && is(x));
    const after = found(await this.state((s) => found(s) !== undefined));
    if (!after) throw new Error('unreachable');
    return after;
  }

  /** Reads the list again and again, as a person does who waits, until `is` holds. */
  async eventually(is: (state: AppState) => boolean): Promise<void> {
    const read = async (): Promise<boolean> => {
      await this.call('setup.retry');
      return is((await this.call('state.get')).state);
    };
    await expect.poll(read, { interval: 200 }).toBe(true);
  }

  /** Its id, once it waits in the first queue. */
  async launch(name: string, more: SomeOptions = {}): Promise<string> {
    const [queue] = (await this.call('queue.list')).queues;
    const form = {
      ...DEFAULTS,
      queue: queue?.name ?? '',
      jupyterLab: false,
      vscodeServer: false,
      sessionName: name,
      ...more,
    };
    return (await this.call('session.launch', form)).id;
  }
}

export const isUp = (s: SessionView): boolean => s.link.at === 'up';

/** What the server at the other end of a local port says first. */
export async function greeting(port: number | undefined): Promise<string> {
  const socket = connect(port ?? 0, '127.0.0.1');
  const closed = new Promise<never>((_, reject) =>
    socket.once('close', () => reject(new Error('It was closed without a word.'))),
  );
  const [data] = await Promise.race([once(socket, 'data'), closed]);
  socket.destroy();
  return String(data);
}
