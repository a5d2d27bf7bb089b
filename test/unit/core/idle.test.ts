import { describe, expect, it } from 'vitest';
import { idleSince, type Use, wantsLook } from '../../../main/core/idle.ts';

const HOUR = 3_600_000;
const MINUTE = 60_000;
const use = (different: Partial<Use> = {}): Use => ({ usedAt: 0, isOpen: false, ...different });
const lookedAt = 2 * HOUR - 10 * MINUTE;

describe('a session is idle', () => {
  it.each<[string, Use, number, number | undefined]>([
    ['after its time, once its machine was looked at', use({ lookedAt }), 2 * HOUR, 0],
    ['not before', use({ lookedAt }), 2 * HOUR - 1, undefined],
    ['not before its machine was looked at', use(), 5 * HOUR, undefined],
    ['not by a look long ago', use({ lookedAt: 1 }), 5 * HOUR, undefined],
    ['not while a connection is open', use({ lookedAt, isOpen: true }), 5 * HOUR, undefined],
    ['since it was used last', use({ usedAt: 7, lookedAt: 2 * HOUR }), 3 * HOUR, 7],
  ])('%s', (_, use, now, since) => {
    expect(idleSince(use, 2 * HOUR, now)).toBe(since);
  });
});

describe('a machine is looked at', () => {
  it.each<[string, Use, number, boolean]>([
    ['in the last quarter of an hour', use(), 2 * HOUR - 15 * MINUTE, true],
    ['not before', use(), 2 * HOUR - 15 * MINUTE - 1, false],
    ['also when it is idle: it may begin to compute', use({ lookedAt }), 9 * HOUR, true],
    ['not while a connection is open', use({ isOpen: true }), 9 * HOUR, false],
  ])('%s', (_, use, now, wanted) => {
    expect(wantsLook(use, 2 * HOUR, now)).toBe(wanted);
  });
});
