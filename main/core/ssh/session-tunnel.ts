import { createHash } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Problem } from '../../../preload/contract/errors.ts';
import type { LinkHistory } from '../../../preload/contract/link-history.ts';
import {
  FIRST_PORTS,
  type Link,
  type LocalPorts,
  type SessionId,
  type Tool,
} from '../../../preload/contract/state.ts';
import type { Clock, Log } from '../ports.ts';
import type { Budget } from '../streams/budget.ts';
import { TieredCarrier } from '../streams/tiered-carrier.ts';
import type { KeyInstall } from './authorized-keys.ts';
import type { Connection, Dial, DialHooks } from './dial.ts';
import { KeyGate } from './key-gate.ts';
import type { KeyPair } from './keys.ts';
import { LinkRecord } from './link-history.ts';
import { LinkMeter } from './link-meter.ts';
import { PeerGate } from './local-peer.ts';
import { bindPort, type LocalPort } from './local-ports.ts';
import { LocalUse } from './local-use.ts';
import { Standby } from './standby.ts';
import { closedTunnel, linkOf, step, type TunnelEffect, type TunnelEvent } from './tunnel-machine.ts';
import type { SeenHostKey, Target, TunnelListener } from './tunnels.ts';
import { Watch } from './watch.ts';

const TOOLS: readonly Tool[] = ['ssh', 'jupyter', 'vscode'];

/** What breaks the one connection may have broken the other: news of that comes within this time. */
const LAST_LOOK_MS = 10;
/** After these, what was connected before may lead nowhere. */
const DOUBTFUL: readonly TunnelEvent['on'][] = [
  'close',
  'retargeted',
  'reconnect',
  'suspend',
  'resume',
  'network-changed',
];

const SILENT: Problem = {
  code: 'timeout',
  message: 'The remote machine stopped answering.',
  hint: 'The connection is tried again by itself.',
};

export interface SessionTunnelOptions {
  readonly key: KeyPair;
  readonly listener: TunnelListener;
  /** Reads from the server where the session is; asked after a dial that failed. */
  readonly refresh: (id: SessionId) => Promise<Target>;
  readonly clock: Clock;
  readonly log: Log;
  readonly dial: Dial;
  /** From 0 to 1. */
  readonly random: () => number;
  /** Memory for what was sent and is not confirmed, of all sessions together. */
  readonly budget: Budget;
  /** Whether a second connection may wait for the moment when the first one breaks. */
  readonly mayStandBy: () => boolean;
  /** Silence into which a connection is probed that no local program uses. */
  readonly restingMs: () => number;
}

/** Runs the effects of one session's machine: dials, timers, local ports. */
export class SessionTunnel {
  readonly #id: SessionId;
  readonly #options: SessionTunnelOptions;
  readonly #log: Log;
  readonly #remembered: LocalPorts;
  readonly #reserved: readonly number[];
  readonly #carrier: TieredCarrier;
  readonly #gate: PeerGate;
  readonly #keyGate: KeyGate;
  readonly #use: LocalUse;
  readonly #ports = new Map<Tool, LocalPort>();
  readonly #record = new LinkRecord();
  #target: Target;
  #machine = closedTunnel;
  #told: Link = linkOf(closedTunnel);
  #connection: Connection | undefined;
  readonly #standby: Standby;
  #watch: Watch | undefined;
  #meter: LinkMeter | undefined;
  #compress = false;
  #cancelTimer: () => void = () => {};
  #binding: Promise<unknown> = Promise.resolve();
  readonly #goodbyes = new Set<Promise<void>>();
  #refreshing = false;
  #closed = false;

  constructor(
    id: SessionId,
    target: Target,
    ports: { readonly remembered: LocalPorts; readonly reserved: readonly number[] },
    options: SessionTunnelOptions,
  ) {
    this.#id = id;
    this.#options = options;
    this.#log = options.log.scope(id.slice(0, 8));
    this.#gate = new PeerGate({ log: this.#log });
    this.#use = new LocalUse({
      clock: options.clock,
      changed: (inUse) => options.listener.useChanged(id, inUse),
    });
    this.#remembered = ports.remembered;
    this.#reserved = ports.reserved;
    this.#target = target;
    this.#carrier = new TieredCarrier({
      client: createHash('sha256').update(`${options.key.publicLine} ${id}`).digest('hex').slice(0, 16),
      ports: () => Object.values(this.#target.remote),
      budget: options.budget,
      clock: options.clock,
      log: this.#log,
      changed: () => this.#tell(),
    });
    this.#keyGate = new KeyGate({
      carry: (socket, port) => this.#carrier.carry(socket, port),
      changed: () => this.#tell(),
      clock: options.clock,
      log: this.#log,
    });
    this.#standby = new Standby({
      dial: (hooks) => this.#dialSpare(hooks),
      hangUp: (connection) => this.#sayGoodbye(connection),
      ready: (connection) => {
        const change = this.#connection && this.#connection.isCompressed !== connection.isCompressed;
        if (change) this.#change();
        else this.#carrier.prepare(connection);
      },
      lost: () => this.#log.write('debug', 'The second connection was lost'),
      clock: options.clock,
    });
  }

  feed(event: TunnelEvent): void {
    const { clock, random } = this.#options;
    const isDoubtful = DOUBTFUL.includes(event.on);
    if (isDoubtful) {
      this.#standby.drop();
      // Nothing is known of the way that the next one takes.
      this.#compress = false;
    }
    const [machine, effects] = step(this.#machine, event, { now: clock.now(), jitter: random() });
    this.#machine = machine;
    for (const effect of effects) this.#run(effect);
    if (isDoubtful) this.reviewStandby();
    this.#tell();
  }

  /** Whether a second connection may wait, or the first one lives on without it. */
  reviewStandby(): void {
    const { phase, asleep } = this.#machine;
    if (!this.#options.mayStandBy()) this.#standby.drop();
    else if (phase.at === 'up' && !asleep) this.#standby.begin();
  }

  history(): LinkHistory {
    return this.#record.read(this.#options.clock.now());
  }

  /** Tells of the link, if it is not as it was told last. */
  #tell(): void {
    const link = this.#link();
    if (JSON.stringify(link) === JSON.stringify(this.#told)) return;
    this.#told = link;
    this.#record.follow(this.#options.clock.now(), link.at === 'up');
    const reason = 'reason' in link ? { reason: link.reason.message } : {};
    this.#log.write('info', `Link: ${link.at}`, reason);
    this.#options.listener.linkChanged(this.#id, link);
  }

  #link(): Link {
    const link = linkOf(this.#machine);
    if (link.at !== 'up') return link;
    const { plain, cut } = this.#carrier;
    return {
      ...link,
      ...(plain === undefined ? {} : { plain }),
      ...(cut === undefined ? {} : { cut }),
      ...(this.#keyGate.isRefused ? { passwordOnly: true } : {}),
    };
  }

  /** Binds a port for each tool that is ready and has none; bound ones stay as they are. */
  bind(): Promise<LocalPorts> {
    const bound = this.#binding.then(() => this.#bindMissing());
    this.#binding = bound.catch(() => {});
    return bound;
  }

  update(target: Target): Promise<LocalPorts> {
    const moved = !sameEnd(this.#target, target);
    this.#target = target;
    if (moved) this.feed({ on: 'retargeted' });
    return this.bind();
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#keyGate.close();
    // While there is a link to tell the remote machine.
    await this.#carrier.close();
    this.feed({ on: 'close' });
    await this.#binding;
    await Promise.all([...[...this.#ports.values()].map((p) => p.close()), ...this.#goodbyes]);
    this.#use.stop();
  }

  async #bindMissing(): Promise<LocalPorts> {
    const { firstPorts = FIRST_PORTS } = this.#target;
    for (const tool of TOOLS) {
      if (this.#closed) break;
      if (this.#ports.has(tool) || this.#target.remote[tool] === undefined) continue;
      const port = await bindPort(
        { first: firstPorts[tool], remembered: this.#remembered[tool], reserved: this.#reserved },
        (socket) => this.#accept(socket, tool),
        this.#gate,
      );
      this.#ports.set(tool, port);
    }
    return Object.fromEntries([...this.#ports].map(([tool, { port }]) => [tool, port]));
  }

  #accept(socket: Socket, tool: Tool): void {
    const port = this.#target.remote[tool];
    // Where nobody dials any more, waiting for a link would only be waiting.
    const isHopeless = this.#machine.phase.at === 'failed';
    if (port !== undefined && !this.#closed && !isHopeless) {
      const wasResting = this.#carrier.size === 0;
      this.#use.add(socket);
      if (tool === 'ssh') this.#keyGate.pass(socket, port);
      else this.#carrier.carry(socket, port);
      if (wasResting) this.#watch?.look();
      this.#meter?.look();
      return;
    }
    const why = isHopeless ? 'its session cannot be connected' : 'nothing is behind its port any more';
    this.#log.write('info', `A local connection was closed: ${why}`, { tool });
    socket.resetAndDestroy();
  }

  #run(effect: TunnelEffect): void {
    const { clock } = this.#options;
    switch (effect.run) {
      case 'dial':
        this.#connection = this.#dial(effect.dial);
        return;
      case 'carry':
        this.#carry();
        return;
      case 'hang-up':
        this.#hangUp();
        return;
      case 'wait':
        this.#cancelTimer();
        this.#cancelTimer = clock.after(effect.ms, () => this.feed({ on: 'due' }));
        return;
      case 'stop-waiting':
        this.#cancelTimer();
        return;
      case 'refresh':
        void this.#refresh();
        return;
      case 'probe':
        this.#watch?.probe(effect.graceMs);
        return;
    }
  }

  #dial(dial: number): Connection {
    const spare = this.#standby.take();
    if (!spare) return this.#dialAnew(dial);
    let isTaken = false;
    const cancel = this.#options.clock.after(LAST_LOOK_MS, () => {
      isTaken = true;
      this.feed({ on: 'connected', dial });
    });
    spare.lost = (failure) => {
      if (isTaken) {
        this.feed({ on: 'lost', dial, ...failure });
        return;
      }
      cancel();
      this.#sayGoodbye(spare.connection);
      if (this.#connection === spare.connection) this.#connection = this.#dialAnew(dial);
    };
    return spare.connection;
  }

  #dialAnew(dial: number): Connection {
    let installing: Promise<KeyInstall> | undefined;
    return this.#dialWith({
      almostUp: (connection) => this.#carrier.expect(connection),
      authorizing: (installed) => {
        installing = installed;
      },
      up: () => {
        this.#keyGate.loggedIn(installing);
        this.feed({ on: 'connected', dial });
      },
      lost: (failure) => this.feed({ on: 'lost', dial, ...failure }),
      firstUse: (seen) => {
        this.#pin(seen);
        this.#options.listener.hostKeySeen(this.#id, seen);
      },
    });
  }

  /** Its login shows whether a key that was put there is taken. */
  #dialSpare(hooks: DialHooks): Connection {
    const { isTaken } = this.#keyGate;
    return this.#dialWith({
      ...hooks,
      authorizing: (installed) => {
        void installed.then((result) => {
          if (isTaken && result === 'present') this.#keyGate.refuse();
        });
      },
    });
  }

  #dialWith(hooks: DialHooks): Connection {
    const { key, clock } = this.#options;
    return this.#options.dial({
      target: this.#target,
      key,
      clock,
      log: this.#log,
      hooks,
      compress: this.#compress,
      isKeyTaken: this.#keyGate.isTaken,
    });
  }

  /** From its first connection on a session is held to its key, even before the owner has remembered it. */
  #pin(seen: SeenHostKey): void {
    const hostKey = {
      ...this.#target.hostKey,
      expected: seen.fingerprint,
      keyType: seen.line.split(' ')[0] ?? '',
    };
    this.#target = { ...this.#target, hostKey };
  }

  #carry(): void {
    const connection = this.#connection;
    if (!connection || this.#closed) return;
    const { dial } = this.#machine;
    const dead = (): void => {
      // Where the one got lost in silence, the other did too.
      this.#standby.drop();
      this.feed({ on: 'lost', dial, reason: SILENT, fatal: false });
    };
    const { clock, restingMs } = this.#options;
    this.#watch = new Watch(connection, clock, dead, {
      restingMs: () => (this.#carrier.size > 0 ? undefined : restingMs()),
      measured: (ms) => this.#record.answered(clock.now(), ms),
    });
    this.#carrier.linkUp(connection);
    this.#meter = new LinkMeter({
      connection,
      carrier: this.#carrier,
      clock,
      decided: (compress) => this.#prepare(compress),
    });
    this.#meter.look();
    this.reviewStandby();
  }

  /** Has a connection dialled that compresses, or one that does not; it takes over once it is there. */
  #prepare(compress: boolean): void {
    this.#log.write(
      'info',
      compress ? 'The link is slow: it is compressed' : 'The link is fast: it is not compressed',
    );
    this.#compress = compress;
    this.#standby.drop();
    this.#standby.begin();
  }

  /** Goes over to the other connection while both are up; streams outlive that. */
  #change(): void {
    const spare = this.#standby.take();
    if (!spare || this.#machine.phase.at !== 'up' || this.#closed) return;
    const { dial } = this.#machine;
    spare.lost = (failure) => this.feed({ on: 'lost', dial, ...failure });
    this.#hangUp();
    this.#connection = spare.connection;
    this.#carry();
  }

  #hangUp(): void {
    this.#watch?.stop();
    this.#watch = undefined;
    this.#meter?.stop();
    this.#meter = undefined;
    this.#carrier.linkDown();
    const connection = this.#connection;
    this.#connection = undefined;
    if (connection) this.#sayGoodbye(connection);
  }

  #sayGoodbye(connection: Connection): void {
    const goodbye = connection.hangUp();
    this.#goodbyes.add(goodbye);
    void goodbye.finally(() => this.#goodbyes.delete(goodbye));
  }

  async #refresh(): Promise<void> {
    if (this.#refreshing) return;
    this.#refreshing = true;
    try {
      await this.update(await this.#options.refresh(this.#id));
    } catch (error) {
      // The server may be as unreachable as the machine; the next failed dial asks again.
      this.#log.write('debug', 'The session could not be looked up again', { error });
    } finally {
      this.#refreshing = false;
    }
  }
}

/** Whether two targets are dialled alike; the ports behind the SSH server do not matter for that. */
function sameEnd(a: Target, b: Target): boolean {
  const end = ({ host, port, username, password, hostKey: { expected, ours } }: Target) =>
    JSON.stringify([host, port, username, password, expected, ours]);
  return end(a) === end(b);
}
