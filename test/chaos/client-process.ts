/** The app's part of a run as a process, which can be stopped in its tracks, and killed. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build, type Plugin } from 'vite';
import config from '../../main/vite.config.ts';
import type { Link, LocalPorts } from '../../preload/contract/state.ts';
import type { Opening, Order, Word } from './client.ts';
import type { Usage } from './inside.ts';

const WAIT_MS = 30_000;

/** The program, bundled as the app's own. */
export interface ClientProgram {
  readonly file: string;
  remove(): void;
}

/** A change of the program: a text that occurs once in one of its files, and what is there instead. */
export interface Mutation {
  readonly file: string;
  readonly from: string;
  readonly to: string;
}

export async function bundleClient(mutation?: Mutation): Promise<ClientProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'tray-chaos-'));
  const root = resolve(import.meta.dirname, '../..');
  await build({
    ...config,
    configFile: false,
    logLevel: 'error',
    plugins: mutation ? [mutating(mutation)] : [],
    build: {
      ...config.build,
      outDir: folder,
      rolldownOptions: {
        ...config.build?.rolldownOptions,
        input: {
          client: join(root, 'test/chaos/client.ts'),
          'client-thread': join(root, 'test/chaos/client-thread.ts'),
        },
      },
    },
  });
  return { file: join(folder, 'client.cjs'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function mutating({ file, from, to }: Mutation): Plugin {
  return {
    name: 'mutation',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith(file)) return undefined;
      if (code.split(from).length !== 2) throw new Error(`${file} does not have it once: ${from}`);
      return code.replace(from, () => to);
    },
  };
}

export class ClientProcess {
  readonly links: Link[] = [];
  readonly log: string[] = [];
  readonly #child: ChildProcess;
  readonly #usages: ((usage: Usage) => void)[] = [];
  /** Resolves once they are bound. */
  readonly ports: Promise<LocalPorts>;
  #isWanted = true;
  #bound: (ports: LocalPorts) => void = () => {};

  /** Of a process that ends by itself, `died` is told what it said. */
  constructor({ file }: ClientProgram, opening: Opening, died: (said: string) => void) {
    this.#child = fork(file, { execArgv: [], stdio: ['ignore', 'inherit', 'pipe', 'ipc'] });
    let said = '';
    this.#child.stderr?.on('data', (chunk) => (said += chunk));
    this.#child.once('close', () => this.#isWanted && died(said));
    this.#child.on('message', (word) => {
      this.#hear(word as Word);
    });
    this.ports = new Promise((resolve) => {
      this.#bound = resolve;
    });
    this.order({ do: 'open', opening });
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get isUp(): boolean {
    return this.links.at(-1)?.at === 'up';
  }

  order(order: Order): void {
    if (this.#child.connected) this.#child.send(order);
  }

  /** Resolves with the process of the relay that was started last. */
  async relay(): Promise<number> {
    for (const deadline = Date.now() + WAIT_MS; Date.now() < deadline; await sleep(5)) {
      const pid = this.relays().at(-1);
      if (pid !== undefined) return pid;
    }
    throw new Error(`No relay was started:\n${this.log.join('\n')}`);
  }

  /** The processes of all relays that it has started. */
  relays(): readonly number[] {
    return this.log.flatMap((line) => {
      const pid = / The relay is running .*"pid":(\d+)/.exec(line)?.[1];
      return pid === undefined ? [] : [Number(pid)];
    });
  }

  async usage(): Promise<Usage> {
    if (!this.isAlive) return {};
    const usage = new Promise<Usage>((resolve) => this.#usages.push(resolve));
    this.order({ do: 'usage' });
    return usage;
  }

  freeze(): void {
    process.kill(this.pid, 'SIGSTOP');
  }

  thaw(): void {
    process.kill(this.pid, 'SIGCONT');
  }

  async kill(): Promise<void> {
    this.#isWanted = false;
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    this.#isWanted = false;
    if (!this.isAlive) return;
    const ended = once(this.#child, 'exit');
    this.order({ do: 'stop' });
    await ended;
  }

  #hear(word: Word): void {
    switch (word.of) {
      case 'ports':
        this.#bound(word.ports);
        return;
      case 'link':
        this.links.push(word.link);
        return;
      case 'log':
        this.log.push(`${new Date().toISOString()} ${word.line}`);
        return;
      case 'usage':
        this.#usages.shift()?.(word.usage);
        return;
    }
  }
}
