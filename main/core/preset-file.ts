import { AppError } from '../../preload/contract/errors.ts';
import {
  keyOf,
  OPTION_NAMES,
  OPTIONS,
  type Option,
  type OptionKind,
  type OptionName,
  type SomeOptions,
} from '../../preload/contract/options.ts';
import {
  type NewPreset,
  PRESETS_AT_MOST,
  PresetDescription,
  PresetName,
  type PresetsRead,
  type Skipped,
} from '../../preload/contract/presets.ts';
import { checkTexts, importTexts as t } from '../../preload/contract/texts/index.ts';
import { nearest } from './nearest.ts';

/**
 * Of the state file of clearml-session: what is no launch option, or belongs to one run. Left out without a word, so
 * that the words are about what a person put there.
 */
const OF_THE_CLI = new Set([
  '__version__',
  'attach',
  'config_file',
  'disable_store_defaults',
  'info',
  'list',
  'randomize',
  'requirements',
  'shell',
  'shutdown',
  'task_id',
  'verbose',
  'yes',
]);

/**
 * Reads presets in the form of {@link writePresets}, a single one, or the state file of clearml-session: all of them
 * name the options alike. What cannot be used is named, and the rest is taken.
 *
 * Throws AppError `invalid` where there is nothing to read. `file`: as the person knows it; `unnamed`: the name of a
 * preset that has none.
 */
export function readPresets(
  text: string,
  { file, unnamed }: { readonly file: string; readonly unnamed: string },
): PresetsRead {
  return presetsIn(entriesIn(text, file), unnamed);
}

/** What {@link readPresets} reads, each one by itself. */
export function entriesIn(text: string, file: string): readonly unknown[] {
  const value = readJson(text, file);
  const entries = Array.isArray(value) ? value : isRecord(value) ? (value.presets ?? [value]) : undefined;
  if (Array.isArray(entries)) return entries;
  throw new AppError('invalid', `${file} holds no presets.`, {
    hint: 'It is an object with options, such as {"docker": "python:3.12"}, or {"presets": [...]} with several of them.',
  });
}

/** Reads the list of {@link readPresets}. */
export function presetsIn(entries: readonly unknown[], unnamed: string): PresetsRead {
  const several = entries.length > 1;
  const read = entries.slice(0, PRESETS_AT_MOST).map((entry: unknown, i) => {
    const { preset, ...one } = readPreset(entry, several ? `${unnamed} ${i + 1}` : unnamed);
    return { preset, skipped: one.skipped.map((key) => told(key, one.name, several)) };
  });
  const presets = read.flatMap(({ preset }) => (preset ? [preset] : []));
  const skipped = read.flatMap((one) => one.skipped);
  const more = entries.length - PRESETS_AT_MOST;
  return {
    presets,
    skipped: more > 0 ? [...skipped, { name: t.morePresets(more), why: t.atMost(PRESETS_AT_MOST) }] : skipped,
  };
}

/** Presets as a file: what {@link readPresets} reads. Nothing secret is in a preset. */
export const writePresets = (presets: readonly NewPreset[]): string =>
  `${JSON.stringify({ presets: presets.map(writtenPreset) }, null, 2)}\n`;

export const writtenPreset = ({ name, description, options }: NewPreset): object => ({
  name,
  ...(description ? { description } : {}),
  ...writtenOptions(options),
});

/** Options by their keys in a file. */
export const writtenOptions = (options: SomeOptions): object =>
  Object.fromEntries(
    OPTION_NAMES.filter((option) => options[option] !== undefined).map((option) => [
      keyOf(option),
      write(OPTIONS[option].kind, options[option]),
    ]),
  );

/** Those of `given` that are options and have a value that can be used. `nameOf`: the option that a key means. */
export function readOptions(
  given: Readonly<Record<string, unknown>>,
  nameOf: (key: string) => OptionName | undefined,
): { readonly options: SomeOptions; readonly skipped: readonly Skipped[] } {
  const options: Record<string, unknown> = {};
  const skipped: Skipped[] = [];
  for (const [key, value] of Object.entries(given)) {
    const name = nameOf(key);
    if (value === null) continue;
    if (name === undefined) {
      if (!OF_THE_CLI.has(key)) skipped.push({ name: key, why: unknownKey(key) });
      continue;
    }
    const { remembered, schema, kind }: Option = OPTIONS[name];
    if (remembered !== true) {
      if (!isEmpty(value)) skipped.push({ name: key, why: t.notKept(remembered) });
      continue;
    }
    const parsed = schema.safeParse(read(kind, value));
    if (parsed.success) options[name] = parsed.data;
    // An empty value says that nothing was chosen.
    else if (!isEmpty(value)) skipped.push({ name: key, why: firstMessage(parsed.error) });
  }
  return { options, skipped };
}

const NAMES = new Map(OPTION_NAMES.map((name) => [keyOf(name), name]));

/** The option that a key in a file means. */
export const optionOfKey = (key: string): OptionName | undefined => NAMES.get(key);

function readPreset(
  entry: unknown,
  unnamed: string,
): { readonly name: string; readonly preset?: NewPreset; readonly skipped: readonly Skipped[] } {
  if (!isRecord(entry)) {
    return { name: unnamed, skipped: [{ name: '', why: t.noObject }] };
  }
  const { name: givenName = unnamed, description: givenDescription = '', ...rest } = entry;
  const name = PresetName.safeParse(givenName);
  const shown = name.success ? name.data : unnamed;
  const description = PresetDescription.safeParse(givenDescription);
  const { options, skipped } = readOptions(rest, optionOfKey);
  const wrong = [
    ...(name.success ? [] : [{ name: 'name', why: firstMessage(name.error) }]),
    ...(description.success ? [] : [{ name: 'description', why: firstMessage(description.error) }]),
    ...skipped,
  ];
  if (Object.keys(options).length === 0) {
    return { name: shown, skipped: [...wrong, { name: '', why: t.nothingUsable }] };
  }
  return {
    name: shown,
    preset: { name: shown, description: description.success ? description.data : '', options },
    skipped: wrong,
  };
}

/** Of several presets, which one is meant; what is about no key is about the preset. */
const told = ({ name: key, why }: Skipped, preset: string, several: boolean): Skipped => ({
  name: key && several ? `${preset}: ${key}` : key || preset,
  why,
});

export const firstMessage = (error: { readonly issues: readonly { readonly message: string }[] }): string =>
  error.issues[0]?.message ?? checkTexts.notValid;

function unknownKey(key: string): string {
  const [close] = nearest(key, [...NAMES.keys()]);
  return close ? t.meant(close) : t.noOption;
}

/** A value as clearml-session or a person writes it, as the option wants it. */
function read(kind: OptionKind, value: unknown): unknown {
  switch (kind) {
    case 'switch':
      return value === 'true' ? true : value === 'false' ? false : value;
    case 'list':
    case 'paths':
      return typeof value === 'string' ? [value] : value;
    case 'lines':
      return Array.isArray(value) ? value.join('\n') : value;
    default:
      return typeof value === 'number' ? String(value) : value;
  }
}

const write = (kind: OptionKind, value: unknown): unknown =>
  kind === 'lines' && typeof value === 'string' && value !== '' ? value.split('\n') : value;

const isEmpty = (value: unknown): boolean =>
  value === '' || value === false || (Array.isArray(value) && value.length === 0);

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Throws AppError `invalid`, with the line that is broken. */
export function readJson(text: string, file: string): unknown {
  const plain = text.replace(/^\uFEFF/, '');
  try {
    return JSON.parse(plain);
  } catch (cause) {
    throw new AppError('invalid', `${file} is not JSON: line ${brokenLine(plain)} cannot be read.`, {
      hint: 'Often a comma or a quotation mark is missing in it or before it.',
      cause,
    });
  }
}

/** The message of JSON.parse often has no place in it: this is the line of the first character that it stumbles at. */
function brokenLine(text: string): number {
  let good = 0;
  let bad = text.length;
  while (good < bad) {
    const middle = Math.floor((good + bad) / 2);
    if (failsBeforeEnd(text.slice(0, middle + 1))) bad = middle;
    else good = middle + 1;
  }
  return text
    .slice(0, good + 1)
    .trimEnd()
    .split('\n').length;
}

/** Whether it is broken in a way that no text behind it could mend. */
function failsBeforeEnd(text: string): boolean {
  try {
    JSON.parse(text);
    return false;
  } catch (error) {
    const message = String(error);
    const at = /position (\d+)/.exec(message)?.[1];
    return at === undefined ? /Unexpected token/.test(message) : Number(at) < text.length;
  }
}
