import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { STABLE_MS } from '../../../main/core/ssh/tunnel-machine.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import { reasonAgainst } from '../../integration/servers.ts';
import { firstByte, isUp, isWhole } from '../app-client.ts';
import { type Bench, Impossible, now, type Part } from '../part.ts';
import { measured } from '../report.ts';
import {
  addAgent,
  demoMachines,
  type Machines,
  type SshdMachines,
  sshdMachines,
  startFarEnd,
  startWorld,
  type World,
} from '../world.ts';

const KILLS = 10;
const FREEZES = 4;
/** An idle connection is probed this often: freezes come at moments spread over it. */
const LOOK_MS = 1400;
/** One for each session. */
const QUEUES = ['demo', 'idle', 'busy'] as const;
/** Somebody types, or a page plays. */
const TRAFFIC_MS = 100;

/** How long a broken connection is felt at its local port. */
export const recovery: Part = {
  name: 'recovery',
  about: 'kill and freeze of SSH connections to the next byte',
  limitS: 180,
  async run(bench) {
    const world = await startWorld(bench, { queues: QUEUES.map((name) => ({ name, agents: 0 })) });
    const reason = reasonAgainst('sshd');
    const demo = await begin(bench, world, 'demo', demoMachines(bench));
    const sshd = reason ? undefined : sshdMachines(bench, await startFarEnd(bench));
    const idle = sshd && (await begin(bench, world, 'idle', sshd));
    await measureKills(bench, world, [
      { ...demo, where: 'the demo' },
      ...(idle ? [{ ...idle, where: 'real sshd' }] : []),
    ]);
    if (!sshd || !idle) throw new Impossible(reason ?? 'sshd cannot run here');
    const busy = await begin(bench, world, 'busy', sshd);
    await measureFreezes(bench, world, { idle, busy });
  },
};

interface Connected<M extends Machines = Machines> {
  readonly id: SessionId;
  readonly machines: M;
}

async function begin<M extends Machines>(
  bench: Bench,
  world: World,
  queue: (typeof QUEUES)[number],
  machines: M,
): Promise<Connected<M>> {
  addAgent(bench, world, queue, machines);
  const id = await world.client.launch(world.queue(queue), queue);
  await world.client.session('a connection', id, isWhole);
  return { id, machines };
}

async function measureKills(
  bench: Bench,
  world: World,
  sessions: readonly (Connected & { readonly where: string })[],
): Promise<void> {
  const samples = sessions.map((): number[] => []);
  for (let i = 0; i < KILLS; i++) {
    await sleep(STABLE_MS + 100);
    for (const [at, session] of sessions.entries()) samples[at]?.push(await kill(world, session));
  }
  for (const [at, { where }] of sessions.entries()) {
    bench.add(measured(`Kill of the SSH connection to the next byte (${where})`, 'ms', samples[at] ?? []));
  }
}

async function kill({ client }: World, { id, machines }: Connected): Promise<number> {
  const { ports } = await client.session('a connection', id, isUp);
  machines.kill(id);
  const at = now();
  return (await firstByte(ports.ssh)) - at;
}

async function measureFreezes(
  bench: Bench,
  world: World,
  { idle, busy }: { readonly idle: Connected<SshdMachines>; readonly busy: Connected<SshdMachines> },
): Promise<void> {
  const samples: { readonly idle: Freeze[]; readonly busy: Freeze[] } = { idle: [], busy: [] };
  for (let i = 0; i < FREEZES; i++) {
    await sleep(STABLE_MS + ((i + Math.random()) / FREEZES) * LOOK_MS);
    const [quiet, loud] = await Promise.all([
      freeze(world, idle),
      withTraffic(world, busy.id, () => freeze(world, busy)),
    ]);
    samples.idle.push(quiet);
    samples.busy.push(loud);
  }
  for (const [when, of] of [
    ['bytes move', samples.busy],
    ['nothing moves', samples.idle],
  ] as const) {
    const noticed = of.map((f) => f.noticed);
    bench.add(measured(`Freeze of the sshd session until it is noticed, ${when}`, 'ms', noticed));
    const byte = of.map((f) => f.byte);
    bench.add(measured('· until the next byte', 'ms', byte));
  }
}

interface Freeze {
  readonly noticed: number;
  readonly byte: number;
}

/** Both in ms from the freeze. Nothing new is asked of the local port before the app has noticed. */
async function freeze({ client }: World, { id, machines }: Connected<SshdMachines>): Promise<Freeze> {
  const { ports } = await client.session('a connection', id, isUp);
  const endFrozen = machines.freeze(id);
  const at = now();
  await client.session('the notice of the freeze', id, (s) => !isUp(s));
  const noticed = now() - at;
  const byte = (await firstByte(ports.ssh)) - at;
  endFrozen();
  return { noticed, byte };
}

/** Runs `work` while a stream through the session's tool sends and echoes. */
async function withTraffic<T>({ client }: World, id: SessionId, work: () => Promise<T>): Promise<T> {
  const { ports } = await client.session('a connection', id, isUp);
  const socket = connect({ host: '127.0.0.1', port: ports.jupyter ?? 0 });
  socket.on('error', () => {});
  socket.write('e');
  await once(socket, 'data');
  socket.resume();
  const sending = setInterval(() => socket.write('x'), TRAFFIC_MS);
  try {
    return await work();
  } finally {
    clearInterval(sending);
    socket.destroy();
  }
}
