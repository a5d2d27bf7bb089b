import type { LinkHistory } from '../../../preload/contract/link-history.ts';
import type { LocalPorts, SessionId } from '../../../preload/contract/state.ts';
import { Budget } from '../streams/budget.ts';
import { dial } from './dial.ts';
import { restingMs } from './liveness.ts';
import { SessionTunnel, type SessionTunnelOptions } from './session-tunnel.ts';
import type { TunnelEvent } from './tunnel-machine.ts';
import type { Target, Tunnels } from './tunnels.ts';

/** Memory for what was sent and is not confirmed yet. */
const BUDGET_BYTES = 256 * 1024 * 1024;

export type TunnelPoolOptions = Omit<
  SessionTunnelOptions,
  'dial' | 'random' | 'budget' | 'mayStandBy' | 'restingMs'
> &
  Partial<Pick<SessionTunnelOptions, 'dial' | 'random'>> & {
    /** Up to so many sessions have a second connection each; with more of them, none has. None if left out. */
    readonly standbys?: number;
  };

/** One tunnel for each session. Plain data in, plain data out, so that it may run in a worker. */
export class TunnelPool implements Tunnels {
  readonly #options: SessionTunnelOptions;
  readonly #sessions = new Map<SessionId, SessionTunnel>();
  readonly #closing = new Map<SessionId, Promise<void>>();
  #asleep = false;
  #stopped = false;
  #frugal = false;

  constructor(options: TunnelPoolOptions) {
    const { standbys = 0 } = options;
    const mayStandBy = () => !this.#frugal && this.#sessions.size <= standbys;
    this.#options = {
      dial,
      random: Math.random,
      budget: new Budget(BUDGET_BYTES),
      mayStandBy,
      restingMs: () => restingMs(this.#sessions.size),
      ...options,
    };
  }

  async open(
    id: SessionId,
    target: Target,
    remembered: LocalPorts,
    reserved: readonly number[] = [],
  ): Promise<LocalPorts> {
    // Its ports are free again, and the same, only once it is closed.
    await this.#closing.get(id);
    if (this.#stopped) return {};
    const open = this.#sessions.get(id);
    if (open) return open.update(target);
    const session = new SessionTunnel(id, target, { remembered, reserved }, this.#options);
    this.#sessions.set(id, session);
    if (this.#asleep) session.feed({ on: 'suspend' });
    session.feed({ on: 'open' });
    try {
      return await session.bind();
    } catch (error) {
      await this.close(id);
      throw error;
    }
  }

  async update(id: SessionId, target: Target): Promise<LocalPorts> {
    return (await this.#sessions.get(id)?.update(target)) ?? {};
  }

  async close(id: SessionId): Promise<void> {
    const session = this.#sessions.get(id);
    if (!session) return this.#closing.get(id);
    this.#sessions.delete(id);
    const closing = session.close().finally(() => this.#closing.delete(id));
    this.#closing.set(id, closing);
    return closing;
  }

  reconnect(id: SessionId): void {
    this.#sessions.get(id)?.feed({ on: 'reconnect' });
  }

  async history(id: SessionId): Promise<LinkHistory | undefined> {
    return this.#sessions.get(id)?.history();
  }

  sleep(): void {
    this.#asleep = true;
    this.#feedAll({ on: 'suspend' });
  }

  wake(): void {
    this.#asleep = false;
    this.#feedAll({ on: 'resume' });
  }

  networkChanged(): void {
    this.#feedAll({ on: 'network-changed' });
  }

  frugal(on: boolean): void {
    this.#frugal = on;
    for (const session of this.#sessions.values()) session.reviewStandby();
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    for (const id of [...this.#sessions.keys()]) void this.close(id);
    await Promise.all(this.#closing.values());
  }

  #feedAll(event: TunnelEvent): void {
    for (const session of this.#sessions.values()) session.feed(event);
  }
}
