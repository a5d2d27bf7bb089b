import type { Clock } from '../ports.ts';

/** What a transfer has done so far. */
export interface Progress {
  readonly sent: number;
  readonly total: number;
  readonly bytesPerSecond: number;
}

/** How often progress is told; pages draw it, and more is not seen. */
const TELL_MS = 250;
/** The speed is that of the last seconds. */
const WINDOW_MS = 4000;

/** Counts bytes and tells of them, not too often. */
export function makeMeter(clock: Clock, total: number, tell: (progress: Progress) => void) {
  const seen: { readonly at: number; readonly sent: number }[] = [{ at: clock.now(), sent: 0 }];
  let sent = 0;
  let toldAt = 0;
  const rate = (now: number): number => {
    const first = seen.find(({ at }) => at >= now - WINDOW_MS) ?? { at: now, sent };
    return now > first.at ? Math.round(((sent - first.sent) * 1000) / (now - first.at)) : 0;
  };
  return {
    add(bytes: number): void {
      sent += bytes;
      const now = clock.now();
      if (now - toldAt < TELL_MS && sent !== total) return;
      toldAt = now;
      seen.push({ at: now, sent });
      while ((seen[1]?.at ?? now) < now - WINDOW_MS) seen.shift();
      tell({ sent, total, bytesPerSecond: rate(now) });
    },
  };
}
