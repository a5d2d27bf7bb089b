import { describe, expect, it, vi } from 'vitest';
import { PreferenceKeeper, preferredFirst, withChanges } from '../../../main/core/preferences.ts';
import { Store } from '../../../main/core/store.ts';
import {
  DEFAULT_PREFERENCES,
  PREFERENCE_NAMES,
  PREFERENCES,
  SomePreferences,
} from '../../../preload/contract/preferences.ts';
import { memorySettings } from '../../doubles/host.ts';
import { appState } from '../../doubles/state.ts';

const EDITORS = [
  { id: 'vscode', name: 'VS Code' },
  { id: 'zed', name: 'Zed' },
] as const;

function keeper() {
  const store = new Store(appState());
  const settings = memorySettings();
  const setLevel = vi.fn();
  const shell = { editors: EDITORS };
  return {
    store,
    settings,
    setLevel,
    keep: new PreferenceKeeper({ store, settings, shell, log: { setLevel } }),
  };
}

describe('a preference', () => {
  it.each(PREFERENCE_NAMES)('has a default that fits its own schema: %s', (name) => {
    expect(PREFERENCES[name].schema.safeParse(DEFAULT_PREFERENCES[name]).success).toBe(true);
  });

  it('that nobody knows is refused', () => {
    expect(SomePreferences.safeParse({ tehme: 'dark' }).success).toBe(false);
  });

  it('that is set is kept, shown and obeyed at once, and leaves the others alone', () => {
    const { store, settings, setLevel, keep } = keeper();
    keep.set({ theme: 'dark' });
    const both = keep.set({ logLevel: 'off', editor: 'zed' });
    expect(both).toEqual({ ...DEFAULT_PREFERENCES, theme: 'dark', logLevel: 'off', editor: 'zed' });
    expect(settings.get('preferences')).toEqual(both);
    expect(store.state.preferences).toEqual(both);
    expect(setLevel).toHaveBeenLastCalledWith('off');
    expect(store.state.app.editors.map(({ id }) => id)).toEqual(['zed', 'vscode']);
  });

  it('that is not given stays as it is', () => {
    expect(withChanges(DEFAULT_PREFERENCES, { theme: undefined } as unknown as SomePreferences)).toEqual(
      DEFAULT_PREFERENCES,
    );
  });
});

it('an editor that is preferred and missing changes no order', () => {
  expect(preferredFirst(EDITORS, 'cursor')).toEqual(EDITORS);
  expect(preferredFirst(EDITORS, '')).toEqual(EDITORS);
});
