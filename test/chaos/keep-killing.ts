import { setTimeout as sleep } from 'node:timers/promises';
import type { SshServer } from '../integration/servers.ts';
import { A, type TunnelBench } from '../integration/tunnel-bench.ts';

/** Kills the connection again and again until it is told to stop, which resolves with how often that was. */
export function keepKilling(
  b: TunnelBench,
  server: Pick<SshServer, 'kill'>,
  everyMs: number,
): { stop(): Promise<number> } {
  let stopped = false;
  const kills = (async () => {
    let count = 0;
    while (!stopped) {
      await sleep(everyMs);
      if (b.links().at(-1)?.at === 'waiting') b.pool.reconnect(A);
      if (b.links().at(-1)?.at !== 'up') continue;
      server.kill();
      count++;
    }
    return count;
  })();
  return {
    stop: () => {
      stopped = true;
      return kills;
    },
  };
}
