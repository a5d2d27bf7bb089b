import { describe, expect, it } from 'vitest';
import {
  answered,
  check,
  type Liveness,
  probe,
  type Reading,
  restingMs,
} from '../../../../main/core/ssh/liveness.ts';

const NOW = 1_700_000_000_000;
const reading = (silentMs: number, more: Partial<Reading> = {}): Reading => ({
  now: NOW,
  bytesIn: 100,
  silentMs,
  waiting: false,
  lateMs: 0,
  ...more,
});
/** A near link without and with a probe that should be answered within `leftMs`. */
const near: Liveness = { rttMs: 20 };
const probing = (leftMs: number, overdue = false): Liveness => ({
  ...near,
  probe: { bytesIn: 100, deadline: NOW + leftMs, overdue },
});

describe('a check of a connection', () => {
  it.each([
    ['that was heard just now waits', near, reading(0), 'none', 450],
    ['that rests waits longer', near, reading(450), 'none', 950],
    ['that nobody uses may rest', near, reading(1400, { restingMs: 3200 }), 'none', 1800],
    [
      'that nobody uses is left alone from the first moment on',
      near,
      reading(0, { restingMs: 3200 }),
      'none',
      3200,
    ],
    ['that rested for long probes', near, reading(3200, { restingMs: 3200 }), 'probe', 450],
    [
      'of which somebody awaits an answer does not rest',
      near,
      reading(450, { waiting: true, restingMs: 3200 }),
      'probe',
      450,
    ],
    ['that was silent for long probes', near, reading(1400), 'probe', 450],
    ['of which somebody awaits an answer probes soon', near, reading(450, { waiting: true }), 'probe', 450],
    ['that was heard since the probe lets it be', probing(500), reading(100, { bytesIn: 101 }), 'none', 350],
    ['that waits for its answer goes on waiting', probing(300), reading(2000), 'none', 300],
    ['that waits in vain looks once more', probing(0), reading(2400), 'none', 50],
    [
      'that hears something after all lets it be',
      probing(-50, true),
      reading(10, { bytesIn: 101 }),
      'none',
      440,
    ],
    ['that heard nothing finds it dead', probing(-50, true), reading(2450), 'dead', 0],
    ['that slept through the wait asks again', probing(-8000), reading(9500, { lateMs: 8000 }), 'probe', 450],
    ['whose clock was set back asks again', probing(9e6), reading(2000, { lateMs: -9e6 }), 'probe', 450],
  ] as const)('%s', (_what, liveness, now, act, nextMs) => {
    const verdict = check(liveness, now);
    expect([verdict.act, verdict.nextMs]).toEqual([act, nextMs]);
  });

  it('takes an answer within the same millisecond for one', () => {
    const sent = probe(near, reading(1400), 0).liveness;
    expect(check(sent, reading(1050, { now: NOW + 1050, bytesIn: 101 })).act).toBe('none');
  });

  it('is not put to rest by the last bytes that were under way when the link went black', () => {
    const sent = probe(near, reading(1000), 0).liveness;
    const heard = check(sent, reading(0, { bytesIn: 101 }));
    expect(heard.liveness.probe).toBeUndefined();
    expect(check(heard.liveness, reading(1400, { bytesIn: 101 })).act).toBe('probe');
  });
});

it.each([
  [1, 1400],
  [17, 1400],
  [40, 3200],
  [1000, 10_000],
])('%i connections that nobody uses may each be silent for %i ms', (connections, ms) => {
  expect(restingMs(connections)).toBe(ms);
});

describe('the time for an answer', () => {
  const given = (l: Liveness): number => (probe(l, reading(0), 0).liveness.probe?.deadline ?? 0) - NOW;
  const intoSilence = (l: Liveness): number => (check(l, reading(1400)).liveness.probe?.deadline ?? 0) - NOW;

  it.each([
    ['is 2.4 s of silence in all on a near link', 20, 1000],
    ['is 2 s while the round trip is unknown', undefined, 2000],
    ['is four round trips on a far one', 900, 3600],
    ['is never more than 10 s', 5000, 10_000],
  ])('%s', (_what, rttMs, expected) => {
    expect(intoSilence(rttMs === undefined ? {} : { rttMs })).toBe(expected);
  });

  it('is 2 s at least for a probe out of turn, and longer after waking', () => {
    expect(given(near)).toBe(2000);
    expect(probe(near, reading(0), 3000).liveness.probe?.deadline).toBe(NOW + 5000);
  });

  it('follows the round trips up at once and down slowly', () => {
    const first = answered({}, 80).liveness;
    expect(first.rttMs).toBe(80);
    expect(answered(first, 160).liveness.rttMs).toBe(160);
    expect(answered(first, 0).liveness.rttMs).toBe(70);
  });

  it('is not spoilt by a clock that jumps', () => {
    expect(answered({}, 3_600_000).liveness.rttMs).toBe(10_000);
    expect(answered({}, -3_600_000).liveness.rttMs).toBe(0);
  });
});

/** Runs the checks of a connection that is heard at `heard` (ms from NOW), until it is dead or 60 s have passed. */
function diedAfter(heard: readonly number[], waiting: boolean): number | undefined {
  let verdict = probe(near, reading(0, { bytesIn: 0 }), 0);
  for (let now = NOW + verdict.nextMs; now < NOW + 60_000; now += verdict.nextMs) {
    const until = heard.filter((at) => NOW + at <= now);
    const silentMs = now - NOW - (until.at(-1) ?? 0);
    verdict = check(verdict.liveness, reading(silentMs, { now, waiting, bytesIn: until.length }));
    if (verdict.act === 'dead') return now - NOW;
  }
  return undefined;
}

describe('a connection', () => {
  const every = (ms: number, untilMs: number) => Array.from({ length: untilMs / ms }, (_, n) => (n + 1) * ms);

  it.each([true, false])('is never taken for dead while bytes trickle in (sending: %s)', (waiting) => {
    expect(diedAfter(every(1900, 60_000), waiting)).toBeUndefined();
  });

  it.each([
    [7, true],
    [460, true],
    [1390, false],
    [1410, false],
    [1900, true],
  ])('that goes black after bytes each %d ms is found within 2.5 s (sending: %s)', (ms, waiting) => {
    const heard = every(ms, 20_000);
    const tookMs = (diedAfter(heard, waiting) ?? Number.NaN) - (heard.at(-1) ?? 0);
    expect(tookMs).toBeLessThanOrEqual(2500);
  });
});
