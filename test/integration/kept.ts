/** What a test needs of the outside: it ends with the test, the last one first. */
import { onTestFinished } from 'vitest';
import { type RemoteServer, type TunnelBench, tunnelBench } from './tunnel-bench.ts';

export async function running<T extends { stop(): Promise<void> }>(server: Promise<T | null>): Promise<T> {
  const started = await server;
  if (!started) throw new Error('It cannot run here.');
  onTestFinished(() => started.stop());
  return started;
}

export async function remote(server: Promise<RemoteServer>): Promise<RemoteServer> {
  const started = await server;
  onTestFinished(started.close);
  return started;
}

export function bench(...options: Parameters<typeof tunnelBench>): TunnelBench {
  const made = tunnelBench(...options);
  onTestFinished(() => made.stop());
  return made;
}
