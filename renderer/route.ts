import { signal } from '@preact/signals';
import { VIEWS, type View } from '../preload/contract/api.ts';

const viewIn = (hash: string): View => {
  const [, name] = hash.split('/');
  return VIEWS.find((view) => view === name) ?? 'sessions';
};

/** The view that the address names: `#/` for the sessions, `#/launch` for the wizard, `#/sessions/ID` for one session. */
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
