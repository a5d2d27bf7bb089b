import type { Arg } from '../../../preload/contract/api.ts';
import type { Preferences } from '../../../preload/contract/preferences.ts';
import { useApp } from '../../app.ts';

/** The preferences, and how to change some of them. */
export function usePreferences(): readonly [Preferences, (change: Arg<'preferences.set'>) => void] {
  const { store, client, attempt } = useApp();
  const set = (change: Arg<'preferences.set'>): void => {
    void attempt(() => client.call('preferences.set', change));
  };
  return [store.preferences.value, set];
}
