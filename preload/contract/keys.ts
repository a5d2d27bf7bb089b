/**
 * The keys of what can be done whatever session is looked at: the page acts on them, and the menu of the system shows
 * those with `Mod`, which is ⌘ on a Mac and Ctrl elsewhere.
 *
 * None is one that browsers keep for themselves (Mod with N, T, W or a figure), and single keys count only where
 * nothing is typed.
 */
export const APP_KEYS = {
  palette: ['Mod+K', 'Mod+Shift+P'],
  settings: ['Mod+,'],
  shortcuts: ['?'],
  newSession: ['N'],
  sessions: ['L'],
  filter: ['/'],
  attach: ['A'],
  workspaces: ['W'],
} as const satisfies { readonly [action: string]: readonly string[] };

/** What main may ask the page for, as if its keys were pressed. */
export type KeyedAction = keyof typeof APP_KEYS;
