/** The app's part of a run as a process, which can be stopped in its tracks, and killed. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { build } from 'vite';
import type { Link, LocalPorts } from '../../preload/contract/state.ts';
import type { Opening, Order, Usage, Word } from './client.ts';

const WAIT_MS = 30_000;

/** The program, bundled as the app's own. */
export interface ClientProgram {
  readonly file: string;
  remove(): void;
}

export async function bundleClient(): Promise<ClientProgram> {
  const folder = mkdtempSync(join(tmpdir(), 'tray-chaos-'));
  const root = resolve(import.meta.dirname, '../..');
  await build({
    configFile: join(root, 'main/vite.config.ts'),
    logLevel: 'error',
    build: {
      outDir: folder,
      rolldownOptions: { input: { client: join(root, 'test/chaos/client.ts') } },
    },
  });
  return { file: join(folder, 'client.cjs'), remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export class ClientProcess {
  readonly links: Link[] = [];
  readonly log: string[] = [];
  readonly #child: ChildProcess;
  readonly #usages: ((usage: Usage) => void)[] = [];
  /** Resolves once they are bound. */
  readonly ports: Promise<LocalPorts>;
  #bound: (ports: LocalPorts) => void = () => {};

  constructor({ file }: ClientProgram, opening: Opening) {
    this.#child = fork(file, { execArgv: [], stdio: 'inherit' });
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
      const pid = /^The relay is running .*"pid":(\d+)/.exec(line)?.[1];
      return pid === undefined ? [] : [Number(pid)];
    });
  }

  usage(): Promise<Usage> {
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
    const ended = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await ended;
  }

  async stop(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
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
        this.log.push(word.line);
        return;
      case 'usage':
        this.#usages.shift()?.(word.usage);
        return;
    }
  }
}
