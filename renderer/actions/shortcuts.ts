import { APP_KEYS as KEYS } from '../../preload/contract/keys.ts';
import { commandTexts } from '../../preload/contract/texts/index.ts';
import type { AppActionId } from './app-actions.ts';
import type { SessionActionId } from './session-actions.ts';

export const APP_KEYS: { readonly [I in AppActionId]?: readonly string[] } = KEYS;

/** For the session whose row has the focus. */
export const ROW_KEYS: { readonly [I in SessionActionId]?: readonly string[] } = {
  connect: ['R'],
  reconnect: ['R'],
  openJupyter: ['J'],
  openVscode: ['V'],
  openShell: ['S'],
  openTab: ['T'],
  copySsh: ['C'],
  openWeb: ['O'],
  saveWorkspace: ['B'],
  disconnect: ['D'],
  shutDown: ['Delete'],
};

export type Platform = 'mac' | 'other';

/** `platform`: as navigator has it. */
export const platformOf = (platform: string): Platform =>
  /^(mac|iphone|ipad)/i.test(platform) ? 'mac' : 'other';

/** As a keyboard names them. */
const NAMES: Readonly<Record<string, string>> = { ...commandTexts.keys, Mod: commandTexts.keys.Ctrl };

/** In the order in which a Mac writes them. */
const MAC_SIGNS: Readonly<Record<string, string>> = { Ctrl: '⌃', Shift: '⇧', Mod: '⌘' };

/** As people of this platform write it: `Ctrl+Shift+P`, `⇧⌘P`. */
export function keysText(keys: string, platform: Platform): string {
  const parts = keys.split('+');
  if (platform === 'other') return parts.map((part) => NAMES[part] ?? part).join('+');
  const signs = Object.keys(MAC_SIGNS).filter((name) => parts.includes(name));
  const key = parts.at(-1) ?? '';
  return [...signs.map((name) => MAC_SIGNS[name]), key === 'Delete' ? '⌫' : key].join('');
}

/** As `aria-keyshortcuts` wants it: `Control+Shift+P`, `Meta+Shift+P`. */
export const ariaKeys = (keys: string, platform: Platform): string =>
  keys.replace('Mod', platform === 'mac' ? 'Meta' : 'Control');

export type Pressed = Pick<KeyboardEvent, 'key' | 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** Whether these are the keys that were pressed. */
export function isPressed(keys: string, event: Pressed, platform: Platform): boolean {
  const parts = keys.split('+');
  const wanted = parts.at(-1) ?? '';
  const [mod, never] = platform === 'mac' ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (mod !== parts.includes('Mod') || never || event.altKey) return false;
  const isLetter = /^[A-Z]$/.test(wanted);
  // Where `?` and `/` are, and whether they need Shift, depends on the keyboard.
  if (isLetter && event.shiftKey !== parts.includes('Shift')) return false;
  // Of another script: the key that has the letter on a Latin keyboard.
  if (isLetter && event.key > '\u007f') return event.code === `Key${wanted}`;
  if (wanted === 'Delete' && platform === 'mac') return event.key === 'Backspace' || event.key === 'Delete';
  return event.key.toLowerCase() === wanted.toLowerCase();
}

/** Where the focus is. */
export interface Place {
  /** A dialog or a menu is open: nothing behind it is to be done. */
  readonly covered: boolean;
  readonly typing: boolean;
  /** The terminal takes every key that a shell knows. */
  readonly terminal: boolean;
  /** In the row of a session. */
  readonly row: boolean;
  /** Whether single keys count outside of a row. */
  readonly singleKeys: boolean;
}

export type Bound =
  | { readonly of: 'row'; readonly ids: readonly SessionActionId[] }
  | { readonly of: 'app'; readonly id: AppActionId };

/** What was asked for by these keys; of a row's the first that it offers. */
export function boundTo(event: Pressed, place: Place, platform: Platform): Bound | undefined {
  if (place.covered) return undefined;
  const counts = (keys: string): boolean => isPressed(keys, event, platform) && isFree(keys, place, platform);
  if (place.row) {
    const ids = idsOf(ROW_KEYS).filter((id) => ROW_KEYS[id]?.some(counts));
    if (ids.length > 0) return { of: 'row', ids };
  }
  const id = idsOf(APP_KEYS).find((one) =>
    APP_KEYS[one]?.some((keys) => counts(keys) && (place.singleKeys || keys.includes('Mod'))),
  );
  return id && { of: 'app', id };
}

const idsOf = <I extends string>(keys: { readonly [K in I]?: unknown }): I[] => Object.keys(keys) as I[];

/** Whether the keys mean nothing else there. */
function isFree(keys: string, { typing, terminal }: Place, platform: Platform): boolean {
  if (!keys.includes('Mod')) return !typing && !terminal;
  // A shell knows Ctrl with a key, but not with Shift besides, and nothing of ⌘.
  return !terminal || platform === 'mac' || keys.includes('Shift');
}
