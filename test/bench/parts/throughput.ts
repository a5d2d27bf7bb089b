import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../integration/servers.ts';
import { type AppClient, isWhole } from '../app-client.ts';
import { type Bench, Impossible, now, type Part } from '../part.ts';
import { measured, median } from '../report.ts';
import { addAgent, sshdMachines, startFarEnd, startWorld } from '../world.ts';

export const BYTES = 256 * 2 ** 20;
const ROUNDS = 5;
const CONNECTIONS = 40;
const LOOK_MS = 50;
const BETWEEN_ANSWERS_MS = 5;

interface Speeds {
  readonly down: number[];
  readonly up: number[];
  readonly connect: number[];
  /** Of the client's process, in s for each GiB. */
  readonly cpu: number[];
}

const WAYS = ['direct', 'ssh', 'app'] as const;
type Way = (typeof WAYS)[number];

/** The app's tunnel beside `ssh -L` to the same sshd, in turns. For orientation, hence without goals. */
export const throughput: Part = {
  name: 'throughput',
  about: 'the tunnel beside ssh -L on loopback',
  limitS: 150,
  async run(bench) {
    const farEnd = await startFarEnd(bench);
    const machines = sshdMachines(bench, farEnd);
    const world = await startWorld(bench, { queues: [{ name: 'default', agents: 0 }] });
    addAgent(bench, world, 'default', machines);
    const id = await world.client.launch(world.queue('default'), 'Throughput');
    const { ports } = await world.client.session('a connection', id, isWhole);
    const key = join(world.app.dataDir, 'ssh', 'id_ed25519');
    const server = machines.server(id);
    // With it the app lets the person's own ssh in, a moment after its first login.
    while (!existsSync(join(server.home, '.ssh', 'authorized_keys'))) await sleep(LOOK_MS);
    const ssh = await forward(bench, { key, port: server.port, to: farEnd });

    const port: Record<Way, number> = { direct: farEnd, ssh: ssh.port, app: ports.jupyter ?? 0 };
    const pid: { readonly [W in Way]?: number | undefined } = { ssh: ssh.pid, app: world.app.pid };
    const speeds: Record<Way, Speeds> = { direct: empty(), ssh: empty(), app: empty() };
    for (let round = 0; round < ROUNDS; round++) {
      for (const way of WAYS) {
        const before = cpuSeconds(pid[way]);
        speeds[way].down.push(await rate(() => download(port[way])));
        speeds[way].up.push(await rate(() => upload(port[way])));
        speeds[way].cpu.push((cpuSeconds(pid[way]) - before) / (2 * (BYTES / 2 ** 30)));
        for (let i = 0; i < CONNECTIONS / ROUNDS; i++) speeds[way].connect.push(await connection(port[way]));
      }
    }
    bench.add(
      measured(
        'An answer of the app while its tunnel carries what it can',
        'ms',
        await answers(world.client, port.app),
      ),
    );
    const names: Record<Way, string> = {
      direct: 'no SSH',
      ssh: 'OpenSSH `ssh -L`, aes128-gcm',
      app: 'the app',
    };
    const show = (what: string, unit: 'MiB/s' | 'ms' | 's/GiB', of: (s: Speeds) => number[]): void => {
      for (const way of WAYS) {
        if (of(speeds[way]).every((value) => Number.isFinite(value)))
          bench.add(measured(`${what}, ${names[way]}`, unit, of(speeds[way])));
      }
      const ratio = median(of(speeds.app)) / median(of(speeds.ssh));
      if (Number.isFinite(ratio))
        bench.add(measured('· ratio of the medians, the app to OpenSSH', '×', [ratio]));
    };
    show('Download of 256 MiB', 'MiB/s', (s) => s.down);
    show('Upload of 256 MiB', 'MiB/s', (s) => s.up);
    show('CPU time of the client', 's/GiB', (s) => s.cpu);
    show('New connection to its first byte', 'ms', (s) => s.connect);
  },
};

/** How long the app takes to answer its page meanwhile. */
async function answers(client: AppClient, port: number): Promise<number[]> {
  let isOver = false;
  const carried = download(port, 4 * BYTES).then(() => {
    isOver = true;
  });
  const times: number[] = [];
  while (!isOver) {
    const at = now();
    await client.call('state.get');
    times.push(now() - at);
    await sleep(BETWEEN_ANSWERS_MS);
  }
  await carried;
  return times;
}

const empty = (): Speeds => ({ down: [], up: [], connect: [], cpu: [] });

interface Forward {
  readonly key: string;
  readonly port: number;
  readonly to: number;
}

/** Starts `ssh -L` and resolves with its local port and process. */
async function forward(
  bench: Bench,
  { key, port, to }: Forward,
): Promise<{ readonly port: number; readonly pid: number | undefined }> {
  const local = await freePort();
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
    'ExitOnForwardFailure=yes',
  ].flatMap((option) => ['-o', option]);
  const argv = ['-N', '-F', 'none', '-c', 'aes128-gcm@openssh.com', '-i', key, ...options];
  const target = ['-L', `127.0.0.1:${local}:127.0.0.1:${to}`, '-p', String(port), 'root@127.0.0.1'];
  const child = spawn('ssh', [...argv, ...target], { stdio: ['ignore', 'ignore', 'inherit'] });
  let ended: string | undefined;
  child.once('error', (error) => {
    ended = error.message;
  });
  child.once('exit', (code) => {
    ended = `exit code ${code}`;
  });
  bench.defer(() => child.kill('SIGKILL'));
  for (;;) {
    if (ended) throw new Impossible(`ssh -L does not run here: ${ended}`);
    const answers = await connection(local).catch(() => undefined);
    if (answers !== undefined) return { port: local, pid: child.pid };
    await sleep(LOOK_MS);
  }
}

/** What a process has used so far, from /proc; NaN where there is none. Linux counts in hundredths. */
export function cpuSeconds(pid: number | undefined): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return Number.NaN;
  const stat = readFileSync(file, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13);
  return (Number(user) + Number(system)) / 100;
}

/** MiB/s. */
export async function rate(work: () => Promise<void>, bytes = BYTES): Promise<number> {
  const startedAt = now();
  await work();
  return bytes / 2 ** 20 / ((now() - startedAt) / 1000);
}

/** Of bytes that do not compress, or of text. */
export async function download(port: number, bytes = BYTES, kind: 'd' | 't' = 'd'): Promise<void> {
  const socket = await dial(port);
  let left = bytes;
  socket.on('data', (data) => {
    left -= data.length;
  });
  const ended = once(socket, 'end');
  socket.write(`${kind}${bytes}\n`);
  await ended;
  socket.destroy();
  if (left !== 0) throw new Error(`${left} bytes of the download are missing`);
}

/** Nothing that compresses. */
const BLOCK = randomBytes(256 * 1024);

export async function upload(port: number, bytes = BYTES): Promise<void> {
  const socket = await dial(port);
  const taken = once(socket, 'data');
  socket.write(`u${bytes}\n`);
  for (let left = bytes; left > 0; left -= BLOCK.length) {
    if (!socket.write(BLOCK)) await once(socket, 'drain');
  }
  await taken;
  socket.destroy();
}

/** From connecting to the echo of one byte, in ms. */
export async function connection(port: number): Promise<number> {
  const startedAt = now();
  const socket = await dial(port);
  const echoed = once(socket, 'data');
  socket.write('e');
  await echoed;
  socket.destroy();
  return now() - startedAt;
}

export async function dial(port: number): Promise<Socket> {
  const socket = connect({ host: '127.0.0.1', port, noDelay: true });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}
