import { PREFERENCES, type PreferenceName, type Preferences } from '../../../preload/contract/preferences.ts';

/** "Appearance" */
export const settingLabel = (name: PreferenceName): string => PREFERENCES[name].label;

/** A value in a few words, for a list of changes. */
export function settingWords(value: Preferences[PreferenceName]): string {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (Array.isArray(value)) return value.join(', ') || 'none';
  if (value === null) return 'off';
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${name} ${settingWords(each)}`)
      .join(', ');
  }
  return String(value) || 'not set';
}
