import { signal } from '@preact/signals';
import { VIEWS, type View } from '../preload/contract/api.ts';
import type { SessionId } from '../preload/contract/state.ts';

const viewIn = (hash: string): View => {
  const [, name] = hash.split('/');
  return VIEWS.find((view) => view === name) ?? 'sessions';
};

/** The view that the address names: `#/` for the sessions, `#/launch` for the wizard, `#/sessions/ID` for one session. */
export const route = signal<View>(viewIn(location.hash));

export const sessionIn = (hash: string): SessionId | undefined =>
  /^#\/sessions\/([0-9a-f]{32})$/.exec(hash)?.[1];

export function followAddress(): void {
  addEventListener('hashchange', () => {
    route.value = viewIn(location.hash);
  });
}

export function go(view: View): void {
  location.hash = view === 'sessions' ? '#/' : `#/${view}`;
  route.value = view;
}
