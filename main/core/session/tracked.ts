import { isDeepStrictEqual } from 'node:util';
import {
  isOver,
  type Link,
  type LocalPorts,
  type SessionId,
  type SessionView,
} from '../../../preload/contract/state.ts';

export const OFF: Link = { at: 'off' };
export const NO_PORTS: LocalPorts = {};

/** Own sessions first, then the living before the ended, then the youngest. */
export function sortSessions(sessions: readonly SessionView[]): readonly SessionView[] {
  return [...sessions].sort(
    (a, b) =>
      Number(b.mine) - Number(a.mine) ||
      Number(isOver(a)) - Number(isOver(b)) ||
      b.createdAt - a.createdAt ||
      a.id.localeCompare(b.id),
  );
}

/** The earlier list with what changed in it, keeping every reference that did not change: rows are memoised by it. */
export function mergeViews(
  before: readonly SessionView[],
  after: readonly SessionView[],
): readonly SessionView[] {
  const earlier = new Map<SessionId, SessionView>(before.map((s) => [s.id, s]));
  const merged = sortSessions(after).map((s) => {
    const was = earlier.get(s.id);
    return was && isDeepStrictEqual(was, s) ? was : s;
  });
  const same = merged.length === before.length && merged.every((s, n) => s === before[n]);
  return same ? before : merged;
}

export const without = <T>(list: readonly T[], item: T): readonly T[] =>
  list.includes(item) ? list.filter((x) => x !== item) : list;

export const including = <T>(list: readonly T[], item: T): readonly T[] =>
  list.includes(item) ? list : [...list, item];

export function omit<V>(record: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> {
  if (!Object.hasOwn(record, key)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}
