import { nearest } from '../core/nearest.ts';
import type { Flag } from './flags.ts';
import { shown, WrongUse } from './wrong-use.ts';

/** A flag as it was given, with the words that belong to it. */
export interface Token {
  readonly flag: Flag;
  readonly words: readonly string[];
}

export interface Tokens {
  readonly given: readonly Token[];
  /** Words that belong to no flag, as many as were allowed. */
  readonly words: readonly string[];
  /** The first word that belongs to no flag, and what follows it. */
  readonly rest: readonly string[];
}

/** What a switch may be followed by; as clearml-session, and a little more. */
const YES = ['true', 'yes', '1', 't'];
const NO = ['false', 'no', '0', 'f'];

/** Undefined for a word that is neither yes nor no. */
export function toBoolean(word: string): boolean | undefined {
  const lower = word.trim().toLowerCase();
  return YES.includes(lower) ? true : NO.includes(lower) ? false : undefined;
}

export interface How {
  /**
   * For Electron, whose command line also holds switches of Chromium, the folder of the app and links to open: what
   * is not ours is passed over, and flags are not shortened.
   */
  readonly lenient: boolean;
  /** Words that belong to no flag, and end the flags. */
  readonly commands: readonly string[];
  /** So many other words may stand among the flags; none if left out. */
  readonly words?: number;
}

/**
 * Tells flags from their values as Python's argparse does, whose habits users of clearml-session have: a flag may be
 * shortened as long as it is clear, its value may follow after an equals sign, underscores count as dashes, short flags
 * may be joined, and a word that begins with a dash is a value if it has a space in it or is a number.
 *
 * @throws WrongUse
 */
export function tokenize(argv: readonly string[], flags: readonly Flag[], how: How): Tokens {
  const given: Token[] = [];
  const words: string[] = [];
  let i = 0;

  /** The words at `i` that can be values, at most so many. */
  const takeWords = (most: number): string[] => {
    const from = i;
    while (i < argv.length && i - from < most && !isFlag(argv[i] ?? '', flags, how)) i++;
    return argv.slice(from, i);
  };
  const wordsOf = (flag: Flag, typed: string, joined: string | undefined): readonly string[] => {
    if (joined !== undefined) {
      if (flag.takes === 'nothing') throw new WrongUse(`${typed} takes no value.`);
      if (flag.takes === 'switch') requireBoolean(typed, joined);
      return [joined];
    }
    switch (flag.takes) {
      case 'nothing':
        return [];
      case 'words':
        return takeWords(Number.POSITIVE_INFINITY);
      case 'maybe':
        return takeWords(1);
      case 'switch': {
        const [word] = takeWords(1);
        if (word === undefined) return [];
        if (toBoolean(word) !== undefined) return [word];
        i--;
        if (!how.lenient && !how.commands.includes(word)) requireBoolean(typed, word);
        return [];
      }
      case 'value': {
        const words = takeWords(1);
        if (words.length === 0) throw needsValue(flag, typed, argv[i], flags);
        return words;
      }
    }
  };

  while (i < argv.length) {
    const word = argv[i] ?? '';
    if (!isFlag(word, flags, how)) {
      if (how.commands.includes(word)) break;
      if (words.length < (how.words ?? 0)) words.push(word);
      else if (!how.lenient)
        throw new WrongUse(`Unknown argument ${shown(word)}. ${meant(word, how.commands)}`);
      i++;
      continue;
    }
    i++;
    for (const { flag, typed, joined } of flagsIn(word, flags, how)) {
      given.push({ flag, words: wordsOf(flag, typed, joined) });
    }
  }
  return { given, words, rest: argv.slice(i) };
}

function requireBoolean(typed: string, word: string): void {
  if (toBoolean(word) === undefined) throw new WrongUse(`${typed} takes true or false, not ${shown(word)}.`);
}

function needsValue(flag: Flag, typed: string, next: string | undefined, flags: readonly Flag[]): WrongUse {
  const hint =
    next !== undefined && next.length > 1 && !startsKnown(next, flags)
      ? ` A value that begins with a dash goes after an equals sign: --${flag.name}=${next}`
      : '';
  return new WrongUse(`${typed} needs a value: --${flag.name} ${flag.value ?? ''}.${hint}`);
}

/** Whether a word is a flag, known or not, and not a value. */
function isFlag(word: string, flags: readonly Flag[], how: How): boolean {
  if (!word.startsWith('-') || word === '-' || /^-\d*\.?\d+$/.test(word)) return false;
  return !/\s/.test(word) || (word.includes('=') && startsKnown(word, flags, how));
}

const startsKnown = (word: string, flags: readonly Flag[], how?: How): boolean =>
  candidates(nameIn(word), flags, how?.lenient ?? false).length > 0;

/** Without dashes and value; underscores as dashes. */
const nameIn = (word: string): string => word.replace(/=.*$/s, '').replace(/^--?/, '').replaceAll('_', '-');

/** A flag in a word, and what the word says after its equals sign. */
interface Found {
  readonly flag: Flag;
  readonly typed: string;
  readonly joined: string | undefined;
}

/** Several of them only where short ones are joined. */
function flagsIn(word: string, flags: readonly Flag[], how: How): readonly Found[] {
  if (!word.startsWith('--')) return shortFlagsIn(word, flags, how);
  const equals = word.indexOf('=');
  const typed = equals < 0 ? word : word.slice(0, equals);
  const joined = equals < 0 ? undefined : word.slice(equals + 1);
  const [flag, ...others] = candidates(nameIn(word), flags, how.lenient);
  if (flag && others.length > 0) {
    const names = [flag, ...others].map(({ name }) => `--${name}`);
    throw new WrongUse(`${typed} may mean ${names.slice(0, -1).join(', ')} or ${names.at(-1)}.`);
  }
  if (flag) return [{ flag, typed, joined }];
  if (how.lenient) return [];
  throw unknown(typed, flags);
}

function shortFlagsIn(word: string, flags: readonly Flag[], how: How): readonly Found[] {
  const found: Found[] = [];
  for (let at = 1; at < word.length; at++) {
    const typed = `-${word[at]}`;
    const flag = flags.find(({ short }) => short === word[at]);
    if (!flag) {
      if (how.lenient) return [];
      throw unknown(found.length === 0 ? word : typed, flags);
    }
    const after = word.slice(at + 1);
    if (flag.takes !== 'nothing' && after !== '') {
      return [...found, { flag, typed, joined: after.replace(/^=/, '') }];
    }
    found.push({ flag, typed, joined: undefined });
  }
  return found;
}

/** The flag of that name; or those that begin so, where clearml-session's own go first. */
function candidates(name: string, flags: readonly Flag[], lenient: boolean): readonly Flag[] {
  const exact = flags.filter((flag) => flag.name === name);
  if (exact.length > 0 || lenient || name === '') return exact;
  const begun = flags.filter((flag) => flag.name.startsWith(name));
  const official = begun.filter((flag) => flag.official);
  return official.length > 0 ? official : begun;
}

function unknown(typed: string, flags: readonly Flag[]): WrongUse {
  const names = flags.map(({ name }) => `--${name}`);
  return new WrongUse(`Unknown flag ${typed}. ${meant(`--${nameIn(typed)}`, names)}`);
}

function meant(typed: string, known: readonly string[]): string {
  const [near] = nearest(typed, known, 1);
  return `${near ? `Did you mean ${near}? ` : ''}"--help" lists all flags.`;
}
