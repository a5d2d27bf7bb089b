import type { Problem } from '../../../preload/contract/errors.ts';
import type { Link } from '../../../preload/contract/state.ts';

/**
 * After waking, the network needs a moment; dialling at once only burns the first attempt.
 */
export const RESUME_GRACE_MS = 3000;
/** An interface that has just come up has no route or name server yet. */
export const NETWORK_GRACE_MS = 1000;
/** A link that lived shorter than this did not recover: the back-off goes on where it was. */
export const STABLE_MS = 5000;
/** A dial that has not been answered for this long when the network changes went over the old network. */
export const STALE_DIAL_MS = 2000;
/** A younger one may have, too: a change is noticed up to two seconds late. It has this long to get through. */
export const YOUNG_DIAL_MS = 5000;

/** Where there is no way to the machine: an address, a name server or a VPN may be there with the next look. */
const ROUTE_MS = 2000;
/** So often; the network that comes later is told as a change. */
const ROUTE_LOOKS = 15;

const BACKOFF_FIRST_MS = 500;
const BACKOFF_MAX_MS = 30_000;

/**
 * How long to wait after that many failed dials in a row: nothing after a connection that broke, since it is most
 * often back with the next dial; then 0.5 s doubling up to 30 s, between half and all of it by `jitter` (0 to 1), so
 * that forty sessions of one server do not return in one instant.
 */
export function backoffMs(failures: number, jitter: number): number {
  if (failures === 0) return 0;
  const full = Math.min(BACKOFF_MAX_MS, BACKOFF_FIRST_MS * 2 ** (failures - 1));
  return spread(full, jitter);
}

/** How long to wait after that many dials in a row that could not leave this computer. */
export const routeMs = (looks: number, jitter: number): number =>
  spread(looks <= ROUTE_LOOKS ? ROUTE_MS : BACKOFF_MAX_MS, jitter);

const spread = (ms: number, jitter: number): number => Math.round(ms / 2 + (ms / 2) * jitter);

/** What goes from phase to phase until the link is up and stable again. */
interface Trouble {
  /** Dials that failed in a row. */
  readonly failures: number;
  /** Dials since then that could not leave this computer: no attempts, and a person sees the wait go on. */
  readonly looks?: { readonly count: number; readonly reason: Problem; readonly retryAt: number };
  /** When a connection broke first, or when the first dial failed. */
  readonly lostAt?: number;
}

type Phase =
  | { readonly at: 'down' }
  | (Trouble & { readonly at: 'dialling'; readonly since: number })
  | (Trouble & { readonly at: 'up'; readonly since: number })
  | (Trouble & {
      readonly at: 'waiting';
      readonly retryAt: number;
      readonly lostAt: number;
      readonly reason: Problem;
    })
  | { readonly at: 'failed'; readonly reason: Problem };

/** The life of one session's connection, without a socket or a timer in it. */
export interface Tunnel {
  readonly phase: Phase;
  /** Number of the latest dial: news of earlier ones is ignored. */
  readonly dial: number;
  readonly asleep: boolean;
}

export type TunnelEvent =
  | { readonly on: 'open' }
  | { readonly on: 'close' }
  | { readonly on: 'connected'; readonly dial: number }
  /**
   * A dial failed or a connection broke. `fatal`: trying again cannot help (wrong host key, login refused). `noRoute`: the
   * dial could not leave this computer.
   */
  | {
      readonly on: 'lost';
      readonly dial: number;
      readonly reason: Problem;
      readonly fatal: boolean;
      readonly noRoute?: true;
    }
  | { readonly on: 'due' }
  /** The server names another address, port, password or host key than the one dialled last. */
  | { readonly on: 'retargeted' }
  /** The person asks. */
  | { readonly on: 'reconnect' }
  | { readonly on: 'suspend' }
  | { readonly on: 'resume' }
  | { readonly on: 'network-changed' };

export type TunnelEffect =
  | { readonly run: 'dial'; readonly dial: number }
  /** The connection is ready: it takes the local connections, and is watched. */
  | { readonly run: 'carry' }
  /** Ends the connection or the dial under way, if any, and what runs through it. */
  | { readonly run: 'hang-up' }
  /** Replaces the one timer; it fires `due`. */
  | { readonly run: 'wait'; readonly ms: number }
  | { readonly run: 'stop-waiting' }
  /** Asks the server whether the target is still where we look for it. */
  | { readonly run: 'refresh' }
  /** Checks at once whether the connection lives; an answer may take `graceMs` longer than usual. */
  | { readonly run: 'probe'; readonly graceMs: number };

/** What the reducer may know of the world: epoch ms, and a random number from 0 to 1. */
export interface Moment {
  readonly now: number;
  readonly jitter: number;
}

type Step = readonly [Tunnel, readonly TunnelEffect[]];

export const closedTunnel: Tunnel = { phase: { at: 'down' }, dial: 0, asleep: false };

export function step(t: Tunnel, event: TunnelEvent, moment: Moment): Step {
  const { phase } = t;
  switch (event.on) {
    case 'open':
      return phase.at === 'down' ? dial(t, moment, { failures: 0 }) : [t, []];

    case 'close':
      if (phase.at === 'down') return [t, []];
      return [{ ...t, phase: { at: 'down' } }, [{ run: 'stop-waiting' }, { run: 'hang-up' }]];

    case 'connected':
      if (phase.at !== 'dialling' || event.dial !== t.dial) return [t, []];
      return [{ ...t, phase: { ...attemptsOf(phase), at: 'up', since: moment.now } }, [{ run: 'carry' }]];

    case 'lost':
      if ((phase.at !== 'dialling' && phase.at !== 'up') || event.dial !== t.dial) return [t, []];
      return lost(t, phase, event, moment);

    case 'due':
      if (t.asleep || (phase.at !== 'waiting' && phase.at !== 'dialling')) return [t, []];
      return dial(t, moment, troubleOf(phase));

    case 'retargeted':
      // A connection that is up proves its address, whatever the server says.
      if (phase.at === 'down' || phase.at === 'up') return [t, []];
      return dial(t, moment, troubleOf(phase));

    case 'reconnect': {
      if (phase.at === 'down') return [t, []];
      const { lostAt } = phase.at === 'up' ? {} : troubleOf(phase);
      return dial(t, moment, { failures: 0, ...(lostAt === undefined ? {} : { lostAt }) });
    }

    case 'suspend': {
      const asleep = { ...t, asleep: true };
      if (phase.at === 'waiting') return [asleep, [{ run: 'stop-waiting' }]];
      if (phase.at !== 'dialling') return [asleep, []];
      return [{ ...asleep, phase: wait(phase, SLEPT, moment, 0) }, [{ run: 'hang-up' }]];
    }

    case 'resume': {
      const awake = { ...t, asleep: false };
      // A short sleep leaves the connection whole, and with it everything that runs through it.
      if (phase.at === 'up') return [awake, [{ run: 'probe', graceMs: RESUME_GRACE_MS }]];
      return retrySoon(awake, moment, SLEPT, RESUME_GRACE_MS);
    }

    case 'network-changed':
      if (phase.at === 'up') return [t, [{ run: 'probe', graceMs: 0 }]];
      if (t.asleep) return [t, []];
      if (phase.at === 'dialling' && moment.now - phase.since < STALE_DIAL_MS)
        return [t, [{ run: 'wait', ms: YOUNG_DIAL_MS }]];
      return retrySoon(t, moment, NETWORK_CHANGED, NETWORK_GRACE_MS);
  }
}

const SLEPT: Problem = { code: 'unreachable', message: 'This computer was asleep.' };
const NETWORK_CHANGED: Problem = { code: 'unreachable', message: 'The network of this computer changed.' };

function dial(t: Tunnel, { now }: Moment, trouble: Trouble): Step {
  const number = t.dial + 1;
  return [
    { ...t, phase: { ...trouble, at: 'dialling', since: now }, dial: number },
    [{ run: 'stop-waiting' }, { run: 'hang-up' }, { run: 'dial', dial: number }],
  ];
}

function lost(
  t: Tunnel,
  phase: Phase & { readonly at: 'dialling' | 'up' },
  { reason, fatal, noRoute }: TunnelEvent & { readonly on: 'lost' },
  moment: Moment,
): Step {
  if (noRoute && phase.at === 'dialling') {
    const count = (phase.looks?.count ?? 0) + 1;
    const ms = routeMs(count, moment.jitter);
    const looks = { count, reason, retryAt: moment.now + ms };
    return hangUpAndWait(t, { ...attemptsOf(phase), looks }, reason, moment, { ms });
  }
  // A dial that failed may have looked in the wrong place: sessions move while we retry.
  const ask: readonly TunnelEffect[] = phase.at === 'dialling' ? [{ run: 'refresh' }] : [];
  if (fatal) return [{ ...t, phase: { at: 'failed', reason } }, [{ run: 'hang-up' }, ...ask]];
  const recovered = phase.at === 'up' && moment.now - phase.since >= STABLE_MS;
  const trouble = recovered ? { failures: 0 } : { ...attemptsOf(phase), failures: phase.failures + 1 };
  return hangUpAndWait(t, trouble, reason, moment, { ms: backoffMs(trouble.failures, moment.jitter), ask });
}

function hangUpAndWait(
  t: Tunnel,
  trouble: Trouble,
  reason: Problem,
  moment: Moment,
  { ms, ask = [] }: { readonly ms: number; readonly ask?: readonly TunnelEffect[] },
): Step {
  const timer: readonly TunnelEffect[] = t.asleep ? [] : [{ run: 'wait', ms }];
  return [{ ...t, phase: wait(trouble, reason, moment, ms) }, [{ run: 'hang-up' }, ...ask, ...timer]];
}

/** Begins anew with short waits: what made the attempts fail may be over. */
function retrySoon(t: Tunnel, moment: Moment, reason: Problem, graceMs: number): Step {
  const { phase } = t;
  if (phase.at !== 'waiting' && phase.at !== 'dialling') return [t, []];
  const trouble = { ...attemptsOf(phase), failures: 0 };
  const known = phase.at === 'waiting' ? phase.reason : reason;
  return [
    { ...t, phase: wait(trouble, known, moment, graceMs) },
    [{ run: 'hang-up' }, { run: 'wait', ms: graceMs }],
  ];
}

const wait = (trouble: Trouble, reason: Problem, { now }: Moment, ms: number): Phase => ({
  ...trouble,
  at: 'waiting',
  lostAt: trouble.lostAt ?? now,
  retryAt: now + ms,
  reason,
});

function troubleOf(phase: Phase): Trouble {
  const { looks } = phase.at === 'dialling' || phase.at === 'waiting' ? phase : {};
  return { ...attemptsOf(phase), ...(looks === undefined ? {} : { looks }) };
}

/** Without the looks for a route: there is one, or they begin anew. */
function attemptsOf(phase: Phase): Trouble {
  if (phase.at === 'down' || phase.at === 'failed') return { failures: 0 };
  const { failures, lostAt } = phase;
  return lostAt === undefined ? { failures } : { failures, lostAt };
}

/** The connection as a person sees it. `lostAt` stays the same until it is up again, so that it is told once. */
export function linkOf({ phase }: Tunnel): Link {
  switch (phase.at) {
    case 'down':
      return { at: 'off' };
    case 'dialling': {
      const { looks, lostAt } = phase;
      // It is over within a moment, or it is the one that gets through.
      if (looks && lostAt !== undefined) {
        const { reason, retryAt } = looks;
        return { at: 'waiting', attempt: Math.max(1, phase.failures), retryAt, lostAt, reason };
      }
      // What broke counts as the first attempt: anything after it is a reconnection.
      const attempt = phase.lostAt === undefined ? 1 : Math.max(2, phase.failures + 1);
      return { at: 'connecting', attempt, since: phase.since };
    }
    case 'up':
      return { at: 'up', since: phase.since };
    case 'waiting': {
      const { retryAt, lostAt, reason } = phase;
      return { at: 'waiting', attempt: Math.max(1, phase.failures), retryAt, lostAt, reason };
    }
    case 'failed':
      return { at: 'failed', reason: phase.reason };
  }
}
