import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type SshServer, startDropbear, startSshd } from '../integration/servers.ts';
import { A, dialLocal, remoteServer, targetOf, tunnelBench } from '../integration/tunnel-bench.ts';
import { type Plan, planStream, runFar, runNear } from './checked-stream.ts';
import { type Network, networkTo } from './network.ts';
import { Random } from './random.ts';

export interface ChaosOptions {
  readonly server: 'sshd' | 'dropbear';
  readonly seed: number;
  readonly kills: number;
  /** It stops breaking links after that, however few there were. */
  readonly minutes: number;
  /** Streams that are open at a time. */
  readonly streams: number;
  readonly say: (line: string) => void;
}

export interface ChaosReport {
  /** How often links were broken, by the way it was done. */
  readonly kills: { readonly [way: string]: number };
  readonly links: number;
  readonly streams: number;
  readonly bytes: number;
  /** What was wrong with streams; empty if all was well. */
  readonly problems: readonly string[];
  /** What was left behind; empty if all was well. */
  readonly leaks: readonly string[];
  readonly seconds: number;
  /** The most that the process held, in MiB. */
  readonly rssMb: number;
}

/** For the last streams, once nothing breaks any more. */
const DRAIN_MS = 60_000;
const WAYS = [
  'kill',
  'cut',
  'reconnect',
  'twice',
  'greeting',
  'one of two',
  'slow',
  'black hole',
  'freeze',
] as const;
/** By then there is a second connection. */
const STANDBY_MS = 2700;

/** Carries streams whose every byte is known through a real server, and breaks the link in all ways. */
export async function chaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, say } = options;
  const random = new Random(seed);
  const startedAt = Date.now();
  const server = await (options.server === 'sshd' ? startSshd() : startDropbear());
  if (!server) throw new Error(`${options.server} cannot run here.`);
  const problems: string[] = [];
  const connections = new Map<number, number>();
  const far = await remoteServer((socket) => {
    void runFar(
      socket,
      (id) => connections.set(id, (connections.get(id) ?? 0) + 1),
      (_id, problem) => problem && problems.push(`far: ${problem}`),
    );
  });
  const network = await networkTo(server.port);
  const b = tunnelBench({ standbys: 1 });
  const { jupyter } = await b.pool.open(
    A,
    targetOf(server, { jupyter: far.port }, { port: network.port }),
    {},
  );
  await b.logged('The relay is running');
  const relayPid = Number(/"pid":(\d+)/.exec(b.log.find((l) => l.includes('relay is running')) ?? '')?.[1]);
  const before = { near: openFiles(process.pid), relay: openFiles(relayPid) };

  let isOver = false;
  let nextId = 1;
  let done = 0;
  let bytes = 0;
  let rssMb = 0;
  const running = new Map<Plan, number>();
  const kills: { [way: string]: number } = Object.fromEntries(WAYS.map((way) => [way, 0]));
  const killed = () => Object.values(kills).reduce((sum, n) => sum + n, 0);

  const keepStreaming = async () => {
    while (!isOver && problems.length === 0) {
      const plan = planStream(nextId++, random);
      running.set(plan, Date.now());
      const socket = await dialLocal(jupyter);
      const problem = await runNear(socket, plan);
      socket.destroy();
      running.delete(plan);
      if (problem) problems.push(`near: ${problem}`);
      const came = connections.get(plan.id) ?? 0;
      connections.delete(plan.id);
      if (came > 1) problems.push(`stream ${plan.id} became ${came} connections`);
      done++;
      bytes += plan.up + plan.down;
    }
  };
  const streams = Promise.all(Array.from({ length: options.streams }, keepStreaming));

  const deadline = startedAt + options.minutes * 60_000;
  while (killed() < options.kills && Date.now() < deadline && problems.length === 0) {
    const way = random.pick([
      [30, 'kill'],
      [25, 'cut'],
      [10, 'reconnect'],
      [10, 'twice'],
      [20, 'greeting'],
      [3, 'one of two'],
      [2, 'slow'],
      [1, 'black hole'],
      [1, 'freeze'],
    ] as const);
    await up(b);
    await sleep(way === 'greeting' ? random.int(0, 20) : random.int(0, 250));
    await breakLink(way, { server, network, b }, random);
    kills[way] = (kills[way] ?? 0) + 1;
    rssMb = Math.max(rssMb, process.memoryUsage.rss() / 2 ** 20);
    if (killed() % 100 === 0) say(`${killed()} kills, ${done} streams, ${Math.round(bytes / 2 ** 20)} MiB`);
  }
  isOver = true;
  await up(b);
  const late = sleep(DRAIN_MS, 'late' as const, { ref: false });
  if ((await Promise.race([streams, late])) === 'late') {
    for (const plan of running.keys()) problems.push(`never ended: ${JSON.stringify(plan)}`);
    problems.push(...b.log.slice(-20));
  }

  // What is on its way out may take a moment.
  await sleep(1000);
  const leaks = [
    ...leak('open files of the relay', openFiles(relayPid) - before.relay),
    ...leak('open files here', openFiles(process.pid) - before.near),
  ];
  const links = b.links().filter(({ at }) => at === 'up').length;
  if (b.log.some((line) => line.includes('relay on the remote machine is gone')))
    problems.push('The relay died.');
  const folder = relayFolder(relayPid);
  await b.pool.stop();
  await sleep(1000);
  if (isRunning(relayPid)) leaks.push('the relay');
  if (!folder || existsSync(folder)) leaks.push('the folder of the relay');
  await b.stop();
  await far.close();
  await network.close();
  await server.stop();
  const seconds = (Date.now() - startedAt) / 1000;
  return { kills, links, streams: done, bytes, problems, leaks, seconds, rssMb };
}

type Bench = ReturnType<typeof tunnelBench>;

/** Waits until the link is up, and has it dialled at once where it would wait. */
async function up(b: Bench): Promise<void> {
  for (;;) {
    const at = b.links().at(-1)?.at;
    if (at === 'up') return;
    if (at === 'waiting' || at === 'failed') b.pool.reconnect(A);
    await sleep(5);
  }
}

async function breakLink(
  way: (typeof WAYS)[number],
  { server, network, b }: { readonly server: SshServer; readonly network: Network; readonly b: Bench },
  random: Random,
): Promise<void> {
  const before = b.links().length;
  switch (way) {
    case 'kill':
    case 'greeting':
      server.kill();
      break;
    case 'reconnect':
      b.pool.reconnect(A);
      break;
    case 'twice':
      b.pool.reconnect(A);
      await sleep(random.int(0, 60));
      server.kill();
      break;
    case 'cut':
      network.cutAfter(random.int(0, random.next() < 0.5 ? 2000 : 500_000));
      break;
    case 'one of two': {
      await sleep(STANDBY_MS);
      const pids = server.sessions();
      const pid = pids[random.int(0, pids.length)];
      if (pid !== undefined) process.kill(pid, 'SIGKILL');
      await sleep(random.int(0, 100));
      return;
    }
    case 'slow':
      await network.slowFor(random.int(100, 1000));
      server.kill();
      break;
    case 'black hole':
      network.swallow();
      b.pool.networkChanged();
      // Until it is noticed.
      for (let n = 0; n < 1000 && b.links().length === before; n++) await sleep(5);
      return;
    case 'freeze': {
      server.freeze();
      b.pool.networkChanged();
      await sleep(random.int(100, 3500));
      server.thaw();
      return;
    }
  }
  // The news of it may take a moment, and the next one is to hit another link.
  for (let n = 0; n < 200 && b.links().length === before; n++) await sleep(5);
}

const openFiles = (pid: number): number =>
  existsSync(`/proc/${pid}/fd`) ? readdirSync(`/proc/${pid}/fd`).length : 0;

/** A few come and go by themselves. */
const leak = (what: string, more: number): string[] => (more > 4 ? [`${more} more ${what}`] : []);

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}/fd`) && openFiles(pid) > 0;

const relayFolder = (pid: number): string | undefined =>
  readdirSync(tmpdir())
    .filter((name) => name.startsWith('clearml-session-tray-relay-'))
    .map((name) => join(tmpdir(), name))
    .find((folder) => readIfThere(join(folder, 'pid')) === `${pid}\n`);

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
