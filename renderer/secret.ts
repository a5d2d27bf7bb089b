const KEY = 'secret';

/**
 * The secret of browser mode's link.
 *
 * It comes in the fragment, which is never sent or logged; it is moved to this tab's storage and wiped from the
 * address bar, so that it is in no screenshot, history or bookmark, and a reload still works.
 */
export function takeSecret(): string | null {
  const given = secretIn(location.hash);
  if (given) {
    sessionStorage.setItem(KEY, given);
    history.replaceState(null, '', location.pathname);
  }
  return sessionStorage.getItem(KEY);
}

/** Pasting a newer link over the open page changes only the fragment, which loads nothing by itself. */
export function reloadOnNewSecret(): void {
  addEventListener('hashchange', () => {
    if (secretIn(location.hash)) location.reload();
  });
}

/** Fragments that begin with `#/` are views. */
const secretIn = (hash: string): string | undefined =>
  /^#[^/]/.test(hash) ? decodeURIComponent(hash.slice(1)) : undefined;
