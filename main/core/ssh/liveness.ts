/**
 * Whether a connection is alive, decided from byte counters alone.
 *
 * A probe is sent only into silence, and any byte that comes in counts as its answer: under load the answer itself may
 * be far behind in the queue. ssh2's own keepalive counts only replies, and hung up on a loaded 4 Mbit/s link.
 */
export interface Liveness {
  /** `probing`: an answer is due at the next check; `overdue`: it was, and what came in meanwhile is being read. */
  readonly mode: 'idle' | 'busy' | 'probing' | 'overdue';
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** The answer to a probe has not come, although other bytes may have. */
  readonly owed: boolean;
  /** Smoothed round trip in ms; absent until a probe was answered. */
  readonly srttMs?: number;
}

/** Silence after which an idle connection is probed. */
const IDLE_MS = 5000;
/** The same while bytes move: somebody waits for an answer. */
const BUSY_MS = 500;
const MIN_TIMEOUT_MS = 2000;
/** Queues of a loaded link answer late, and clocks jump: neither may blunt the check for long. */
const MAX_TIMEOUT_MS = 10_000;
const SRTT_TIMES = 4;
/** A process that was busy runs its timers before it reads its sockets: this lets it read. */
const LAST_LOOK_MS = 50;
/** A check that comes this late slept through the wait for its answer. */
const LATE_MS = 1000;

export interface Reading {
  readonly bytesIn: number;
  readonly bytesOut: number;
  /** How long after its time this check runs. */
  readonly lateMs: number;
}

export interface Verdict {
  readonly liveness: Liveness;
  readonly act: 'none' | 'probe' | 'dead';
  /** When to check again. */
  readonly nextMs: number;
}

export const IDLE: Liveness = { mode: 'idle', bytesIn: 0, bytesOut: 0, owed: false };

export const timeoutMs = (l: Liveness): number =>
  clamp(SRTT_TIMES * (l.srttMs ?? 0), MIN_TIMEOUT_MS, MAX_TIMEOUT_MS);

/** A check at its time. */
export function check(l: Liveness, reading: Reading): Verdict {
  const { bytesIn, bytesOut, lateMs } = reading;
  const heard = bytesIn !== l.bytesIn;
  const sent = bytesOut !== l.bytesOut;
  const counted = { ...l, bytesIn, bytesOut };
  if (heard) return { liveness: { ...counted, mode: 'busy' }, act: 'none', nextMs: BUSY_MS };
  if (lateMs < LATE_MS && l.mode === 'overdue') return { liveness: l, act: 'dead', nextMs: 0 };
  if (lateMs < LATE_MS && l.mode === 'probing') {
    return { liveness: { ...l, mode: 'overdue' }, act: 'none', nextMs: LAST_LOOK_MS };
  }
  if (l.mode === 'busy' && !sent && !l.owed)
    return { liveness: { ...counted, mode: 'idle' }, act: 'none', nextMs: IDLE_MS };
  return probe(l, reading, 0);
}

/** Probes at once, whatever was heard; the answer may take `graceMs` longer than usual. */
export function probe(l: Liveness, { bytesIn, bytesOut }: Reading, graceMs: number): Verdict {
  const liveness: Liveness = { ...l, bytesIn, bytesOut, mode: 'probing', owed: true };
  return { liveness, act: 'probe', nextMs: timeoutMs(l) + graceMs };
}

/** A probe came back after `rttMs`; smoothed as TCP does it (RFC 6298). */
export function answered(l: Liveness, rttMs: number): Liveness {
  const sample = clamp(rttMs, 0, MAX_TIMEOUT_MS);
  const srttMs = l.srttMs === undefined ? sample : l.srttMs * 0.875 + sample * 0.125;
  return { ...l, srttMs, owed: false };
}

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
