import { signal } from '@preact/signals';
import type { View } from '../preload/contract/api.ts';

const viewIn = (hash: string): View => {
  const name = hash.replace(/^#\//, '');
  return name === 'launch' || name === 'settings' || name === 'workspaces' ? name : 'sessions';
};

/** The view that the address names: `#/`, `#/launch`, `#/settings`, `#/workspaces`. */
export const route = signal<View>(viewIn(location.hash));

export function followAddress(): void {
  addEventListener('hashchange', () => {
    route.value = viewIn(location.hash);
  });
}

export function go(view: View): void {
  location.hash = view === 'sessions' ? '#/' : `#/${view}`;
  route.value = view;
}
