import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { SomeOptions } from '../../preload/contract/options.ts';
import type { NewPreset, Skipped } from '../../preload/contract/presets.ts';
import { withTilde } from '../core/clearml/with-tilde.ts';
import { FileLog } from '../core/log.ts';
import { nearest } from '../core/nearest.ts';
import { entriesIn, presetsIn } from '../core/preset-file.ts';
import { readSavedPresets } from '../core/presets.ts';
import { PROJECT_FILE, projectFolders } from '../core/project-file.ts';
import { readObject } from './state-file.ts';
import { shown, WrongUse } from './wrong-use.ts';

export interface PresetPlaces {
  /** The data folder of the app. */
  readonly appFolder: string;
  /** Where the person stands. */
  readonly folder: string;
  readonly home: string;
}

interface Found extends NewPreset {
  /** Of a project: what of it cannot be used, and in which file that stands. */
  readonly lacking?: { readonly skipped: readonly Skipped[]; readonly file: string };
}

/**
 * The options of a preset: one of the person's own, else one of the project, by its whole name or the beginning of it.
 * Throws WrongUse with the names that may have been meant, and AppError where the file of the project cannot be read.
 */
export function presetOptionsOf(name: string, places: PresetPlaces): SomeOptions {
  const wanted = name.trim().toLowerCase();
  const own = ownPresets(places);
  const isNew = (preset: NewPreset): boolean => !own.some((one) => isNamed(one, preset.name.toLowerCase()));
  const presets: readonly Found[] = [...own, ...projectPresets(places).filter(isNew)];
  const whole = presets.find((preset) => isNamed(preset, wanted));
  if (whole) return wholeOptions(whole);
  const begun = presets.filter((preset) => wanted !== '' && preset.name.toLowerCase().startsWith(wanted));
  const [only, another] = begun;
  if (only && !another) return wholeOptions(only);
  if (only) throw new WrongUse(`--preset ${shown(name)} may mean ${listed(begun)}.`);
  throw new WrongUse(`There is no preset ${shown(name)}. ${hint(name, presets)}`);
}

const isNamed = ({ name }: NewPreset, lower: string): boolean => name.toLowerCase() === lower;

const ownPresets = ({ appFolder }: PresetPlaces): readonly NewPreset[] =>
  readSavedPresets(readObject(join(appFolder, 'settings.json'))?.presets ?? [], new FileLog({}));

/** What a person does not see, as they would in the wizard, is not left out. */
function wholeOptions({ name, options, lacking }: Found): SomeOptions {
  if (!lacking || lacking.skipped.length === 0) return options;
  const wrong = lacking.skipped.map((one) => `${one.name}: ${one.why}`).join(' ');
  throw new WrongUse(`The preset ${shown(name)} in ${lacking.file} cannot be used. ${wrong}`);
}

function projectPresets({ folder, home }: PresetPlaces): readonly Found[] {
  for (const one of projectFolders(folder)) {
    const path = join(one, PROJECT_FILE);
    const text = textOf(path);
    if (text === undefined) continue;
    const file = withTilde(path, home);
    return entriesIn(text, file).flatMap((entry, i, { length }) => {
      const { presets, skipped } = presetsIn(
        [entry],
        length > 1 ? `${basename(one)} ${i + 1}` : basename(one),
      );
      return presets.map((preset) => ({ ...preset, lacking: { skipped, file } }));
    });
  }
  return [];
}

function textOf(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function hint(name: string, presets: readonly NewPreset[]): string {
  if (presets.length === 0) return 'None is kept here: the wizard makes them.';
  const near = nearest(
    name,
    presets.map((preset) => preset.name),
  );
  return near.length > 0
    ? `Did you mean ${near.map(shown).join(' or ')}?`
    : `There are ${listed(presets.slice(0, 10))}${presets.length > 10 ? ' and others' : ''}.`;
}

const listed = (presets: readonly NewPreset[]): string =>
  presets.map((preset) => shown(preset.name)).join(', ');
