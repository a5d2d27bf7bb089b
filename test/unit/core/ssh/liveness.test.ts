import { describe, expect, it } from 'vitest';
import {
  answered,
  check,
  IDLE,
  type Liveness,
  probe,
  type Reading,
  timeoutMs,
} from '../../../../main/core/ssh/liveness.ts';

const reading = (bytesIn: number, bytesOut: number, lateMs = 0): Reading => ({ bytesIn, bytesOut, lateMs });
const at = (mode: Liveness['mode'], srttMs?: number): Liveness => ({
  mode,
  bytesIn: 100,
  bytesOut: 100,
  owed: false,
  ...(srttMs === undefined ? {} : { srttMs }),
});

describe('a check of a connection', () => {
  it.each([
    ['busy and hears something: it lives', at('busy'), reading(101, 100), 'none', 'busy', 500],
    ['busy and sends without an answer: it probes', at('busy'), reading(100, 101), 'probe', 'probing', 2000],
    ['busy and falls silent both ways: it rests', at('busy'), reading(100, 100), 'none', 'idle', 5000],
    ['idle and hears something: it lives', at('idle'), reading(101, 100), 'none', 'busy', 500],
    ['idle and hears nothing: it probes', at('idle'), reading(100, 100), 'probe', 'probing', 2000],
    [
      'waiting for an answer and hears anything: it lives',
      at('probing'),
      reading(101, 150),
      'none',
      'busy',
      500,
    ],
    ['waiting in vain: it looks once more', at('probing'), reading(100, 150), 'none', 'overdue', 50],
    [
      'overdue and hears something after all: it lives',
      at('overdue'),
      reading(101, 150),
      'none',
      'busy',
      500,
    ],
    ['overdue and hears nothing: it is dead', at('overdue'), reading(100, 150), 'dead', 'overdue', 0],
    [
      'waiting, but it slept through the wait: it asks again',
      at('probing'),
      reading(100, 150, 9000),
      'probe',
      'probing',
      2000,
    ],
    [
      'overdue, but it slept: it asks again',
      at('overdue'),
      reading(100, 150, 9000),
      'probe',
      'probing',
      2000,
    ],
  ] as const)('%s', (_what, liveness, now, act, mode, nextMs) => {
    const verdict = check(liveness, now);
    expect([verdict.act, verdict.liveness.mode, verdict.nextMs]).toEqual([act, mode, nextMs]);
  });

  it('is not put to rest by the last bytes that were under way when the link went black', () => {
    const probing = probe(at('idle'), reading(100, 100), 0).liveness;
    const heard = check(probing, reading(101, 150)).liveness;
    expect(check(heard, reading(101, 150)).act).toBe('probe');
    const answer = answered(heard, 20);
    expect(check(answer, reading(101, 150)).act).toBe('none');
  });

  it('counts from what it saw last', () => {
    const first = check(at('busy'), reading(500, 500)).liveness;
    expect(check(first, reading(500, 500)).liveness.mode).toBe('idle');
  });
});

describe('the time for an answer', () => {
  it.each([
    ['is 2 s on a near link', 20, 2000],
    ['is 2 s while the round trip is unknown', undefined, 2000],
    ['is four round trips on a far one', 900, 3600],
    ['is never more than 10 s', 5000, 10_000],
  ])('%s', (_what, srttMs, expected) => {
    expect(timeoutMs(at('idle', srttMs))).toBe(expected);
    expect(check(at('idle', srttMs), reading(100, 100)).nextMs).toBe(expected);
  });

  it('is longer for a probe after waking', () => {
    expect(probe(at('busy'), reading(100, 100), 3000)).toMatchObject({ act: 'probe', nextMs: 5000 });
  });

  it('follows the round trips slowly', () => {
    const first = answered(IDLE, 80);
    expect(first.srttMs).toBe(80);
    expect(answered(first, 160).srttMs).toBe(90);
  });

  it('is not spoilt by a clock that jumps', () => {
    expect(answered(IDLE, 3_600_000).srttMs).toBe(10_000);
    expect(answered(IDLE, -3_600_000).srttMs).toBe(0);
  });
});

describe('a connection under full load', () => {
  it('is never taken for dead while bytes trickle in, however late its answer', () => {
    let liveness = probe(IDLE, reading(0, 0), 0).liveness;
    for (let bytesIn = 1; bytesIn < 100; bytesIn++) {
      const verdict = check(liveness, reading(bytesIn, bytesIn * 1000));
      expect(verdict.act).toBe('none');
      liveness = verdict.liveness;
    }
  });

  it('that goes black is found within 3.1 s', () => {
    let liveness = check(at('busy'), reading(101, 200)).liveness;
    let passed = 500;
    for (let bytesOut = 300; ; bytesOut += 100) {
      const verdict = check(liveness, reading(101, bytesOut));
      if (verdict.act === 'dead') break;
      passed += verdict.nextMs;
      liveness = verdict.liveness;
    }
    expect(passed).toBeLessThanOrEqual(3100);
  });
});
