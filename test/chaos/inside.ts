/** What the app's process and its thread are asked and told besides what the app itself would be. */
import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BroadcastChannel } from 'node:worker_threads';

/** A thread that crashed does not answer. */
const ANSWER_MS = 10_000;

/** Counts of what may be kept by mistake, by its kind. */
export type Usage = { readonly [kind: string]: number };

/** From now on all that looks at the clock of this thread sees it as it was set last, in whatever thread. */
export function settableClock(): void {
  const now = Date.now;
  let aheadMs = 0;
  Date.now = () => now() + aheadMs;
  listen('chaos clock', (byMs) => {
    aheadMs += byMs as number;
  });
}

/** Of all threads. */
export function setClocks(byMs: number): void {
  tell('chaos clock', byMs);
}

/** Of this thread. What nobody needs any more is collected before its memory is counted. */
export function usage(): Usage {
  const kinds: { [kind: string]: number } = {};
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return { ...kinds, [HEAP]: heapUsed / 2 ** 20, [EXTERNAL]: external / 2 ** 20 };
}

/** What JavaScript keeps, and the buffers and native objects that it keeps with that. */
export const HEAP = 'MiB on the heap';
export const EXTERNAL = 'MiB beside the heap';

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  runInNewContext('gc')();
}

/** In the thread: answers whoever asks. */
export function usageAsked(answer: () => Usage): void {
  listen('chaos usage', () => tell('chaos answer', answer()));
}

/** Of the thread. */
export async function threadUsage(): Promise<Usage> {
  let hear = (_usage: Usage): void => {};
  const answer = new Promise<Usage>((resolve) => (hear = resolve));
  const channel = listen('chaos answer', (usage) => hear(usage as Usage));
  tell('chaos usage', 0);
  const usage = await Promise.race([answer, sleep(ANSWER_MS, {}, { ref: false })]);
  channel.close();
  return usage;
}

function listen(name: string, hear: (message: unknown) => void): BroadcastChannel {
  const channel = new BroadcastChannel(name);
  channel.onmessage = (event) => hear((event as { data: unknown }).data);
  // biome-ignore lint/suspicious/noExplicitAny: missing in the types.
  (channel as any).unref();
  return channel;
}

function tell(name: string, message: unknown): void {
  const channel = new BroadcastChannel(name);
  channel.postMessage(message);
  channel.close();
}
