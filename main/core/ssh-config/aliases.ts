import type { SessionId } from '../../../preload/contract/state.ts';

/** `my-session`: what a person types after `ssh`. Without dots, so that it takes the place of no machine of the net. */
export function slug(name: string): string {
  const plain = name
    .normalize('NFKD')
    .replace(/\p{M}/gu, '')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_]+/gu, '-')
    .replace(/^-+/, '');
  return [...plain].slice(0, 60).join('').replace(/-+$/, '') || 'session';
}

/**
 * A name for each session that no other one has. A session keeps the name that it had before, so that what was typed
 * yesterday works today; names of hosts of the person's own are not taken.
 */
export function giveAliases(
  sessions: readonly { readonly id: SessionId; readonly name: string }[],
  before: Readonly<Record<SessionId, string>>,
  taken: ReadonlySet<string>,
): Readonly<Record<SessionId, string>> {
  const given: Record<SessionId, string> = {};
  const used = new Set([...taken, 'localhost']);
  for (const { id } of sessions) {
    const alias = before[id];
    if (alias === undefined || used.has(alias)) continue;
    given[id] = alias;
    used.add(alias);
  }
  for (const { id, name } of sessions) {
    if (given[id] !== undefined) continue;
    const alias = firstFree(slug(name), used);
    given[id] = alias;
    used.add(alias);
  }
  return given;
}

function firstFree(wanted: string, used: ReadonlySet<string>): string {
  if (!used.has(wanted)) return wanted;
  let n = 2;
  while (used.has(`${wanted}-${n}`)) n++;
  return `${wanted}-${n}`;
}
