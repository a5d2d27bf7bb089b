import { Worker } from 'node:worker_threads';
import { AppError, type Problem } from '../../../../preload/contract/errors.ts';
import type { LinkHistory } from '../../../../preload/contract/link-history.ts';
import type { LocalPorts, SessionId } from '../../../../preload/contract/state.ts';
import type { Clock, Log } from '../../ports.ts';
import type { Target, TunnelListener, Tunnels } from '../tunnels.ts';
import { type AppSide, type Talk, type ThreadOptions, talk } from './talk.ts';

/** A thread that ended is started again after that, and after twice as long each time that follows within a minute. */
const AGAIN_MS = 500;
const MAX_AGAIN_MS = 60_000;
const STEADY_MS = 60_000;

const ENDED: Problem = {
  code: 'bug',
  message: 'The part of the app that carries connections ended unexpectedly.',
  hint: 'It is being started again. The log has the details.',
};

export interface TunnelThreadOptions extends ThreadOptions {
  /** The file that runs in it. */
  readonly file: string | URL;
  readonly listener: TunnelListener;
  readonly refresh: AppSide['refresh'];
  readonly clock: Clock;
  readonly log: Log;
}

/** What it takes to open a session once more. */
interface Open {
  readonly target: Target;
  readonly ports: LocalPorts;
  readonly reserved: readonly number[];
}

interface Thread {
  readonly worker: Worker;
  readonly pool: Talk<Tunnels, AppSide>;
  readonly startedAt: number;
}

/**
 * The tunnels, in a thread of their own: however much they carry, the app answers, and when they crash, it starts them
 * again with the ports that they had. The thread begins with the first session.
 */
export class TunnelThread implements Tunnels {
  readonly #options: TunnelThreadOptions;
  readonly #log: Log;
  readonly #open = new Map<SessionId, Open>();
  #thread: Thread | undefined;
  #crashes = 0;
  #cancelAgain: (() => void) | undefined;
  #isAsleep = false;
  #isFrugal = false;
  #isStopped = false;

  constructor(options: TunnelThreadOptions) {
    this.#options = options;
    this.#log = options.log;
  }

  async open(
    id: SessionId,
    target: Target,
    remembered: LocalPorts,
    reserved: readonly number[] = [],
  ): Promise<LocalPorts> {
    if (this.#isStopped) return {};
    const ports = await this.#pool().open(id, target, remembered, reserved);
    this.#open.set(id, { target, ports: { ...remembered, ...ports }, reserved });
    return ports;
  }

  async update(id: SessionId, target: Target): Promise<LocalPorts> {
    const open = this.#open.get(id);
    if (!open) return {};
    const ports = await this.#pool().update(id, target);
    this.#open.set(id, { ...open, target, ports: { ...open.ports, ...ports } });
    return ports;
  }

  async close(id: SessionId): Promise<void> {
    this.#open.delete(id);
    await this.#thread?.pool.close(id).catch(() => {
      // A thread that has ended holds no port any more.
    });
  }

  reconnect(id: SessionId): void {
    void this.#thread?.pool.reconnect.asEvent(id);
  }

  async history(id: SessionId): Promise<LinkHistory | undefined> {
    return this.#thread?.pool.history(id);
  }

  sleep(): void {
    this.#isAsleep = true;
    void this.#thread?.pool.sleep.asEvent();
  }

  wake(): void {
    this.#isAsleep = false;
    void this.#thread?.pool.wake.asEvent();
  }

  networkChanged(): void {
    void this.#thread?.pool.networkChanged.asEvent();
  }

  frugal(on: boolean): void {
    this.#isFrugal = on;
    void this.#thread?.pool.frugal.asEvent(on);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelAgain?.();
    const thread = this.#thread;
    if (!thread) return;
    await thread.pool.stop().catch(() => {});
    this.#thread = undefined;
    await thread.worker.terminate();
  }

  #pool(): Talk<Tunnels, AppSide> {
    if (!this.#thread && this.#cancelAgain)
      throw new AppError('conflict', ENDED.message, { hint: ENDED.hint });
    this.#thread ??= this.#start();
    return this.#thread.pool;
  }

  #start(): Thread {
    const { file, key, standbys, clock, listener, refresh } = this.#options;
    const workerData: ThreadOptions = { key, standbys };
    const worker = new Worker(file, { workerData });
    const offered: AppSide = {
      linkChanged: (id, link) => listener.linkChanged(id, link),
      hostKeySeen: (id, seen) => listener.hostKeySeen(id, seen),
      useChanged: (id, inUse) => listener.useChanged(id, inUse),
      refresh: (id) => refresh(id),
      log: (scope, level, message, fields) =>
        scope.reduce((log, name) => log.scope(name), this.#log).write(level, message, fields),
      hide: (secret) => this.#log.hide(secret),
    };
    const pool = talk<Tunnels, AppSide>(offered, worker);
    const thread: Thread = { worker, pool, startedAt: clock.now() };
    worker.on('error', (error) => this.#log.write('error', 'The thread of the tunnels crashed', { error }));
    worker.once('exit', (code) => this.#ended(thread, code));
    if (this.#isAsleep) void pool.sleep.asEvent();
    if (this.#isFrugal) void pool.frugal.asEvent(true);
    return thread;
  }

  #ended(thread: Thread, exitCode: number): void {
    const { clock, listener } = this.#options;
    thread.pool.$close(new AppError('bug', ENDED.message, { hint: ENDED.hint }));
    if (this.#thread !== thread) return;
    this.#thread = undefined;
    const now = clock.now();
    this.#crashes = now - thread.startedAt > STEADY_MS ? 1 : this.#crashes + 1;
    const againMs = Math.min(AGAIN_MS * 2 ** (this.#crashes - 1), MAX_AGAIN_MS);
    this.#log.write('error', 'The thread of the tunnels has ended', { exitCode, againMs });
    for (const id of this.#open.keys()) {
      listener.useChanged(id, false);
      listener.linkChanged(id, {
        at: 'waiting',
        attempt: 1,
        retryAt: now + againMs,
        lostAt: now,
        reason: ENDED,
      });
    }
    this.#cancelAgain = clock.after(againMs, () => {
      this.#cancelAgain = undefined;
      this.#reopen();
    });
  }

  #reopen(): void {
    for (const [id, { target, ports, reserved }] of [...this.#open]) {
      this.open(id, target, ports, reserved).catch((error: unknown) => {
        this.#log.write('error', 'A session could not be opened again', { id, error });
      });
    }
  }
}
