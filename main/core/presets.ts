import { randomUUID } from 'node:crypto';
import { AppError } from '../../preload/contract/errors.ts';
import { OPTIONS, type OptionName } from '../../preload/contract/options.ts';
import {
  type NewPreset,
  PRESETS_AT_MOST,
  type Preset,
  PresetDescription,
  PresetId,
  PresetName,
  presetOptions,
  type Skipped,
} from '../../preload/contract/presets.ts';
import { importTexts } from '../../preload/contract/texts/index.ts';
import type { Log, Settings } from './ports.ts';
import { isRecord, readOptions, readPresets, writePresets } from './preset-file.ts';
import type { Store } from './store.ts';

type List = readonly Preset[];

/** A name that none of the others has, whatever the case: a number is added. */
export function uniqueName(wanted: string, others: readonly { readonly name: string }[]): string {
  const taken = new Set(others.map(({ name }) => name.toLowerCase()));
  const most = 80;
  let name = wanted;
  for (let n = 2; taken.has(name.toLowerCase()); n++) {
    const number = ` ${n}`;
    name = `${wanted.replace(/ \d+$/, '').slice(0, most - number.length)}${number}`;
  }
  return name;
}

/** With a preset changed, or put at `at` (the end, where it is left out). Throws AppError `conflict` when full. */
function withPreset(list: List, preset: Preset, at = list.length): List {
  const others = list.filter(({ id }) => id !== preset.id);
  const named = { ...preset, name: uniqueName(preset.name, others) };
  if (others.length < list.length) return list.map((one) => (one.id === preset.id ? named : one));
  if (list.length >= PRESETS_AT_MOST) {
    throw new AppError('conflict', `There are ${PRESETS_AT_MOST} presets already.`, {
      hint: 'Delete one that is no longer needed.',
    });
  }
  return [...list.slice(0, at), named, ...list.slice(at)];
}

/** With a preset at another place, counted from 0. */
export function moved(list: List, id: string, to: number): List {
  const preset = find(list, id);
  const others = list.filter((one) => one !== preset);
  return [...others.slice(0, to), preset, ...others.slice(to)];
}

/** Throws AppError `not-found`. */
function find(list: List, id: string): Preset {
  const preset = list.find((one) => one.id === id);
  if (!preset) throw new AppError('not-found', 'That preset is no longer there.');
  return preset;
}

/** The presets in a settings file. What is broken is dropped alone: a preset, or one option of it. */
export function readSavedPresets(stored: unknown, log: Log): List {
  if (!Array.isArray(stored)) {
    log.write('warn', 'The presets are not a list');
    return [];
  }
  const seen = new Set<string>();
  return stored.flatMap((entry: unknown, at) => {
    const preset = readSaved(entry, (name, why) =>
      log.write('warn', 'An option of a preset is dropped', { at, option: name, why }),
    );
    if (!preset || seen.has(preset.id)) {
      log.write('warn', 'A preset that cannot be read is dropped', { at });
      return [];
    }
    seen.add(preset.id);
    return [preset];
  });
}

function readSaved(entry: unknown, drop: (name: string, why: string) => void): Preset | undefined {
  if (!isRecord(entry) || !isRecord(entry.options)) return undefined;
  const id = PresetId.safeParse(entry.id);
  const name = PresetName.safeParse(entry.name);
  if (!id.success || !name.success) return undefined;
  const description = PresetDescription.safeParse(entry.description);
  const { options, skipped } = readOptions(entry.options, (key) =>
    Object.hasOwn(OPTIONS, key) ? (key as OptionName) : undefined,
  );
  for (const one of skipped) drop(one.name, one.why);
  return {
    id: id.data,
    name: name.data,
    description: description.success ? description.data : '',
    options,
  };
}

interface Parts {
  readonly store: Store;
  readonly settings: Settings;
}

/** The presets of this computer: what a person does with them ends here. */
export class Presets {
  readonly #parts: Parts;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get #list(): List {
    return this.#parts.settings.get('presets');
  }

  #set(presets: List): void {
    this.#parts.settings.set('presets', presets);
    this.#parts.store.update((s) => ({ ...s, presets }));
  }

  /** Changes the preset of that id, or adds one. */
  save(given: NewPreset & { readonly id?: string | undefined }, at?: number): Preset {
    const id = given.id ?? randomUUID();
    this.#set(withPreset(this.#list, { ...given, id, options: presetOptions(given.options) }, at));
    return find(this.#list, id);
  }

  /** Answers what `save` needs to undo it. */
  delete(id: string): { readonly preset: Preset; readonly at: number } {
    const preset = find(this.#list, id);
    const at = this.#list.indexOf(preset);
    this.#set(this.#list.filter((one) => one !== preset));
    return { preset, at };
  }

  move(id: string, to: number): void {
    this.#set(moved(this.#list, id, to));
  }

  /** The copy comes right behind. */
  duplicate(id: string): Preset {
    const preset = find(this.#list, id);
    return this.save({ ...preset, id: undefined }, this.#list.indexOf(preset) + 1);
  }

  /** In the order of the list. */
  export(ids: readonly string[]): string {
    return writePresets(this.#list.filter(({ id }) => ids.includes(id)));
  }

  /** Throws AppError `invalid` where the text cannot be read at all. */
  load(text: string, file: string): { readonly added: List; readonly skipped: readonly Skipped[] } {
    const { presets, skipped } = readPresets(text, { file, unnamed: file.replace(/\.json$/i, '') });
    const room = PRESETS_AT_MOST - this.#list.length;
    const added = presets.slice(0, room).map((preset) => this.save(preset));
    const left = presets
      .slice(room)
      .map(({ name }) => ({ name, why: importTexts.atMostPresets(PRESETS_AT_MOST) }));
    return { added, skipped: [...skipped, ...left] };
  }
}
