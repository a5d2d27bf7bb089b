import {
  DEFAULT_PREFERENCES,
  PREFERENCE_NAMES,
  PREFERENCES,
  type PreferenceName,
  type Preferences,
  type SomePreferences,
} from '../../preload/contract/preferences.ts';
import type { EditorView } from '../../preload/contract/state.ts';
import type { AppLog } from './log.ts';
import type { Log, Settings, Shell } from './ports.ts';
import { isRecord } from './preset-file.ts';
import type { Store } from './store.ts';

/** With those changed that are given. */
export function withChanges(now: Preferences, changes: SomePreferences): Preferences {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...now, ...Object.fromEntries(given) };
}

/** The order in which editors are offered. One that is preferred but not installed changes nothing. */
export const preferredFirst = (
  editors: readonly EditorView[],
  preferred: Preferences['editor'],
): readonly EditorView[] => [
  ...editors.filter(({ id }) => id === preferred),
  ...editors.filter(({ id }) => id !== preferred),
];

interface Parts {
  readonly store: Store;
  readonly settings: Settings;
  readonly shell: Pick<Shell, 'editors'>;
  readonly log: Pick<AppLog, 'setLevel'>;
}

/** Keeps what the person prefers, and has it take effect. What reads the state or the settings needs no word. */
export class PreferenceKeeper {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  set(changes: SomePreferences): Preferences {
    const { store, settings, shell, log } = this.#parts;
    const preferences = withChanges(store.state.preferences, changes);
    settings.set('preferences', preferences);
    log.setLevel(preferences.logLevel);
    store.update((s) => ({
      ...s,
      preferences,
      app: { ...s.app, editors: preferredFirst(shell.editors, preferences.editor) },
    }));
    return preferences;
  }
}

/**
 * The preferences in a settings file, which a person may have edited, or another version written. What is missing or
 * broken is the default's, each alone.
 */
export function readSavedPreferences(stored: unknown, log: Log): Preferences {
  const given = isRecord(stored) ? stored : {};
  return withChanges(
    DEFAULT_PREFERENCES,
    Object.fromEntries(PREFERENCE_NAMES.map((name) => [name, readOne(name, given[name], log)])),
  );
}

function readOne(name: PreferenceName, value: unknown, log: Log): unknown {
  if (value === undefined) return undefined;
  const read = PREFERENCES[name].schema.safeParse(value);
  if (!read.success) log.write('warn', 'A preference is not what it should be', { preference: name });
  return read.data;
}
