import type { ReadonlySignal } from '@preact/signals';
import type { Terminal } from '@xterm/xterm';
import type { Preferences } from '../../../preload/contract/preferences.ts';

const LEFT = 0;
const RIGHT = 2;

interface Does {
  readonly copy: () => void;
  readonly paste: () => void;
}

/** What a mouse does over a terminal besides selecting, for those who want it. */
export function hearMouse(
  element: HTMLElement,
  terminal: Terminal,
  wanted: ReadonlySignal<Pick<Preferences, 'copyOnSelect' | 'pasteByRightClick'>>,
  { copy, paste }: Does,
): void {
  element.addEventListener('mousedown', ({ button }) => {
    if (!wanted.peek().copyOnSelect || button !== LEFT) return;
    // Wherever it is let go. What a search selects is not copied.
    document.addEventListener('mouseup', () => terminal.hasSelection() && copy(), { once: true });
  });
  const pasteInstead = (event: MouseEvent): void => {
    // The menu key has a menu open, and a program that follows the mouse has the button; Shift takes it back.
    if (!wanted.peek().pasteByRightClick || event.button !== RIGHT) return;
    if (terminal.modes.mouseTrackingMode !== 'none' && !event.shiftKey) return;
    event.preventDefault();
    event.stopPropagation();
    paste();
  };
  element.addEventListener('contextmenu', pasteInstead, { capture: true });
}
