import {
  DEFAULT_PREFERENCES,
  PREFERENCE_NAMES,
  PREFERENCES,
  type PreferenceName,
  type Preferences,
  type SomePreferences,
} from '../../preload/contract/preferences.ts';
import type { Log } from './ports.ts';
import { isRecord } from './preset-file.ts';

/** With those changed that are given. */
export function withChanges(now: Preferences, changes: SomePreferences): Preferences {
  const given = Object.entries(changes).filter(([, value]) => value !== undefined);
  return { ...now, ...Object.fromEntries(given) };
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
