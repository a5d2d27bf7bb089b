/**
 * Whether a connection is alive, decided from when it was heard last.
 *
 * A probe is sent only into silence, and any byte that comes in counts as its answer: under load the answer itself may
 * be far behind in the queue. ssh2's own keepalive counts only replies, and hung up on a loaded 4 Mbit/s link.
 */
export interface Liveness {
  readonly probe?: Probe;
  /** Round trip in ms, which rises at once and falls slowly; absent until a probe was answered. */
  readonly rttMs?: number;
}

interface Probe {
  /** What had come in when it was sent. */
  readonly bytesIn: number;
  /** Epoch ms. Nothing was heard by then: the connection is dead. */
  readonly deadline: number;
  /** The deadline has passed, and what came in until then is being read. */
  readonly overdue: boolean;
}

/** Silence into which a probe is sent. */
const QUIET_MS = 1400;
/** Where many connections rest, all of them together probe 12 times a second: 40 of them every 3.2 s. */
const RESTING_MS = 80;
const MAX_RESTING_MS = 10_000;
/** The same when something was sent since: somebody waits for an answer. */
const WAITING_MS = 450;
/** Silence that is too long, if there was a probe. */
const SILENT_MS = 2400;
/** The least time for the answer to a probe; on a far link four round trips. */
const ANSWER_MS = 1000;
const ROUND_TRIPS = 4;
/** The same where the round trip is not known, or after waking. */
const FIRST_ANSWER_MS = 2000;
/** Queues of a loaded link answer late, and clocks jump: neither may blunt the check for long. */
const MAX_ANSWER_MS = 10_000;
/** A process that was busy runs its timers before it reads its sockets: this lets it read. */
const LAST_LOOK_MS = 50;
/** A check that comes this late slept through the wait for its answer. */
const LATE_MS = 1000;

/** Silence into which a connection is probed that no program uses, by how many connections there are. */
export const restingMs = (connections: number): number =>
  clamp(connections * RESTING_MS, QUIET_MS, MAX_RESTING_MS);

export interface Reading {
  /** Epoch ms. */
  readonly now: number;
  readonly bytesIn: number;
  /** For how long nothing has come in. */
  readonly silentMs: number;
  /** Something was sent since. */
  readonly waiting: boolean;
  /** No program uses it: it is left alone for so long, unless something was sent. */
  readonly restingMs?: number | undefined;
  /** How long after its time this check runs; the clock may have been set. */
  readonly lateMs: number;
}

export interface Verdict {
  readonly liveness: Liveness;
  readonly act: 'none' | 'probe' | 'dead';
  /** When to check again. */
  readonly nextMs: number;
}

/** A check at its time. */
export function check(l: Liveness, reading: Reading): Verdict {
  const { now, bytesIn, silentMs, waiting, restingMs = 0, lateMs } = reading;
  if (Math.abs(lateMs) >= LATE_MS) return probe(l, reading, 0);
  if (!l.probe || bytesIn !== l.probe.bytesIn) {
    const { probe: _, ...rest } = l;
    if (silentMs < restingMs && !waiting) return wait(rest, restingMs - silentMs);
    if (silentMs < WAITING_MS) return wait(rest, WAITING_MS - silentMs);
    if (silentMs < QUIET_MS && !waiting) return wait(rest, QUIET_MS - silentMs);
    return send(l, reading, Math.max(SILENT_MS - silentMs, answerMs(l, ANSWER_MS)));
  }
  const left = l.probe.deadline - now;
  // What comes in besides the answer is noticed in time, too.
  if (left > 0) return wait(l, Math.min(left, WAITING_MS));
  if (!l.probe.overdue) return wait({ ...l, probe: { ...l.probe, overdue: true } }, LAST_LOOK_MS);
  return { liveness: l, act: 'dead', nextMs: 0 };
}

/** Probes at once, whatever was heard; the answer may take `graceMs` longer than usual. */
export const probe = (l: Liveness, reading: Reading, graceMs: number): Verdict =>
  send(l, reading, answerMs(l, FIRST_ANSWER_MS) + graceMs);

/** A probe came back after `ms`: the silence begins anew. */
export function answered(l: Liveness, ms: number, restingMs = WAITING_MS): Verdict {
  const sample = clamp(ms, 0, MAX_ANSWER_MS);
  const { rttMs = sample } = l;
  return wait({ ...l, rttMs: sample > rttMs ? sample : rttMs * 0.875 + sample * 0.125 }, restingMs);
}

function send(l: Liveness, { now, bytesIn }: Reading, withinMs: number): Verdict {
  const liveness: Liveness = { ...l, probe: { bytesIn, deadline: now + withinMs, overdue: false } };
  return { liveness, act: 'probe', nextMs: Math.min(withinMs, WAITING_MS) };
}

const wait = (liveness: Liveness, nextMs: number): Verdict => ({ liveness, act: 'none', nextMs });

const answerMs = ({ rttMs }: Liveness, least: number): number =>
  rttMs === undefined ? FIRST_ANSWER_MS : clamp(ROUND_TRIPS * rttMs, least, MAX_ANSWER_MS);

const clamp = (value: number, least: number, most: number): number => Math.min(most, Math.max(least, value));
