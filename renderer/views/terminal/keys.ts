import type { Platform } from '../../actions/shortcuts.ts';

export type TerminalCommand = 'copy' | 'search' | 'next' | 'previous';

/** What is said about the keys. Copying and pasting by ⌘ is the work of the browser. */
export const TERMINAL_KEYS: { readonly [P in Platform]: readonly (readonly [what: string, keys: string])[] } =
  {
    mac: [
      ['Copy', '⌘C'],
      ['Paste', '⌘V'],
      ['Search', '⌘F'],
      ['Next tab', '⇧⌘→'],
    ],
    other: [
      ['Copy', 'Ctrl+Shift+C'],
      ['Paste', 'Ctrl+Shift+V'],
      ['Search', 'Ctrl+Shift+F'],
      ['Next tab', 'Ctrl+Shift+→'],
    ],
  };

type Pressed = Pick<KeyboardEvent, 'code' | 'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey'>;

/** What is meant by keys that mean nothing to a shell: those with ⌘, or with both Ctrl and Shift. */
export function terminalCommand(event: Pressed, platform: Platform): TerminalCommand | undefined {
  const { code, ctrlKey, metaKey, shiftKey, altKey } = event;
  if (altKey) return undefined;
  if (platform === 'mac') {
    if (!metaKey || ctrlKey) return undefined;
    if (!shiftKey) return code === 'KeyF' ? 'search' : undefined;
  } else if (!ctrlKey || !shiftKey || metaKey) {
    return undefined;
  } else if (code === 'KeyC') {
    return 'copy';
  } else if (code === 'KeyF') {
    return 'search';
  }
  if (code === 'ArrowRight') return 'next';
  return code === 'ArrowLeft' ? 'previous' : undefined;
}
