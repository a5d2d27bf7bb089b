type Plain = { readonly [key: string]: unknown };

const isPlain = (v: unknown): v is Plain => typeof v === 'object' && v !== null && !Array.isArray(v);
const idOf = (v: unknown): unknown => (isPlain(v) ? v.id : undefined);

/**
 * `after`, with every part that equals its counterpart in `before` replaced by it.
 *
 * Values lose their identity on the wire; with it restored, rows of unchanged sessions need not be drawn again.
 * Items of lists are counterparts when they have the same `id`, or else the same place.
 */
export function share<T>(before: T, after: T): T;
export function share(before: unknown, after: unknown): unknown {
  if (Object.is(before, after)) return before;
  if (Array.isArray(before) && Array.isArray(after)) {
    const byId = new Map(before.map((item) => [idOf(item), item]));
    const counterpart = (item: unknown, at: number): unknown =>
      idOf(item) === undefined ? before[at] : byId.get(idOf(item));
    const shared = after.map((item, at) => share(counterpart(item, at), item));
    return shared.length === before.length && shared.every((item, at) => item === before[at])
      ? before
      : shared;
  }
  if (isPlain(before) && isPlain(after)) {
    const keys = Object.keys(after);
    const shared = Object.fromEntries(keys.map((k) => [k, share(before[k], after[k])]));
    return keys.length === Object.keys(before).length && keys.every((k) => shared[k] === before[k])
      ? before
      : shared;
  }
  return after;
}
