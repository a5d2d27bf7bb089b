import { effect } from '@preact/signals';
import type { Store } from './store.ts';

/** Draws the page in the chosen theme; without a choice the system's media query decides, in tokens.css. */
export function followTheme(store: Pick<Store, 'preferences'>): () => void {
  return effect(() => {
    const { theme } = store.preferences.value;
    if (theme === 'system') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = theme;
  });
}
