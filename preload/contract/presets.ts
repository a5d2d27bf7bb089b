import * as z from 'zod/mini';
import { rememberedOf, SomeOptions } from './options.ts';
import { checkTexts } from './texts/index.ts';

/** More nobody finds anything in. */
export const PRESETS_AT_MOST = 200;
/** Of a text to import, so that it fits into one message of a page. */
export const IMPORT_AT_MOST = 900_000;

const line = (max: number) =>
  z
    .string()
    .check(
      z.trim(),
      z.maxLength(max, checkTexts.atMostCharacters(max)),
      z.regex(/^[^\r\n\0]*$/, checkTexts.oneLine),
    );

export const PresetId = z.string().check(z.regex(/^[\w-]{1,64}$/));
export const PresetName = line(80).check(z.minLength(1, checkTexts.presetName));
export const PresetDescription = line(300);

/** A key that is there has a value: its type says so, unlike the schema's own. */
export const PresetOptions = SomeOptions as unknown as z.ZodMiniType<SomeOptions>;

export const Preset = z.strictObject({
  id: PresetId,
  name: PresetName,
  description: PresetDescription,
  options: PresetOptions,
});
/** A named choice of launch options. What it does not name is left to the last choices. */
export type Preset = Readonly<z.infer<typeof Preset>>;

/** A preset before it has a place in the list. */
export type NewPreset = Omit<Preset, 'id'>;

/** What was not taken over from a file: a key or a preset of it, and why. */
export interface Skipped {
  readonly name: string;
  readonly why: string;
}

export interface PresetsRead {
  readonly presets: readonly NewPreset[];
  readonly skipped: readonly Skipped[];
}

/** Those of `options` that a preset holds: nothing secret, nothing about one session, and no queue that is empty. */
export function presetOptions(options: SomeOptions): SomeOptions {
  const kept = Object.entries(rememberedOf(options)).filter(
    ([name, value]) => value !== undefined && !(name === 'queue' && value === ''),
  );
  return Object.fromEntries(kept);
}
