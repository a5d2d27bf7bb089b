/** What the app's process and its thread are asked and told besides what the app itself would be. */
import { BroadcastChannel } from 'node:worker_threads';

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

export function usage(): Usage {
  const kinds: { [kind: string]: number } = {};
  for (const kind of process.getActiveResourcesInfo()) kinds[kind] = (kinds[kind] ?? 0) + 1;
  return kinds;
}

/** In the thread: answers whoever asks. */
export function usageAsked(answer: () => Usage): void {
  listen('chaos usage', () => tell('chaos answer', answer()));
}

/** Of the thread. */
export function threadUsage(): Promise<Usage> {
  return new Promise((resolve) => {
    const channel = listen('chaos answer', (usage) => {
      channel.close();
      resolve(usage as Usage);
    });
    tell('chaos usage', 0);
  });
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
