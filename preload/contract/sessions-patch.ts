import type { SessionsPatch, SessionView } from './state.ts';

type List = readonly SessionView[];

/** What leads from one list to the other. Sessions that did not change are the same objects in both. */
export function sessionsPatch(before: List, after: List): SessionsPatch {
  const known = new Set(before);
  const changed = after.filter((s) => !known.has(s));
  const sameOrder = before.length === after.length && after.every((s, n) => s.id === before[n]?.id);
  return sameOrder ? { changed } : { changed, order: after.map((s) => s.id) };
}

export function patchSessions(before: List, { changed, order }: SessionsPatch): List {
  const byId = new Map([...before, ...changed].map((s) => [s.id, s]));
  return order ? order.flatMap((id) => byId.get(id) ?? []) : before.map((s) => byId.get(s.id) ?? s);
}
