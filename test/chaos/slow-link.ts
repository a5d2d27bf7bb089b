import { setTimeout as sleep } from 'node:timers/promises';
import { startDelayLine } from '../doubles/delay-line.ts';
import { startSshd } from '../integration/servers.ts';
import { A, dialLocal, remoteServer, targetOf, tunnelBench } from '../integration/tunnel-bench.ts';
import { type Plan, runFar, runNear } from './checked-stream.ts';
import { Random } from './random.ts';

export interface SlowLinkOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly say: (line: string) => void;
}

export interface SlowLinkReport {
  readonly minutes: number;
  /** How often a connection that lived was given up: of the one that carries, and of the one that waits beside it. */
  readonly falsePositives: { readonly carrying: number; readonly waiting: number };
  /** How often it began to compress, or ceased to. */
  readonly changes: number;
  readonly streams: number;
  readonly bytes: number;
  readonly problems: readonly string[];
}

/** 4 Mbit/s each way, 100 ms there and back, and some seconds of what was sent in the queues of the system. */
const LINK = { bytesPerSecond: 512 * 1024, delayMs: 50 };
/** What the link is used for, in turns of random lengths. */
const LOADS = ['download', 'upload', 'both', 'chat', 'nothing'] as const;
const STREAMS = 3;

/** A slow link under changing load, which nobody breaks: whatever is given up on it was given up by mistake. */
export async function slowLink({ seed, minutes, say }: SlowLinkOptions): Promise<SlowLinkReport> {
  const random = new Random(seed);
  const server = await startSshd();
  if (!server) throw new Error('sshd cannot run here.');
  const problems: string[] = [];
  const far = await remoteServer((socket) => {
    void runFar(
      socket,
      () => {},
      (_id, fault) => fault && problems.push(`far: ${fault.text}`),
    );
  });
  const line = await startDelayLine({ to: server.port, ...LINK });
  const b = tunnelBench({ standbys: 1 });
  const { jupyter } = await b.pool.open(A, targetOf(server, { jupyter: far.port }, { port: line.port }), {});
  await b.logged('The relay is running');

  let [nextId, streams, bytes] = [1, 0, 0];
  const carry = async (plan: Plan): Promise<void> => {
    const socket = await dialLocal(jupyter);
    const fault = await runNear(socket, plan);
    socket.destroy();
    if (fault) problems.push(`near: ${fault.text}`);
    streams++;
    bytes += plan.up + plan.down;
  };
  const count = (text: string) => b.log.filter((line) => line.startsWith(text)).length;
  const falsePositives = () => ({
    // The first time is no loss.
    carrying: b.links().filter(({ at }) => at === 'connecting').length - 1,
    waiting: count('The second connection was lost'),
  });

  const startedAt = Date.now();
  const elapsed = () => (Date.now() - startedAt) / 60_000;
  let said = 0;
  while (elapsed() < minutes && problems.length === 0) {
    const load = random.pick(LOADS.map((name) => [1, name] as const));
    const seconds = random.int(2, 30);
    const plans = Array.from({ length: STREAMS }, () => planLoad(nextId++, load, seconds));
    await Promise.all(load === 'nothing' ? [sleep(seconds * 1000)] : plans.map(carry));
    if (Math.floor(elapsed() / 5) === said) continue;
    said = Math.floor(elapsed() / 5);
    const { carrying, waiting } = falsePositives();
    say(
      `${Math.round(elapsed())} min: ${carrying} and ${waiting} given up, ${Math.round(bytes / 2 ** 20)} MiB`,
    );
  }
  const report: SlowLinkReport = {
    minutes: Math.round(elapsed()),
    falsePositives: falsePositives(),
    changes: count('The link is '),
    streams,
    bytes,
    problems,
  };
  await b.stop();
  await far.close();
  await line.close();
  await server.stop();
  return report;
}

/** One of several streams that together keep the link busy for about so long. */
function planLoad(id: number, load: (typeof LOADS)[number], seconds: number): Plan {
  const share = Math.round((LINK.bytesPerSecond * seconds) / STREAMS);
  const base = {
    id,
    piece: 1 << 16,
    pauseMs: 0,
    lazy: false,
    answers: false,
    resets: 'nobody',
    stall: 0,
  } as const;
  if (load === 'chat') return { ...base, up: seconds * 200, down: seconds * 200, piece: 20, pauseMs: 100 };
  return { ...base, up: load === 'download' ? 1 : share, down: load === 'upload' ? 1 : share };
}
