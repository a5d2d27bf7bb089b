import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort, reasonAgainst, type SshServer, startSshd } from '../../integration/servers.ts';
import { targetOf } from '../../integration/tunnel-bench.ts';
import { type Bench, Impossible, now, type Part } from '../part.ts';
import type { PoolSession } from '../pool.ts';
import { measured, median } from '../report.ts';
import { startFarEnd } from '../world.ts';
import { BYTES, connection, cpuSeconds, dial, download, rate, upload } from './throughput.ts';

const ROUNDS = 5;
const CONNECTIONS = 8;
const PINGS = 200;
const MANY = 200;
const AT_A_TIME = 20;
const KILLS = 10;

interface Way {
  readonly name: string;
  readonly port: number;
  readonly pid?: number | undefined;
}

/**
 * Streams that outlive links beside those that do not, all through sshd: the same tunnels without a relay, `ssh -L`,
 * and `ssh -C` in a terminal as clearml-session runs it.
 */
export const streams: Part = {
  name: 'streams',
  about: 'connections that outlive links beside those that do not',
  limitS: 240,
  async run(bench) {
    const far = await startFarEnd(bench);
    const { key, server } = await sshdWithKey(bench);
    // Nothing can be started over there: its connections go without a relay.
    const bare = await sshd(bench, { bashrc: 'exit 0\n' });
    const { ports, pid } = await startPool(bench, [
      { target: targetOf(server, { jupyter: far }), ready: 'The relay is running' },
      { target: targetOf(bare, { jupyter: far }), ready: 'there is no relay' },
    ]);
    const login = ['-i', key, '-p', String(server.port)];
    const ways: Way[] = [
      { name: 'no SSH', port: far },
      {
        name: '`ssh -L`, aes128-gcm',
        ...(await forward(bench, ['-N', '-c', 'aes128-gcm@openssh.com', ...login], far)),
      },
      { name: '`ssh -C` in a terminal', ...(await forward(bench, ['-C', '-tt', ...login], far)) },
      { name: 'the app, ending with links', port: ports[1] ?? 0, pid },
      { name: 'the app, outliving links', port: ports[0] ?? 0, pid },
    ];
    await compare(bench, ways);
    await recover(bench, server, ports[0] ?? 0);
  },
};

async function compare(bench: Bench, ways: readonly Way[]): Promise<void> {
  const quantities = [
    ['Download of 256 MiB', 'MiB/s', 1, (way: Way) => rate(() => download(way.port))],
    ['Upload of 256 MiB', 'MiB/s', 1, (way: Way) => rate(() => upload(way.port))],
    ['New connection to its first byte', 'ms', CONNECTIONS, (way: Way) => connection(way.port)],
    ['64 bytes there and back', 'ms', 1, (way: Way) => pingPong(way.port)],
    ['200 downloads of 1 MiB, 20 at a time', 'ms', 1, (way: Way) => manyDownloads(way.port)],
  ] as const;
  const samples = new Map<string, number[]>();
  const cpu = new Map<string, number[]>();
  const note = (map: Map<string, number[]>, name: string, value: number): void => {
    map.set(name, [...(map.get(name) ?? []), value]);
  };
  for (let round = 0; round < ROUNDS; round++) {
    for (const way of ways) {
      for (const [what, , times, measure] of quantities) {
        const before = cpuSeconds(way.pid);
        for (let n = 0; n < times; n++) note(samples, `${what}, ${way.name}`, await measure(way));
        if (what.startsWith('Download')) {
          note(
            cpu,
            `CPU time of the client, ${way.name}`,
            (cpuSeconds(way.pid) - before) / (BYTES / 2 ** 30),
          );
        }
      }
    }
  }
  const ours = ways.at(-1)?.name ?? '';
  for (const [what, unit] of quantities) {
    for (const { name } of ways)
      bench.add(measured(`${what}, ${name}`, unit, samples.get(`${what}, ${name}`) ?? []));
    for (const { name } of ways.slice(1, -1)) {
      const ratio =
        median(samples.get(`${what}, ${ours}`) ?? []) / median(samples.get(`${what}, ${name}`) ?? []);
      bench.add(measured(`· ratio of the medians, outliving links to ${name}`, '×', [ratio]));
    }
  }
  for (const [what, values] of cpu) {
    if (values.every((value) => Number.isFinite(value))) bench.add(measured(what, 's/GiB', values));
  }
}

async function manyDownloads(port: number): Promise<number> {
  const startedAt = now();
  let left = MANY;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await download(port, 2 ** 20);
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return now() - startedAt;
}

/** From the kill of the SSH connection to the next byte of a stream that outlives it. */
async function recover(bench: Bench, server: SshServer, port: number): Promise<void> {
  const times: number[] = [];
  const socket = await dial(port);
  socket.write('e');
  await once(socket, 'data');
  for (let n = 0; n < KILLS; n++) {
    // As long as a link has to hold until its loss is repaired at once.
    await sleep(6000);
    const killedAt = now();
    server.kill();
    socket.write('x');
    await once(socket, 'data');
    times.push(now() - killedAt);
  }
  socket.destroy();
  bench.add(measured('Kill of the SSH connection to the next byte of the same stream', 'ms', times));
}

/** One that lets a fresh key in, and the file of that key. */
export async function sshdWithKey(
  bench: Bench,
): Promise<{ readonly key: string; readonly server: SshServer }> {
  const reason = reasonAgainst('sshd');
  if (reason) throw new Impossible(reason);
  const folder = mkdtempSync(join(tmpdir(), 'bench-key-'));
  bench.defer(() => rmSync(folder, { recursive: true, force: true }));
  const key = join(folder, 'key');
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key]);
  const publicKey = execFileSync('ssh-keygen', ['-y', '-f', key], { encoding: 'utf8' }).trim();
  return { key, server: await sshd(bench, { authorizedKeys: [publicKey] }) };
}

export async function sshd(bench: Bench, options: Parameters<typeof startSshd>[0]): Promise<SshServer> {
  const server = await startSshd(options);
  if (!server) throw new Impossible('sshd cannot run here');
  bench.defer(() => server.stop());
  return server;
}

export async function startPool(
  bench: Bench,
  sessions: readonly PoolSession[],
  standbys = 0,
): Promise<{ ports: number[]; pid: number | undefined }> {
  const child = spawn(process.execPath, [join(bench.root, 'test/bench/pool.mjs')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  bench.defer(async () => {
    child.stdin.end();
    await once(child, 'exit');
  });
  child.stdin.write(`${JSON.stringify({ sessions, standbys })}\n`);
  const ports: number[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    ports.push(Number(line));
    if (ports.length === sessions.length) break;
  }
  return { ports, pid: child.pid };
}

/** Starts `ssh` with a local port that leads to `to`. */
export async function forward(
  bench: Bench,
  argv: readonly string[],
  to: number,
): Promise<{ port: number; pid: number | undefined }> {
  const port = await freePort();
  const options = [
    'BatchMode=yes',
    'IdentitiesOnly=yes',
    'StrictHostKeyChecking=no',
    'UserKnownHostsFile=/dev/null',
    'LogLevel=ERROR',
  ];
  const child = spawn(
    'ssh',
    [
      '-F',
      'none',
      ...options.flatMap((o) => ['-o', o]),
      '-L',
      `127.0.0.1:${port}:127.0.0.1:${to}`,
      ...argv,
      'root@127.0.0.1',
    ],
    { stdio: ['pipe', 'ignore', 'ignore'] },
  );
  bench.defer(() => child.kill('SIGKILL'));
  for (let n = 0; n < 200; n++) {
    if ((await connection(port).catch(() => undefined)) !== undefined) return { port, pid: child.pid };
    await sleep(50);
  }
  throw new Impossible('ssh -L does not run here');
}

/** The median of many, in ms. */
async function pingPong(port: number): Promise<number> {
  const socket = await dial(port);
  socket.write('e');
  await once(socket, 'data');
  const times: number[] = [];
  const text = Buffer.alloc(64, 'x');
  for (let n = 0; n < PINGS; n++) {
    const startedAt = now();
    socket.write(text);
    for (let got = 0; got < text.length; ) got += ((await once(socket, 'data'))[0] as Buffer).length;
    times.push(now() - startedAt);
  }
  socket.destroy();
  return median(times);
}
