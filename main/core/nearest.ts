import { distance } from 'fastest-levenshtein';

/** Those of `known` that `typed` may have meant, the likeliest first: mistyped by a third at most, or holding it. */
export function nearest(typed: string, known: readonly string[], most = 3): readonly string[] {
  const wanted = typed.toLowerCase();
  return known
    .map((name) => {
      const edits = distance(wanted, name.toLowerCase());
      const holds = wanted.length > 1 && name.toLowerCase().includes(wanted);
      return { name, edits, isNear: holds || edits <= Math.ceil(name.length / 3) };
    })
    .filter(({ isNear }) => isNear)
    .sort((a, b) => a.edits - b.edits)
    .slice(0, most)
    .map(({ name }) => name);
}
