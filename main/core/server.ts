import { isDeepStrictEqual } from 'node:util';
import type { CredentialsCheck, HostCheck } from '../../preload/contract/api.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import { AppError, toProblem } from '../../preload/contract/errors.ts';
import type { ServerInfo, ServerState } from '../../preload/contract/state.ts';
import { checkHosts } from './clearml/check.ts';
import { ApiClient } from './clearml/client.ts';
import { kindOf, writeConfFile } from './clearml/conf-file.ts';
import { configFile, configFromBlock, readConfig, type ServerConfig } from './clearml/config.ts';
import { withTilde } from './clearml/with-tilde.ts';
import type { Clock, Log, Secrets } from './ports.ts';
import type { Store } from './store.ts';

/** Pasted credentials that were not written to clearml.conf rest here. */
const PASTED = 'clearml credentials';

export interface RunningDemo {
  /** The text of a clearml.conf for it. */
  readonly conf: string;
  stop(): Promise<void>;
}

export interface ServerParts {
  readonly env: NodeJS.ProcessEnv;
  readonly home: string;
  readonly version: string;
  readonly secrets: Secrets;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly startDemo: () => Promise<RunningDemo>;
  /** Told whenever another server (or none) is spoken to; resolves once the earlier one is left. */
  readonly changed: (client: ApiClient | undefined) => Promise<void>;
  readonly pollNow: () => void;
}

/** Which ClearML server the app speaks to, and how it came by the credentials. */
export class Server {
  readonly #parts: ServerParts;
  #demo: RunningDemo | undefined;
  /** What is spoken to. */
  #config: ServerConfig | undefined;
  /** The choice that is being carried out: one at a time, so that the last click is what counts. */
  #choosing: Promise<unknown> = Promise.resolve();

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  /** Never rejects: what is wrong stands in the state, beside the ways out. */
  start(demo: boolean): Promise<void> {
    return this.#choose(async () => {
      try {
        await (demo ? this.#useDemo() : this.#useConfigured());
      } catch (error) {
        this.#parts.log.write('error', 'The app starts without a server', { error });
        this.#set({ at: 'unconfigured', problem: toProblem(error) });
      }
    });
  }

  async check(block: string): Promise<CredentialsCheck> {
    const { env, home, log, version } = this.#parts;
    const config = configFromBlock(block);
    const checks = await checkHosts(config, { log, version });
    const user = checks.find((c) => c.user)?.user;
    const path = configFile(env, home);
    return {
      ok: checks.every((c) => c.ok || c.host !== 'api'),
      info: info(config, user),
      checks,
      file: withTilde(path, home),
      fileExists: (await kindOf(path)) === 'file',
    };
  }

  /** Tries the three hosts of what is spoken to. */
  async checkCurrent(): Promise<readonly HostCheck[]> {
    const { log, version } = this.#parts;
    if (!this.#config) throw new AppError('not-found', 'There is no server yet.');
    const checks = await checkHosts(this.#config, { log, version });
    return checks.map(({ host, url, ok, message }) => ({ host, url, ok, message }));
  }

  /** Nothing is kept or written unless the API host accepts the credentials. */
  async use(block: string, options: { write: boolean; replace: boolean }): Promise<{ backup?: string }> {
    const { env, home, secrets, clock } = this.#parts;
    const checked = await this.check(block);
    const api = checked.checks.find((c) => c.host === 'api');
    if (!api?.ok) throw new AppError('unauthorized', api?.message ?? 'The API host was not tried.');
    const config = configFromBlock(block);
    return this.#choose(async () => {
      if (!options.write) {
        await secrets.set(PASTED, block);
        await this.#use(config);
        return {};
      }
      const file = configFile(env, home);
      const now = new Date(clock.now());
      const { backup } = await writeConfFile(file, config, { replace: options.replace, now, home });
      await secrets.delete(PASTED);
      await this.#use({ ...config, source: 'file', file });
      return backup === undefined ? {} : { backup: withTilde(backup, home) };
    });
  }

  useDemo(): Promise<void> {
    return this.#choose(() => this.#useDemo());
  }

  /** Reads clearml.conf again, and tries the server again where it says the same as before. */
  retry(): Promise<void> {
    return this.#choose(async () => {
      const source = this.#config?.source;
      if (source === 'demo' || source === 'pasted') return this.#parts.pollNow();
      if (source === undefined) return this.#useConfigured();
      const found = await readConfig(this.#parts);
      // What works goes on working while the file is being edited.
      if (found.at === 'broken') throw new AppError(found.problem.code, found.problem.message, found.problem);
      if (found.at === 'missing') throw new AppError('not-found', 'There is no clearml.conf any more.');
      if (isDeepStrictEqual(found.config, this.#config)) return this.#parts.pollNow();
      await this.#use(found.config);
    });
  }

  /** Back to what clearml.conf and the environment say. */
  leave(): Promise<void> {
    return this.#choose(async () => {
      await this.#parts.secrets.delete(PASTED);
      await this.#parts.changed(undefined);
      await this.#stopDemo();
      await this.#useConfigured();
    });
  }

  /** The server answered. */
  online(user: string | undefined): void {
    const { server } = this.#parts.store.state;
    if (!('info' in server) || (server.at === 'online' && server.info.user === user)) return;
    this.#set({ at: 'online', info: { ...server.info, ...(user ? { user } : {}) } });
  }

  offline(problem: Problem): void {
    const { server } = this.#parts.store.state;
    if (!('info' in server)) return;
    const since = server.at === 'offline' ? server.since : this.#parts.clock.now();
    this.#set({ at: 'offline', info: server.info, since, problem });
  }

  stop(): Promise<void> {
    return this.#choose(async () => {
      await this.#parts.changed(undefined);
      await this.#stopDemo();
    });
  }

  #choose<T>(choice: () => Promise<T>): Promise<T> {
    const chosen = this.#choosing.then(choice);
    this.#choosing = chosen.catch(() => {});
    return chosen;
  }

  async #useConfigured(): Promise<void> {
    const pasted = await this.#parts.secrets.get(PASTED);
    if (pasted !== undefined) return this.#use(configFromBlock(pasted));
    const found = await readConfig(this.#parts);
    if (found.at === 'ready') return this.#use(found.config);
    this.#config = undefined;
    await this.#parts.changed(undefined);
    this.#set(
      found.at === 'broken' ? { at: 'unconfigured', problem: found.problem } : { at: 'unconfigured' },
    );
  }

  async #useDemo(): Promise<void> {
    if (this.#demo) return;
    this.#demo = await this.#parts.startDemo();
    await this.#use({ ...configFromBlock(this.#demo.conf), source: 'demo' });
  }

  async #use(config: ServerConfig): Promise<void> {
    const { log, version, clock, home, changed } = this.#parts;
    this.#config = config;
    const file = config.file && withTilde(config.file, home);
    this.#set({ at: 'connecting', info: { ...info(config), ...(file ? { file } : {}) } });
    await changed(new ApiClient(config, { log: log.scope('clearml'), version, clock }));
    if (config.source !== 'demo') await this.#stopDemo();
  }

  async #stopDemo(): Promise<void> {
    const demo = this.#demo;
    this.#demo = undefined;
    await demo?.stop();
  }

  #set(server: ServerState): void {
    this.#parts.store.update((s) => ({ ...s, server }));
  }
}

function info(config: ServerConfig, user?: string): ServerInfo {
  const { api, web, files, source } = config;
  return { api, web, files, source, ...(user ? { user } : {}) };
}
