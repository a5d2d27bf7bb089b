import { networkInterfaces } from 'node:os';
import type { Clock } from './ports.ts';

const LOOK_EVERY_MS = 2000;
/**
 * A timer that comes this much too late means that the computer slept; this much too early, that somebody set the
 * clock back, and with it every time that was noted.
 */
const SLEPT_MS = 10_000;

/** A text that changes when an interface or an address comes or goes. */
export function networkShape(interfaces = networkInterfaces()): string {
  return Object.entries(interfaces)
    .flatMap(([name, addresses]) => (addresses ?? []).map((a) => `${name} ${a.address}`))
    .filter((line) => !/ (127\.|::1$|fe80:)/.test(line))
    .sort()
    .join('\n');
}

/**
 * Notices sleep and network changes where no event tells (browser mode), and where the event is known to be
 * missing or late: a clock that jumped, another set of addresses.
 */
export function watchWake(
  clock: Clock,
  tell: { slept: () => void; networkChanged: () => void },
  shape: () => string = networkShape,
): () => void {
  let last = clock.now();
  let network = shape();
  let cancel = clock.after(LOOK_EVERY_MS, look);
  function look(): void {
    const now = clock.now();
    const slept = Math.abs(now - last - LOOK_EVERY_MS) > SLEPT_MS;
    last = now;
    const current = shape();
    const moved = current !== network;
    network = current;
    cancel = clock.after(LOOK_EVERY_MS, look);
    if (slept) tell.slept();
    else if (moved) tell.networkChanged();
  }
  return () => cancel();
}
