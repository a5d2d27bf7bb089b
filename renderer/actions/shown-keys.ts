import { effect, signal } from '@preact/signals';
import { APP_KEYS, ariaKeys, keysText, platformOf, ROW_KEYS } from './shortcuts.ts';

export const PLATFORM = platformOf(navigator.platform);

const KEPT = 'single-keys';

/** Whether single keys do something outside of a row: who dictates, or hits keys by chance, switches them off. */
export const singleKeys = signal(localStorage.getItem(KEPT) !== 'off');
effect(() => localStorage.setItem(KEPT, singleKeys.value ? 'on' : 'off'));

export interface Shortcut {
  readonly text: string;
  readonly aria: string;
}

type Keys = { readonly [id: string]: readonly string[] | undefined };

/** The keys of an action, to be shown beside it. */
export function shortcutOf(id: string): Shortcut | undefined {
  const inRow = (ROW_KEYS as Keys)[id];
  const keys = inRow ?? (APP_KEYS as Keys)[id]?.filter((one) => one.includes('Mod') || singleKeys.value);
  if (!keys?.[0]) return undefined;
  return {
    text: keysText(keys[0], PLATFORM),
    aria: keys.map((one) => ariaKeys(one, PLATFORM)).join(' '),
  };
}
