/**
 * Gives the keyboard a place when what had the focus is taken away, as a button is that did its work: the heading of
 * the same session, or else the view.
 */
export function keepFocus(root: HTMLElement): void {
  let last: Element | null = null;
  let around: readonly Element[] = [];
  root.addEventListener('focusin', ({ target }) => {
    if (!(target instanceof Element)) return;
    last = target;
    around = [target.closest('article')?.querySelector('h3'), target.closest('main')].filter((e) => !!e);
  });
  new MutationObserver(() => {
    if (!last || last.isConnected || document.activeElement !== document.body) return;
    const next = around.find((element) => element.isConnected);
    last = null;
    if (next instanceof HTMLElement) next.focus({ preventScroll: true });
  }).observe(root, { childList: true, subtree: true });
}
