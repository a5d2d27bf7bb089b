import {
  DEFAULTS,
  type LaunchForm,
  OPTION_NAMES,
  OPTIONS,
  type Option,
  type OptionName,
  overLast,
  SomeOptions,
} from '../../../preload/contract/options.ts';
import { presetTexts } from '../../../preload/contract/texts/index.ts';
import { valueWords } from '../launch/words.ts';

const t = presetTexts.summary;

/** More differences nobody reads in one line. */
const MOST = 3;
/** They are named first, whatever they are. */
const FIRST: readonly OptionName[] = ['queue', 'docker'];

/** "gpu · python:3.12 · Tags: lab": what a preset is about, in a line. */
export function presetSummary(options: SomeOptions): string {
  const first = FIRST.flatMap((name) => (options[name] ? [String(options[name])] : []));
  const others = namesIn(options).filter(
    (name) => !FIRST.includes(name) && !isSameValue(options[name], DEFAULTS[name]),
  );
  const named = others
    .slice(0, MOST)
    .map((name) => `${OPTIONS[name].label}: ${valueWords(name, options[name])}`);
  const more = others.length - named.length;
  return [...first, ...named, ...(more > 0 ? [t.more(more)] : [])].join(' · ') || t.defaults;
}

/** The options that are given, in the order of the table. */
export const namesIn = (options: SomeOptions): readonly OptionName[] =>
  OPTION_NAMES.filter((name) => options[name] !== undefined);

/** What keeps options from being saved, a sentence each. */
export function optionProblems(options: SomeOptions): readonly string[] {
  const issues = SomeOptions.safeParse(options).error?.issues ?? [];
  return issues.map(({ path, message }) => {
    const name = path[0] as OptionName;
    return `${OPTIONS[name].label}: ${message}`;
  });
}

/** Whether the wizard holds just what using the preset would fill in. */
export function isInForm(form: LaunchForm, last: LaunchForm, options: SomeOptions): boolean {
  const filled = filledIn(form, last, options);
  return OPTION_NAMES.every((name) => isSameValue(form[name], filled[name]));
}

/**
 * The wizard with a preset used: what it does not name is as at the last launch, but for what is about this one
 * session, such as its files, and its queue.
 */
export function filledIn(form: LaunchForm, last: LaunchForm, options: SomeOptions): LaunchForm {
  const own = OPTION_NAMES.filter((name) => (OPTIONS[name] as Option).remembered !== true);
  const kept = Object.fromEntries([...own, 'queue' as const].map((name) => [name, form[name]]));
  return { ...overLast(last, options), ...kept, ...options };
}

/** Whether two values of an option are alike. */
export const isSameValue = (a: unknown, b: unknown): boolean =>
  a === b || (Array.isArray(a) && JSON.stringify(a) === JSON.stringify(b));
