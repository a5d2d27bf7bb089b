import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LocalPorts } from '../../preload/contract/state.ts';
import { startDelayLine } from '../doubles/delay-line.ts';
import { startDropbear, startSshd } from '../integration/servers.ts';
import { dialLocal, remoteServer, targetOf } from '../integration/tunnel-bench.ts';
import { type Fault, type Plan, planStream, runFar, runNear } from './checked-stream.ts';
import { bundleClient, ClientProcess, type ClientProgram, type Mutation } from './client-process.ts';
import { EXTERNAL, HEAP } from './inside.ts';
import { foldersLike, type Held, heldBy, more, processesBeside, relayFolder, rssMb } from './leftovers.ts';
import { networkTo } from './network.ts';
import { Random } from './random.ts';
import { breakLink, ENDING_WAYS, up, WAYS, type Way, type World } from './ways.ts';

export interface ChaosOptions {
  readonly server: 'sshd' | 'dropbear';
  /** How far away it is, there and back. */
  readonly rttMs: number;
  readonly seed: number;
  readonly kills: number;
  /** It stops breaking links after that, however few there were. */
  readonly minutes: number;
  /** Streams that are open at a time. */
  readonly streams: number;
  readonly say: (line: string) => void;
  /** Ends it early. */
  readonly signal?: AbortSignal;
  /** To see whether a fault is found, or to wait less. */
  readonly mutation?: Mutation;
}

export interface ChaosReport {
  /** How often something was broken, by the way it was done. */
  readonly kills: { readonly [way: string]: number };
  readonly links: number;
  readonly streams: number;
  readonly bytes: number;
  /** Streams that were open when the app or the relay was killed, and which nothing could have saved. */
  readonly lost: number;
  /** What was wrong with streams; empty if all was well. */
  readonly problems: readonly string[];
  /** What was left behind; empty if all was well. */
  readonly leaks: readonly string[];
  readonly seconds: number;
  /** MiB that the processes held, and what of it was alive, early and late in the life of the first ones. */
  readonly memory: { readonly [what: string]: { readonly early: number; readonly late: number } };
}

/** For the last streams, once nothing breaks any more. */
const DRAIN_MS = 90_000;
/** What kills the app or the relay comes last, so that one process of each is seen for most of the run. */
const LAST_PART = 0.1;
const ENDING_SHARE = 0.2;
/** By then there is a second connection. */
const SETTLE_MS = 4000;
/** A relay whose client has begun anew ends after a minute. */
const SUPERSEDED_MS = 80_000;

/** A process warms up for a while, and what streams wait for comes and goes. */
const ENOUGH_KILLS = 200;
const MORE_MB = 64;
/** What is alive is counted after so many kills. */
const COLLECT_EVERY = 5;

/** What the app said last, where something went wrong. */
const LOG_LINES = 40;
const WAYS_SHOWN = 8;

/** What nothing could save, and how it then may end. */
type Doom = 'app killed' | 'relay killed';
const MAY_END: { readonly [D in Doom]: { readonly [E in 'near' | 'far']: readonly Fault['kind'][] } } = {
  // The system ends a dead process's connections as it likes; the relay that is left must break its own off.
  'app killed': { near: ['ended', 'broke', 'ended or broke'], far: ['broke', 'ended or broke'] },
  'relay killed': { near: ['broke', 'ended or broke'], far: ['ended', 'broke', 'ended or broke'] },
};

/** Carries streams whose every byte is known through a real server, and breaks the link in all ways. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const program = await bundleClient(options.mutation);
  try {
    return await new Chaos(options, program).run();
  } finally {
    program.remove();
  }
}

class Chaos {
  readonly #options: ChaosOptions;
  readonly #program: ClientProgram;
  readonly #random: Random;
  readonly #startedAt = Date.now();
  readonly #problems: string[] = [];
  readonly #leaks: string[] = [];
  readonly #kills: { [way: string]: number } = {};
  /** What was broken, and when. */
  readonly #lately: string[] = [];
  readonly #running = new Set<Plan>();
  /** Those whose far end is not over. */
  readonly #arriving = new Set<number>();
  readonly #doomed = new Map<number, Doom>();
  readonly #connections = new Map<number, number>();
  readonly #farSockets = new Set<Socket>();
  readonly #memory = new Map<string, number[]>();
  #ports: LocalPorts = {};
  /** Pending while the app is down. */
  #served: Promise<unknown> = Promise.resolve();
  #nextId = 1;
  #streams = 0;
  #bytes = 0;
  #lost = 0;
  #links = 0;
  readonly #sent = new Set<() => void>();

  constructor(options: ChaosOptions, program: ClientProgram) {
    this.#options = options;
    this.#program = program;
    this.#random = new Random(options.seed);
  }

  async run(): Promise<ChaosReport> {
    this.#options.signal?.addEventListener('abort', () => this.#problems.push('It was interrupted.'));
    const server = await (this.#options.server === 'sshd' ? startSshd() : startDropbear());
    if (!server) throw new Error(`${this.#options.server} cannot run here.`);
    const far = await remoteServer((socket) => this.#serveFar(socket));
    const { rttMs } = this.#options;
    const line = rttMs > 0 ? await startDelayLine({ to: server.port, delayMs: rttMs / 2 }) : undefined;
    const network = await networkTo(line?.port ?? server.port);
    const folder = mkdtempSync(join(tmpdir(), 'tray-chaos-key-'));
    const target = targetOf(server, { jupyter: far.port }, { port: network.port });
    const id = randomBytes(16).toString('hex');
    const start = async (): Promise<ClientProcess> => {
      const opening = { id, target, remembered: this.#ports, folder };
      const client = new ClientProcess(this.#program, opening, (said) =>
        this.#problems.push(`The app crashed: ${said}`),
      );
      this.#ports = await client.ports;
      return client;
    };
    const world: World = {
      server,
      network,
      random: this.#random,
      client: await start(),
      start,
      port: () => this.#ports.jupyter ?? 0,
      nextSent: () => new Promise((resolve) => this.#sent.add(resolve)),
      wrong: (what) => this.#problems.push(what),
    };
    let relays: string | undefined;
    try {
      const relay = await world.client.relay();
      relays = relayFolder(relay)?.replace(/-\d+-[^-]*$/, '-');
      await this.#breakAll(world, relay);
    } catch (error) {
      // What was started is ended all the same.
      this.#problems.push((error as Error).stack ?? '');
    }

    this.#links += world.client.links.filter(({ at }) => at === 'up').length;
    if (world.client.log.some((line) => line.includes('The thread of the tunnels has ended')))
      this.#problems.push('The thread of the tunnels crashed.');
    if (this.#problems.length > 0)
      this.#problems.push(...this.#lately.slice(-WAYS_SHOWN), ...told(world.client.log));
    await world.client.stop();
    await this.#gone('connections to the far end', () => [...this.#farSockets].map(() => 'open'));
    await this.#gone('processes of the session', () => processesBeside(server.pid));
    await this.#gone('folders of relays', () =>
      relays === undefined ? ['never seen'] : foldersLike(relays),
    );
    await far.close();
    await network.close();
    await line?.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
    return this.#report();
  }

  /** First what streams outlive, then all the rest. */
  async #breakAll(world: World, relay: number): Promise<void> {
    await sleep(SETTLE_MS);
    const before = await heldBy(world.client, relay);

    const { kills } = this.#options;
    const first = Math.ceil(kills * (1 - LAST_PART));
    await this.#act(world, first, WAYS, relay);
    this.#countLeftovers(before, await this.#settled(world, relay));
    const ways: readonly (readonly [number, Way])[] = [
      [1 - ENDING_SHARE, 'some other'],
      ...ENDING_WAYS.map((way) => [ENDING_SHARE / ENDING_WAYS.length, way] as const),
    ];
    await this.#act(world, kills, ways);
    // What was sent before its local program left is still under way.
    for (const deadline = Date.now() + DRAIN_MS; this.#arriving.size > 0 && Date.now() < deadline; )
      await sleep(50);
  }

  /** Until so many kills were done in all; then it waits for the streams to end. */
  async #act(
    world: World,
    kills: number,
    ways: readonly (readonly [number, Way])[],
    relay?: number,
  ): Promise<void> {
    const { minutes, streams, say } = this.#options;
    const deadline = this.#startedAt + minutes * 60_000;
    const state = { isOver: false };
    const carried = Promise.all(Array.from({ length: streams }, () => this.#keepStreaming(state)));
    while (this.#killed < kills && Date.now() < deadline && this.#problems.length === 0) {
      const picked = this.#random.pick(ways);
      const way = picked === 'some other' ? this.#random.pick(WAYS) : picked;
      await up(world.client);
      await sleep(way === 'greeting' ? this.#random.int(0, 20) : this.#random.int(0, 250));
      this.#lately.push(`${new Date().toISOString()} chaos: ${way}`);
      await this.#break(way, world);
      this.#kills[way] = (this.#kills[way] ?? 0) + 1;
      if (relay !== undefined) await this.#noteMemory(world.client, relay);
      if (this.#killed % 100 === 0)
        say(`${this.#killed} kills, ${this.#streams} streams, ${mib(this.#bytes)} MiB`);
    }
    state.isOver = true;
    await up(world.client);
    const late = sleep(DRAIN_MS, 'late' as const, { ref: false });
    if ((await Promise.race([carried, late])) !== 'late' || !world.client.isAlive) return;
    for (const plan of this.#running) this.#problems.push(`never ended: ${JSON.stringify(plan)}`);
  }

  /** Of the whole processes each time; what of it is alive is found out by a collection, which is not always done. */
  async #noteMemory(client: ClientProcess, relay: number): Promise<void> {
    this.#note('app, RSS', rssMb(client.pid));
    this.#note('relay, RSS', rssMb(relay));
    if (this.#killed % COLLECT_EVERY !== 0) return;
    const usage = await client.usage();
    for (const kind of [HEAP, EXTERNAL]) this.#note(`app, ${kind}`, usage[kind] ?? 0);
  }

  #note(what: string, mb: number): void {
    this.#memory.set(what, [...(this.#memory.get(what) ?? []), Math.round(mb)]);
  }

  async #break(way: Way, world: World): Promise<void> {
    if (way !== 'app killed' && way !== 'relay killed') return breakLink(way, world);
    let served = (): void => {};
    this.#served = new Promise<void>((resolve) => (served = resolve));
    this.#links += world.client.links.filter(({ at }) => at === 'up').length;
    for (const { id } of this.#running) this.#doomed.set(id, way);
    // What a local program has sent before it left may still be under way.
    for (const id of this.#arriving) this.#doomed.set(id, way);
    await breakLink(way, world);
    served();
  }

  get #killed(): number {
    return Object.values(this.#kills).reduce((sum, n) => sum + n, 0);
  }

  async #keepStreaming(state: { readonly isOver: boolean }): Promise<void> {
    while (!state.isOver && this.#problems.length === 0) {
      await this.#served;
      const plan = planStream(this.#nextId++, this.#random);
      this.#running.add(plan);
      const fault = await this.#carry(plan).catch(
        (error: Error): Fault => ({ kind: 'broke', text: `stream ${plan.id}: ${error.message}` }),
      );
      this.#running.delete(plan);
      this.#judge('near', plan.id, fault);
      if ((this.#connections.get(plan.id) ?? 0) > 1)
        this.#problems.push(`stream ${plan.id} became several connections`);
      this.#streams++;
      this.#bytes += plan.up + plan.down;
      if (fault) await sleep(10);
    }
  }

  async #carry(plan: Plan): Promise<Fault | undefined> {
    const socket = await dialLocal(this.#ports.jupyter);
    const fault = await runNear(socket, plan, () => {
      for (const tell of this.#sent) tell();
      this.#sent.clear();
    });
    socket.destroy();
    return fault;
  }

  #serveFar(socket: Socket): void {
    this.#farSockets.add(socket);
    socket.once('close', () => this.#farSockets.delete(socket));
    void runFar(
      socket,
      (id) => {
        this.#connections.set(id, (this.#connections.get(id) ?? 0) + 1);
        this.#arriving.add(id);
      },
      (id, fault) => {
        this.#arriving.delete(id);
        this.#judge('far', id, fault);
      },
    );
  }

  #judge(end: 'near' | 'far', id: number, fault: Fault | undefined): void {
    if (!fault) return;
    const doom = this.#doomed.get(id);
    if (!doom || !MAY_END[doom][end].includes(fault.kind))
      this.#problems.push(`${end}: ${fault.text}${doom ? ` (${doom})` : ''}`);
    else if (end === 'near') this.#lost++;
  }

  /** What is held once all that is on its way out has gone. */
  async #settled(world: World, relay: number): Promise<Held> {
    await sleep(SETTLE_MS);
    if (this.#farSockets.size > 0) this.#leaks.push(`${this.#farSockets.size} connections to the far end`);
    return heldBy(world.client, relay);
  }

  #countLeftovers(before: Held, after: Held): void {
    this.#leaks.push(...more(before, after));
    if (this.#killed < ENOUGH_KILLS) return;
    for (const [what, samples] of this.#memory) {
      const { early, late } = earlyAndLate(samples);
      if (late > early + MORE_MB) this.#leaks.push(`${late - early} MiB more: ${what}`);
    }
  }

  async #gone(what: string, left: () => readonly string[]): Promise<void> {
    const isQuick = !ENDING_WAYS.some((way) => this.#kills[way]);
    const deadline = Date.now() + (isQuick ? 5000 : SUPERSEDED_MS);
    while (left().length > 0 && Date.now() < deadline) await sleep(100);
    if (left().length > 0) this.#leaks.push(`${left().length} ${what}: ${left().join(', ')}`);
  }

  #report(): ChaosReport {
    return {
      kills: this.#kills,
      links: this.#links,
      streams: this.#streams,
      bytes: this.#bytes,
      lost: this.#lost,
      problems: this.#problems,
      leaks: this.#leaks,
      seconds: Math.round((Date.now() - this.#startedAt) / 1000),
      memory: Object.fromEntries(
        [...this.#memory].map(([what, samples]) => [what, earlyAndLate(samples)] as const),
      ),
    };
  }
}

/** The link says much that is of no interest. */
const told = (log: readonly string[]): readonly string[] =>
  log.filter((line) => !/ Link: /.test(line)).slice(-LOG_LINES);

const mib = (bytes: number): number => Math.round(bytes / 2 ** 20);

/** Of a fifth near the beginning, once it has warmed up, and of the last fifth. */
function earlyAndLate(samples: readonly number[]): { early: number; late: number } {
  const fifth = Math.max(1, Math.floor(samples.length / 5));
  return { early: median(samples.slice(fifth, 2 * fifth)), late: median(samples.slice(-fifth)) };
}

const median = (samples: readonly number[]): number =>
  [...samples].sort((a, b) => a - b)[Math.floor(samples.length / 2)] ?? 0;
