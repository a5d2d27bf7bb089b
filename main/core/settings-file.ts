import { isDeepStrictEqual } from 'node:util';
import type { SettingsChanges } from '../../preload/contract/api.ts';
import { AppError } from '../../preload/contract/errors.ts';
import type { SomeOptions } from '../../preload/contract/options.ts';
import {
  PREFERENCES,
  type PreferenceName,
  type Preferences,
  type SomePreferences,
} from '../../preload/contract/preferences.ts';
import {
  type NewPreset,
  PRESETS_AT_MOST,
  type Preset,
  type Skipped,
} from '../../preload/contract/presets.ts';
import { importTexts } from '../../preload/contract/texts/index.ts';
import {
  firstMessage,
  isRecord,
  optionOfKey,
  presetsIn,
  readJson,
  readOptions,
  writtenOptions,
  writtenPreset,
} from './preset-file.ts';

/** All that a person sets, and that may go to another computer. */
export interface PortableSettings {
  readonly preferences: Preferences;
  /** The last choices of a launch. */
  readonly launch: SomeOptions;
  readonly presets: readonly Preset[];
}

/** Presets are as in a file of their own, which can be read from this one, too. */
export const writeSettings = ({ preferences, launch, presets }: PortableSettings): string =>
  `${JSON.stringify(
    { settings: preferences, launch: writtenOptions(launch), presets: presets.map(writtenPreset) },
    null,
    2,
  )}\n`;

/**
 * What a file of {@link writeSettings} would change. What cannot be used is named, as in a file of a later version.
 *
 * Throws AppError `invalid` where there is nothing to read.
 */
export function settingsChanges(text: string, file: string, now: PortableSettings): SettingsChanges {
  const value = readJson(text, file);
  const { settings, launch, presets }: Readonly<Record<string, unknown>> = isRecord(value) ? value : {};
  if (!isRecord(settings) && !isRecord(launch) && !Array.isArray(presets)) {
    throw new AppError('invalid', `${file} holds no settings of this app.`, {
      hint: 'Choose a file that Settings > Export has made.',
    });
  }
  const preferences = readPreferences(isRecord(settings) ? settings : {});
  const choices = readOptions(isRecord(launch) ? launch : {}, optionOfKey);
  const list = presetsIn(Array.isArray(presets) ? presets : [], importTexts.preset);
  const missing = list.presets.filter((preset) => !now.presets.some((one) => isSame(one, preset)));
  const room = PRESETS_AT_MOST - now.presets.length;
  return {
    preferences: different(preferences.found, now.preferences),
    launch: different(choices.options, now.launch),
    presets: missing.slice(0, room),
    skipped: [
      ...preferences.skipped,
      ...choices.skipped,
      ...list.skipped,
      ...missing.slice(room).map(({ name }) => ({ name, why: importTexts.atMostPresets(PRESETS_AT_MOST) })),
    ],
  };
}

function readPreferences(given: Readonly<Record<string, unknown>>): {
  readonly found: SomePreferences;
  readonly skipped: readonly Skipped[];
} {
  const found: Record<string, unknown> = {};
  const skipped: Skipped[] = [];
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(PREFERENCES, name)) {
      skipped.push({ name, why: importTexts.noSetting });
      continue;
    }
    const { label, schema } = PREFERENCES[name as PreferenceName];
    const read = schema.safeParse(value);
    if (read.success) found[name] = read.data;
    else skipped.push({ name: label, why: firstMessage(read.error) });
  }
  return { found, skipped };
}

/** Those of `given` that are not as in `now`. */
const different = <T extends object>(given: Partial<T>, now: Partial<T>): Partial<T> =>
  Object.fromEntries(
    Object.entries(given).filter(([name, value]) => !isDeepStrictEqual(value, now[name as keyof T])),
  ) as Partial<T>;

const isSame = (a: NewPreset, b: NewPreset): boolean =>
  a.name === b.name && a.description === b.description && isDeepStrictEqual(a.options, b.options);
