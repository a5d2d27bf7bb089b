import { isDeepStrictEqual } from 'node:util';
import { isOver, type Link, type LocalPorts, type SessionView } from '../../../preload/contract/state.ts';

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

/** The earlier list where it holds the same. */
export function sameList<T>(before: readonly T[], after: readonly T[]): readonly T[] {
  return before.length === after.length && after.every((item, n) => item === before[n]) ? before : after;
}

/** The earlier value where both say the same: what was made of it holds then. */
export const keep = <T>(before: T | undefined, after: T): T =>
  before !== undefined && isDeepStrictEqual(before, after) ? before : after;

export const without = <T>(list: readonly T[], item: T): readonly T[] =>
  list.includes(item) ? list.filter((x) => x !== item) : list;

export const including = <T>(list: readonly T[], item: T): readonly T[] =>
  list.includes(item) ? list : [...list, item];

export function omit<V>(record: Readonly<Record<string, V>>, key: string): Readonly<Record<string, V>> {
  if (!Object.hasOwn(record, key)) return record;
  const { [key]: _, ...rest } = record;
  return rest;
}
