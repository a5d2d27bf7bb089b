import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { stateTexts } from '../../../preload/contract/texts/index.ts';
import type { Clock, Log } from '../ports.ts';
import { type Carrier, type Link, PlainCarrier, WaitingRoom } from '../ssh/carrier.ts';
import type { Budget } from './budget.ts';
import {
  NO_PYTHON,
  RELAY_COMMAND,
  type RelayAnswer,
  type RelayOptions,
  readRelayAnswer,
  relayInput,
} from './relay-install.ts';
import { type RelayAddress, ResumableCarrier } from './resumable-carrier.ts';
import { TOKEN_BYTES } from './wire.ts';

const t = stateTexts.withLink;

/** Connections wait so long for the relay to start, and then go without it. rc files may block. */
const PATIENCE_MS = 4000;
/** A timer that comes this late slept through the wait: the answer may be there, unread. */
const LATE_MS = 1000;
/** One that did not start is tried again after that, then after twice as long: a full disk or a busy machine may pass. */
const AGAIN_MS = 30_000;
const MAX_AGAIN_MS = 30 * 60_000;

export interface TieredCarrierOptions {
  /** Names whose the relays are. */
  readonly client: string;
  /** Ports of the session, as far as they are known. */
  readonly ports: () => readonly number[];
  readonly budget: Budget;
  readonly clock: Clock;
  readonly log: Log;
  /** `plain` or `cut` may be others than before. */
  readonly changed: () => void;
}

/**
 * Connections outlive links where the remote machine can run the relay, and end with them where it cannot.
 *
 * The relay is installed over the first link, and again whenever it is gone. Connections that come before it is known
 * what is possible wait for it, unread.
 */
export class TieredCarrier implements Carrier {
  readonly #options: TieredCarrierOptions;
  readonly #plain: PlainCarrier;
  readonly #waiting: WaitingRoom;
  #resumable: ResumableCarrier | undefined;
  #link: Link | undefined;
  #whyPlain: string | undefined;
  #cut: string | undefined;
  #overTcp = false;
  /** How often in a row the relay did not start over this link. */
  #failures = 0;
  #cancelAgain = (): void => {};

  constructor(options: TieredCarrierOptions) {
    this.#options = options;
    this.#plain = new PlainCarrier(options.clock, options.log);
    this.#waiting = new WaitingRoom(options.clock, options.log);
  }

  get size(): number {
    return this.#plain.size + (this.#resumable?.size ?? 0);
  }

  /** Why connections end with the link, if they do. */
  get plain(): string | undefined {
    return this.#whyPlain;
  }

  /** Why connections ended that should not have, if some did before this link or under it. */
  get cut(): string | undefined {
    return this.#cut;
  }

  /** Tells how many bytes the link has not taken yet; nothing where connections end with it. */
  queued(told: (bytes: number) => void): void {
    this.#resumable?.queued(told);
  }

  /** This link may be the next one: what outlives links gets ready for it. */
  prepare(link: Link): void {
    this.#resumable?.prepare(link);
  }

  /** This link will be up in a round trip. */
  expect(link: Link): void {
    this.#resumable?.expect(link);
  }

  carry(socket: Socket, port: number): void {
    if (this.#link && this.#resumable) this.#resumable.carry(socket, port);
    else if (this.#link && this.#whyPlain !== undefined) this.#plain.carry(socket, port);
    else this.#wait(socket, port);
  }

  linkUp(link: Link): void {
    this.#link = link;
    this.#plain.linkUp(link);
    if (this.#resumable) {
      this.#resumable.linkUp(link);
      this.#letIn();
    } else {
      void this.#install(link);
      // As it was the last time, until it is known.
      if (this.#whyPlain !== undefined) this.#letIn();
    }
  }

  linkDown(): void {
    this.#link = undefined;
    this.#failures = 0;
    this.#cancelAgain();
    // It was told of for as long as the link lasted that came after it.
    this.#cut = undefined;
    this.#plain.linkDown();
    this.#resumable?.linkDown();
  }

  async close(): Promise<void> {
    const resumable = this.#resumable;
    this.#resumable = undefined;
    // Resets, not ends: what has arrived so far must not pass for the whole.
    this.#waiting.empty((socket) => socket.resetAndDestroy());
    this.#plain.linkDown();
    await Promise.all([this.#plain.close(), resumable?.close()]);
    this.#link = undefined;
    this.#cancelAgain();
  }

  #wait(socket: Socket, port: number): void {
    socket.on('error', () => socket.destroy());
    this.#waiting.add(socket, port);
  }

  #letIn(): void {
    this.#waiting.empty((socket, port) => {
      if (!socket.destroyed) this.carry(socket, port);
    });
  }

  async #install(link: Link): Promise<void> {
    const { clock, log, ports, budget } = this.#options;
    const isCurrent = (): boolean => link === this.#link;
    const cancelPatience = this.#beginPatience(link);
    try {
      const allowed = ports();
      const token = randomBytes(TOKEN_BYTES);
      const answer = await this.#start(link, token, allowed);
      if (!isCurrent()) return;
      const { python, pid, at } = answer;
      log.write('info', 'The relay is running', { python, pid, tcp: typeof at === 'number' });
      const relay: RelayAddress = { at, token };
      this.#resumable = new ResumableCarrier({
        relay,
        ports: allowed,
        budget,
        clock,
        log,
        relayGone: (connections, hadAnswered) => this.#relayGone(connections, hadAnswered),
      });
      this.#whyPlain = undefined;
      this.#resumable.linkUp(link);
      this.#letIn();
      this.#options.changed();
    } catch (error) {
      if (!isCurrent()) return;
      const reason = (error as Error).message;
      log.write('info', 'Connections will end with the link: there is no relay', { reason });
      this.#goPlain(error instanceof NoRelay ? reason : t.refused);
      if (!(error instanceof NoRelay && error.isForGood)) this.#installLater(link);
    } finally {
      cancelPatience();
    }
  }

  /** Has connections go without the relay that takes too long. */
  #beginPatience(link: Link): () => void {
    const { clock } = this.#options;
    let cancel = (): void => {};
    const wait = (): void => {
      const dueAt = clock.now() + PATIENCE_MS;
      cancel = clock.after(PATIENCE_MS, () => {
        if (link !== this.#link) return;
        if (clock.now() - dueAt > LATE_MS) wait();
        else this.#goPlain(t.slow);
      });
    };
    wait();
    return () => cancel();
  }

  #installLater(link: Link): void {
    const ms = Math.min(AGAIN_MS * 2 ** this.#failures++, MAX_AGAIN_MS);
    this.#cancelAgain = this.#options.clock.after(ms, () => void this.#install(link));
  }

  /** At a socket that only its owner can open, or at a port where the server does not forward to sockets. */
  async #start(link: Link, token: Buffer, ports: readonly number[]): Promise<RelayAnswer> {
    const answer = await this.#run(link, { token, ports, tcp: this.#overTcp });
    if (await isReached(link, answer.at)) return answer;
    if (this.#overTcp) throw new NoRelay(t.unreached, true);
    this.#overTcp = true;
    return this.#start(link, token, ports);
  }

  async #run(link: Link, options: Omit<RelayOptions, 'client'>): Promise<RelayAnswer> {
    const input = relayInput({ ...options, client: this.#options.client });
    const answer = readRelayAnswer(await link.run(RELAY_COMMAND, input));
    if (!answer) throw new NoRelay(t.notStarted);
    if ('error' in answer) {
      this.#options.log.write('info', 'The relay does not start', { reason: answer.error });
      throw new NoRelay(whyNotStarted(answer.error), answer.error === NO_PYTHON);
    }
    return answer;
  }

  #goPlain(reason: string): void {
    this.#whyPlain = reason;
    this.#letIn();
    this.#options.changed();
  }

  #relayGone(connections: number, hadAnswered: boolean): void {
    const { log, changed } = this.#options;
    log.write('warn', 'The relay on the remote machine is gone', { connections });
    this.#resumable = undefined;
    if (!hadAnswered) {
      this.#goPlain(t.unreached);
      if (this.#link) this.#installLater(this.#link);
      return;
    }
    if (connections > 0) {
      this.#cut = stateTexts.cut(connections);
      changed();
    }
    if (this.#link) void this.#install(this.#link);
  }
}

/** For a person; the log has the whole of it. */
function whyNotStarted(error: string): string {
  if (error === NO_PYTHON) return t.noPython;
  return /No usable temporary directory|No space left/.test(error) ? t.noRoom : t.fails;
}

/** Why there is none, for a person. */
class NoRelay extends Error {
  readonly isForGood: boolean;

  constructor(message: string, isForGood = false) {
    super(message);
    this.isForGood = isForGood;
  }
}

/** Rejects where that stays unknown, since the link has broken. */
async function isReached(link: Link, at: string | number): Promise<boolean> {
  try {
    (await link.openSocket(at)).destroy();
    return true;
  } catch (error) {
    // Why the server does not open it (RFC 4254, 5.1).
    if ((error as { reason?: unknown }).reason === undefined) throw error;
    return false;
  }
}
