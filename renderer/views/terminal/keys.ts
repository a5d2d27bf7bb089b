import { terminalTexts } from '../../../preload/contract/texts/index.ts';
import type { Platform } from '../../actions/shortcuts.ts';

const t = terminalTexts.keys;

export type TerminalCommand = 'copy' | 'search' | 'next' | 'previous';

/** What is said about the keys. Copying and pasting by ⌘ is the work of the browser. */
export const terminalKeys = (platform: Platform, tabs: number): readonly (readonly [string, string])[] => {
  const on = (mac: string, other: string): string => (platform === 'mac' ? mac : other);
  return [
    [t.copy, on('⌘C', 'Ctrl+Shift+C')],
    [t.paste, on('⌘V', 'Ctrl+Shift+V')],
    [t.search, on('⌘F', 'Ctrl+Shift+F')],
    ...(tabs > 1 ? [[t.nextTab, on('⇧⌘→', 'Ctrl+Shift+→')] as const] : []),
  ];
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
