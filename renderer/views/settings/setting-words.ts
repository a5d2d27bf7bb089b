import { PREFERENCES, type PreferenceName, type Preferences } from '../../../preload/contract/preferences.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';

const t = settingsTexts.values;

/** "Appearance" */
export const settingLabel = (name: PreferenceName): string => PREFERENCES[name].label;

/** A value in a few words, for a list of changes. */
export function settingWords(value: Preferences[PreferenceName]): string {
  if (typeof value === 'boolean') return value ? t.on : t.off;
  if (Array.isArray(value)) return value.join(', ') || t.none;
  if (value === null) return t.off;
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([name, each]) => `${name} ${settingWords(each)}`)
      .join(', ');
  }
  return String(value) || t.notSet;
}
