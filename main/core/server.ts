import type { CredentialsCheck } from '../../preload/contract/api.ts';
import type { Problem } from '../../preload/contract/errors.ts';
import { AppError } from '../../preload/contract/errors.ts';
import type { ServerInfo, ServerState } from '../../preload/contract/state.ts';
import { checkHosts } from './clearml/check.ts';
import { ApiClient } from './clearml/client.ts';
import { kindOf, writeConfFile } from './clearml/conf-file.ts';
import { configFile, configFromBlock, readConfig, type ServerConfig } from './clearml/config.ts';
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

  constructor(parts: ServerParts) {
    this.#parts = parts;
  }

  async start(demo: boolean): Promise<void> {
    if (demo) return this.useDemo();
    const { env, home, secrets } = this.#parts;
    const pasted = await secrets.get(PASTED);
    if (pasted !== undefined) return this.#use(configFromBlock(pasted));
    const found = await readConfig({ env, home });
    if (found.at === 'ready') return this.#use(found.config);
    await this.#parts.changed(undefined);
    this.#set(
      found.at === 'broken' ? { at: 'unconfigured', problem: found.problem } : { at: 'unconfigured' },
    );
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
      file: path,
      fileExists: (await kindOf(path)) === 'file',
    };
  }

  /** Nothing is kept or written unless the API host accepts the credentials. */
  async use(block: string, options: { write: boolean; replace: boolean }): Promise<{ backup?: string }> {
    const { env, home, secrets, clock } = this.#parts;
    const checked = await this.check(block);
    const api = checked.checks.find((c) => c.host === 'api');
    if (!api?.ok) throw new AppError('unauthorized', api?.message ?? 'The API host was not tried.');
    const config = configFromBlock(block);
    let written: { backup?: string } = {};
    if (options.write) {
      const now = new Date(clock.now());
      written = await writeConfFile(configFile(env, home), config, { replace: options.replace, now });
      await secrets.delete(PASTED);
    } else {
      await secrets.set(PASTED, block);
    }
    await this.#use(config);
    return written;
  }

  async useDemo(): Promise<void> {
    if (this.#demo) return;
    this.#demo = await this.#parts.startDemo();
    await this.#use({ ...configFromBlock(this.#demo.conf), source: 'demo' });
  }

  /** Reads clearml.conf again where there is no server yet, and tries the server again where there is one. */
  async retry(): Promise<void> {
    if (this.#parts.store.state.server.at === 'unconfigured') return this.start(false);
    this.#parts.pollNow();
  }

  /** Back to what clearml.conf and the environment say. */
  async leave(): Promise<void> {
    await this.#parts.secrets.delete(PASTED);
    await this.#parts.changed(undefined);
    await this.#stopDemo();
    await this.start(false);
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

  async stop(): Promise<void> {
    await this.#parts.changed(undefined);
    await this.#stopDemo();
  }

  async #use(config: ServerConfig): Promise<void> {
    const { log, version, clock, changed } = this.#parts;
    if (config.source !== 'demo') await this.#stopDemo();
    this.#set({ at: 'connecting', info: info(config) });
    await changed(new ApiClient(config, { log: log.scope('clearml'), version, clock }));
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
