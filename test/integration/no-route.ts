import { execFileSync } from 'node:child_process';
import { systemClock } from '../../main/core/clock.ts';
import { watchWake } from '../../main/core/wake.ts';
import type { Link } from '../../preload/contract/state.ts';
import { startSshd } from './servers.ts';
import { A, targetOf, tunnelBench } from './tunnel-bench.ts';

/** Where the machine is, once there is a way to it. */
const HOST = '10.99.0.1';
const LOOKS = 3;

const ip = (...argv: string[]): void => void execFileSync('ip', argv);
const way = (verb: 'add' | 'del'): void => ip('addr', verb, `${HOST}/32`, 'dev', 'lo');

/**
 * Opens a session in a network that has no way to it, as after waking or before a VPN is up, and makes one after a few
 * looks. For a process with a network of its own, since it changes that.
 */
export async function connectLate(): Promise<{
  readonly links: readonly Link[];
  /** Times that the server was asked where the session is. */
  readonly asked: number;
  /** From the way to the connection. */
  readonly ms: number;
}> {
  ip('link', 'set', 'lo', 'up');
  way('add');
  const server = await startSshd({ extraConf: `ListenAddress ${HOST}` });
  if (!server) throw new Error('sshd cannot run here.');
  way('del');
  const bench = tunnelBench();
  const stop = watchWake(systemClock, {
    slept: () => {},
    networkChanged: () => bench.pool.networkChanged(),
  });
  try {
    await bench.pool.open(A, targetOf(server, {}, { host: HOST }), {});
    await bench.told((links) => links.filter(({ at }) => at === 'waiting').length >= LOOKS);
    way('add');
    const at = Date.now();
    await bench.until('up');
    const asked = bench.log.filter((line) => line.includes('could not be looked up')).length;
    return { links: bench.links(), asked, ms: Date.now() - at };
  } finally {
    stop();
    await bench.stop();
    await server.stop();
  }
}
