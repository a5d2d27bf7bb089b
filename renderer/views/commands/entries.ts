import { isOver, sessionWord } from '../../../preload/contract/state.ts';
import { sessionTexts } from '../../../preload/contract/texts/index.ts';
import type { Action } from '../../actions/action.ts';
import { appActions } from '../../actions/app-actions.ts';
import { sessionActions } from '../../actions/session-actions.ts';
import type { App } from '../../app.ts';
import { fitOf, wordsOf } from './find.ts';

/** A line of the palette. */
export interface Entry {
  readonly action: Action;
  /** The session that it is done to, and how that is. */
  readonly of?: string;
  /** What it is found by, in lower case. */
  readonly text: string;
}

/** What can be done at this moment: with the app, then with each session in the order of the list. */
export function entriesOf(app: App): readonly Entry[] {
  const entries: Entry[] = [];
  for (const action of appActions(app)) {
    if (!action.refused && action.id !== 'palette')
      entries.push({ action, text: action.label.toLowerCase() });
  }
  for (const s of app.store.sessions.value) {
    if (isOver(s) && !s.mine) continue;
    const of = `${s.name} · ${sessionTexts.words[sessionWord(s)]}`;
    for (const action of sessionActions(app, s)) {
      if (!action.refused) entries.push({ action, of, text: `${action.label} ${s.name}`.toLowerCase() });
    }
  }
  return entries;
}

/** The entries that fit what was typed, the best first; among equals those that were used lately, then in their order. */
export function search(
  entries: readonly Entry[],
  typed: string,
  recent: readonly string[],
): readonly Entry[] {
  const words = wordsOf(typed);
  // Of thousands most fit alike: putting them on piles is quicker than sorting them.
  const piles = new Map<number, Entry[]>();
  for (const entry of entries) {
    const found = fitOf(words, entry.text);
    if (found === 0) continue;
    // A letter and Enter shall not be the end of a session.
    const fits = entry.action.destroys ? found - 0.5 : found;
    const pile = piles.get(fits);
    if (pile) pile.push(entry);
    else piles.set(fits, [entry]);
  }
  const best = [...piles].sort(([a], [b]) => b - a);
  return best.flatMap(([, pile]) => latelyFirst(pile, recent));
}

function latelyFirst(pile: readonly Entry[], recent: readonly string[]): readonly Entry[] {
  const used = recent.flatMap((key) => pile.find(({ action }) => action.key === key) ?? []);
  return used.length === 0 ? pile : [...used, ...pile.filter((entry) => !used.includes(entry))];
}
