import type { Dock } from 'electron';
import type { Clock } from '../core/ports.ts';

/** Sooner after a `show`, Electron drops a `hide` without a word: macOS would keep a second icon. */
const SETTLES_MS = 1100;

/**
 * The icon in the Dock of macOS, and with it the menu bar: there while a window is open. An app begins with it.
 *
 * Each is asked for only when it changes something: a `show` of an icon that is there already takes the focus from the
 * app for a moment.
 */
export class DockIcon {
  readonly #dock: Pick<Dock, 'show' | 'hide'>;
  readonly #clock: Clock;
  #isShown = true;
  /** When it was shown last. Epoch ms. */
  #shownAt = 0;
  #cancelHide = (): void => {};

  constructor(dock: Pick<Dock, 'show' | 'hide'>, clock: Clock) {
    this.#dock = dock;
    this.#clock = clock;
  }

  show(): void {
    this.#cancelHide();
    if (this.#isShown) return;
    this.#isShown = true;
    this.#shownAt = this.#clock.now();
    void this.#dock.show();
  }

  hide(): void {
    this.#cancelHide();
    if (!this.#isShown) return;
    const wait = this.#shownAt + SETTLES_MS - this.#clock.now();
    if (wait > 0) this.#cancelHide = this.#clock.after(wait, () => this.#hideNow());
    else this.#hideNow();
  }

  #hideNow(): void {
    this.#isShown = false;
    this.#dock.hide();
  }
}
