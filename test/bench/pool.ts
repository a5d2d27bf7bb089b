import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Target } from '../../main/core/ssh/tunnels.ts';
import { tunnelBench } from '../integration/tunnel-bench.ts';

/** A session, and what its log says once it is ready to be measured. */
export interface PoolSession {
  readonly target: Target;
  readonly ready: string;
}

interface PoolOrder {
  readonly sessions: readonly PoolSession[];
  /** How many sessions may have a second connection. */
  readonly standbys: number;
}

/** What pool.mjs runs: prints the local ports of the sessions' Jupyter, one a line. */
export async function servePool(): Promise<void> {
  const input = createInterface({ input: process.stdin });
  const ended = once(input, 'close');
  const [line] = await once(input, 'line');
  // As built: a thread has a heap of its own, and that of what compiles these sources is large.
  const { sessions, standbys } = JSON.parse(String(line)) as PoolOrder;
  const b = tunnelBench({ standbys, thread: new URL('../../dist/main/tunnels.cjs', import.meta.url) });
  for (const [n, { target, ready }] of sessions.entries()) {
    const id = n.toString(16).padStart(32, '0');
    const { jupyter } = await b.pool.open(id, target, {});
    await b.until('up', id);
    await b.logged(ready);
    console.log(jupyter);
  }
  await ended;
  await b.stop();
}
