import { AppError, toProblem } from '../../../preload/contract/errors.ts';
import type { Link, LocalPorts, SessionId } from '../../../preload/contract/state.ts';
import type { Clock, Log } from '../ports.ts';
import { backoffMs } from '../ssh/tunnel-machine.ts';
import type { Target, Tunnels } from '../ssh/tunnels.ts';
import type { HowRead } from './task-reader.ts';

export interface ConnectorParts {
  readonly tunnels: Tunnels;
  readonly clock: Clock;
  readonly log: Log;
  /** Reads where a session is from the server. */
  readonly target: (id: SessionId, how: HowRead) => Promise<Target>;
  /** The local ports of each session that lives. */
  readonly remembered: () => Readonly<Record<SessionId, LocalPorts>>;
  readonly tell: {
    link(id: SessionId, link: Link): void;
    ports(id: SessionId, ports: LocalPorts): void;
  };
}

interface Kept {
  /** What its tunnel was last told of the remote ends, or is being told. */
  ends: string;
  /** Its tunnel is open, and tells of the link itself. */
  open: boolean;
  /** Times in a row that it could not be opened or told. */
  failures: number;
  lostAt?: number;
  stopWaiting: () => void;
}

/** Keeps a tunnel for each session that is to be connected, and tells it where the session is. */
export class Connector {
  readonly #parts: ConnectorParts;
  readonly #kept = new Map<SessionId, Kept>();

  constructor(parts: ConnectorParts) {
    this.#parts = parts;
  }

  /** Whether it is connected, or is to be. */
  keeps(id: SessionId): boolean {
    return this.#kept.has(id);
  }

  /** `ends`: a text that changes with anything that says where the session is. */
  keep(id: SessionId, ends: string): void {
    const earlier = this.#kept.get(id);
    if (earlier?.ends === ends) return;
    const kept = earlier ?? { ends, open: false, failures: 0, stopWaiting: () => {} };
    kept.ends = ends;
    this.#kept.set(id, kept);
    this.#begin(id, kept);
  }

  /** Dials at once; false when the session is not kept connected. */
  reconnect(id: SessionId): boolean {
    const kept = this.#kept.get(id);
    if (!kept) return false;
    if (kept.open) this.#parts.tunnels.reconnect(id);
    else this.#begin(id, kept);
    return true;
  }

  /** Hangs up and releases the ports. */
  async drop(id: SessionId): Promise<void> {
    const kept = this.#kept.get(id);
    if (!kept) return;
    kept.stopWaiting();
    this.#kept.delete(id);
    await this.#parts.tunnels.close(id);
  }

  async dropAll(): Promise<void> {
    await Promise.all([...this.#kept.keys()].map((id) => this.drop(id)));
  }

  #begin(id: SessionId, kept: Kept): void {
    kept.stopWaiting();
    if (!kept.open) {
      const since = this.#parts.clock.now();
      this.#parts.tell.link(id, { at: 'connecting', attempt: kept.failures + 1, since });
    }
    const { ends } = kept;
    this.#open(id, kept).catch((error: unknown) => {
      // Dropped, or told something else in the meantime: this failure is of no interest any more.
      if (this.#kept.get(id) === kept && kept.ends === ends) this.#failed(id, kept, error);
    });
  }

  async #open(id: SessionId, kept: Kept): Promise<void> {
    const { tunnels, tell } = this.#parts;
    const target = await this.#parts.target(id, { again: kept.failures > 0 });
    if (this.#kept.get(id) !== kept) return;
    const { [id]: own = {}, ...others } = this.#parts.remembered();
    const reserved = Object.values(others).flatMap((ports) => Object.values(ports));
    const ports = await tunnels.open(id, target, own, reserved);
    const current = this.#kept.get(id);
    // Dropped while it was opened.
    if (!current) await tunnels.close(id);
    if (current !== kept) return;
    kept.open = true;
    kept.failures = 0;
    tell.ports(id, ports);
  }

  #failed(id: SessionId, kept: Kept, error: unknown): void {
    const { clock, log, tell } = this.#parts;
    const reason = toProblem(error);
    log.write('warn', 'A session could not be connected', { id, error });
    // The session says nothing of where it is, or no port is free: asking again would not change that.
    if (error instanceof AppError && error.code === 'conflict') {
      if (!kept.open) tell.link(id, { at: 'failed', reason });
      return;
    }
    kept.failures++;
    kept.lostAt ??= clock.now();
    const ms = backoffMs(kept.failures, Math.random());
    kept.stopWaiting = clock.after(ms, () => this.#begin(id, kept));
    if (kept.open) return;
    const { failures: attempt, lostAt } = kept;
    tell.link(id, { at: 'waiting', attempt, retryAt: clock.now() + ms, lostAt, reason });
  }
}
