import {
  DEFAULTS,
  flagOf,
  formErrors,
  type LaunchForm,
  OPTIONS,
  type OptionName,
  SomeOptions,
} from '../../preload/contract/options.ts';
import type { Options } from '../cli/args.mjs';
import type { Files } from './files.ts';
import {
  APP_FLAGS,
  type Flag,
  isSubcommand,
  OPTION_FLAGS,
  SESSION_FLAGS,
  SUBCOMMANDS,
  type Subcommand,
} from './flags.ts';
import { helpText, subcommandHelp } from './help.ts';
import type { How, Request } from './request.ts';
import { readRequirements, readText, requireReadable } from './texts.ts';
import { type Token, toBoolean, tokenize } from './tokens.ts';
import { shown, WrongUse } from './wrong-use.ts';

export type CommandLine =
  | {
      readonly is: 'request';
      readonly options: Options;
      readonly request: Request;
      /** Flags that say the same in full, for another process. */
      readonly argv: readonly string[];
    }
  /** What it asked to read: the help or the version. */
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'wrong'; readonly message: string };

export interface Place {
  readonly files: Files;
  readonly version: string;
  /** For Electron: what is not ours is passed over. */
  readonly lenient?: boolean;
}

/** Reads a command line, without the program and the script; the first thing wrong with it comes back as a sentence. */
export function parseCommandLine(argv: readonly string[], place: Place): CommandLine {
  try {
    return parse(argv, place);
  } catch (error) {
    if (error instanceof WrongUse) return { is: 'wrong', message: error.message };
    throw error;
  }
}

const ALL_FLAGS = [...OPTION_FLAGS, ...SESSION_FLAGS, ...APP_FLAGS];

function parse(argv: readonly string[], { files, version, lenient = false }: Place): CommandLine {
  const { given, rest } = tokenize(argv, ALL_FLAGS, { lenient, commands: Object.keys(SUBCOMMANDS) });
  const [command, ...more] = rest;
  const subcommand = command !== undefined && isSubcommand(command) ? command : undefined;
  const after = subcommand && tokenizeAfter(subcommand, more, lenient);
  const all = new Given([...given, ...(after?.given ?? [])]);
  if (all.has('help')) return { is: 'text', text: subcommand ? subcommandHelp(subcommand) : helpText() };
  if (all.has('version')) return { is: 'text', text: version };
  return {
    is: 'request',
    options: appOptions(all, files),
    request: after ? subcommandRequest(subcommand, new Given(given), after) : sessionRequest(all, files),
    argv: [...given.flatMap(inFull), ...(after ? [subcommand, ...afterInFull(after)] : [])],
  };
}

/** What stands behind the name of a subcommand. */
interface After {
  readonly given: readonly Token[];
  readonly words: readonly string[];
  /** Behind `--`; undefined without one. */
  readonly behind: readonly string[] | undefined;
}

function tokenizeAfter(subcommand: Subcommand, argv: readonly string[], lenient: boolean): After {
  const { flags, words: taken, takesRest } = SUBCOMMANDS[subcommand];
  const end = takesRest ? argv.indexOf('--') : -1;
  const own = end < 0 ? argv : argv.slice(0, end);
  const how = { lenient, commands: [], words: taken?.most ?? 0 };
  const { given, words } = tokenize(own, [...flags, ...APP_FLAGS], how);
  return { given, words, behind: end < 0 ? undefined : argv.slice(end + 1) };
}

const afterInFull = ({ given, words, behind }: After): readonly string[] => [
  ...words,
  ...given.flatMap(inFull),
  ...(behind ? ['--', ...behind] : []),
];

/** A flag with its full name. Only words that need none stand without an equals sign. */
function inFull({ flag, words }: Token): readonly string[] {
  const name = `--${flag.name}`;
  return flag.takes === 'words' && words.length !== 1
    ? [name, ...words]
    : words.length === 0
      ? [name]
      : [`${name}=${words[0]}`];
}

/** The flags of a command line; of one that was given twice, the last counts. */
class Given {
  readonly tokens: readonly Token[];

  constructor(tokens: readonly Token[]) {
    this.tokens = tokens;
  }

  has(name: string): boolean {
    return this.#last(name) !== undefined;
  }

  /** Undefined also where it stands alone or is followed by nothing. */
  word(name: string): string | undefined {
    return this.#last(name)?.words[0] || undefined;
  }

  words(name: string): readonly string[] {
    return this.#last(name)?.words ?? [];
  }

  /** Of those that are there, the one that was given last. */
  last(...names: readonly string[]): string | undefined {
    return this.tokens.findLast(({ flag }) => names.includes(flag.name))?.flag.name;
  }

  #last(name: string): Token | undefined {
    return this.tokens.findLast(({ flag }) => flag.name === name);
  }
}

function appOptions(given: Given, files: Files): Options {
  const port = given.words('port').at(0);
  if (port !== undefined && !(/^\d{1,5}$/.test(port) && Number(port) <= 65535)) {
    throw new WrongUse(`--port needs a number from 0 (any free port) to 65535, not ${shown(port)}.`);
  }
  const folder = given.words('user-data-dir').at(0);
  if (folder === '') throw new WrongUse('--user-data-dir needs a folder, not "".');
  for (const [one, another] of EXCLUSIVE) {
    if (given.has(one) && given.has(another)) {
      throw new WrongUse(`--${one} and --${another} exclude each other.`);
    }
  }
  return {
    demo: given.has('demo'),
    host: given.has('browser') ? 'browser' : given.has('electron') ? 'electron' : undefined,
    port: port === undefined ? undefined : Number(port),
    open: !given.has('no-open'),
    userDataDir: folder === undefined ? undefined : files.absolute(folder),
    hidden: given.has('hidden'),
  };
}

const EXCLUSIVE = [
  ['browser', 'electron'],
  ['headless', 'browser'],
  ['headless', 'electron'],
  ['attach', 'shutdown'],
] as const;

/** Of a session, and yet without effect on what a subcommand does. */
const EVERYWHERE = ['yes', 'verbose', 'config-file', 'disable-store-defaults'];
const isEverywhere = ({ name }: Flag): boolean =>
  EVERYWHERE.includes(name) || APP_FLAGS.some((flag) => flag.name === name);

function subcommandRequest(subcommand: Subcommand, before: Given, { given, words, behind }: After): Request {
  const after = new Given(given);
  const stray = before.tokens.find(({ flag }) => !isEverywhere(flag));
  if (stray) {
    const name = `--${stray.flag.name}`;
    const isIts = SUBCOMMANDS[subcommand].flags.some((flag) => flag.name === stray.flag.name);
    throw new WrongUse(
      isIts
        ? `${name} goes after "${subcommand}".`
        : `${name} has no meaning for "${subcommand}". "${subcommand} --help" lists its flags.`,
    );
  }
  const json = after.has('json');
  switch (subcommand) {
    case 'list': {
      const project = after.word('project');
      return {
        do: 'list',
        allUsers: after.has('all-users'),
        ...(project === undefined ? {} : { project }),
        tags: after.words('session-tags'),
        json,
      };
    }
    case 'info':
      return { do: 'info', ...sessionIn(after, 'id'), json };
    case 'shutdown':
      return {
        do: 'shutdown',
        ...sessionIn(after, 'id'),
        yes: before.has('yes') || after.has('yes'),
        json,
      };
    case 'exec':
      return {
        do: 'exec',
        ...named(words),
        command: commandBehind(behind),
        tty: after.last('tty', 'no-tty') === 'tty',
        ...timeoutIn(after),
      };
    case 'connect':
    case 'reconnect':
    case 'disconnect':
      return { do: subcommand, ...named(words) };
    case 'open':
      return openRequest(words);
  }
}

const named = ([session]: readonly string[]): { readonly session?: string } =>
  session === undefined ? {} : { session };

function commandBehind(behind: readonly string[] | undefined): readonly string[] {
  if (behind && behind.length > 0) return behind;
  throw new WrongUse(
    'exec needs a command behind "--", as in "exec SESSION -- nvidia-smi"; for a shell: "exec -t SESSION -- bash -l".',
  );
}

function timeoutIn(given: Given): { readonly timeoutMs?: number } {
  const text = given.words('timeout').at(0);
  if (text === undefined) return {};
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Number(text) : 0;
  if (seconds > 0 && seconds <= LONGEST_TIMEOUT_S) return { timeoutMs: seconds * 1000 };
  throw new WrongUse(`--timeout needs a number of seconds, not ${shown(text)}.`);
}

/** What a timer of Node takes: 24 days. */
const LONGEST_TIMEOUT_S = 2_000_000;

function openRequest([first, what]: readonly string[]): Request {
  if (first === undefined)
    throw new WrongUse('open needs a session and what to open, as in "open SESSION jupyter".');
  const isLink = first.includes('://');
  if (isLink && what === undefined) return { do: 'follow', link: first };
  if (what !== undefined) return { do: 'open', session: first, what };
  throw new WrongUse(
    `open ${first} needs what to open: jupyter, vscode, shell, editor or the name of an editor.`,
  );
}

function sessionRequest(given: Given, files: Files): Request {
  if (given.has('shutdown')) {
    const stray = given.tokens.find(({ flag }) => flag.name !== 'shutdown' && !isEverywhere(flag));
    if (stray) throw new WrongUse(`--${stray.flag.name} has no meaning for --shutdown.`);
    return { do: 'shutdown', ...sessionIn(given, 'shutdown'), yes: given.has('yes'), json: false };
  }
  if (given.tokens.every(({ flag }) => APP_FLAGS.includes(flag))) return { do: 'start' };
  const configFile = given.word('config-file');
  const how: How = {
    yes: given.has('yes'),
    headless: given.has('headless'),
    shell: given.has('shell'),
    verbose: given.has('verbose'),
    disableStoreDefaults: given.has('disable-store-defaults'),
    ...(configFile === undefined ? {} : { configFile: files.absolute(configFile) }),
  };
  const options = launchOptions(given, files);
  if (given.has('attach')) {
    if (given.has('preset')) throw new WrongUse('--preset has no meaning for --attach.');
    return { do: 'attach', ...sessionIn(given, 'attach'), options, ...how };
  }
  const preset = given.words('preset').at(0);
  return { do: 'launch', options, ...(preset === undefined ? {} : { preset }), ...how };
}

/** The session that a flag names, in whatever way; the server knows which one it is. */
function sessionIn(given: Given, flag: string): { readonly session?: string } {
  const session = given.word(flag)?.trim();
  return session ? { session } : {};
}

function launchOptions(given: Given, files: Files): SomeOptions {
  const raw: Record<string, unknown> = {};
  for (const { flag, words } of given.tokens) {
    if (flag.option) raw[flag.option] = readValue(flag.option, words, raw[flag.option], files);
  }
  const requirements = given.word('requirements');
  if (requirements !== undefined && raw.packages === undefined) {
    raw.packages = readRequirements(files, '--requirements', files.absolute(requirements));
  }
  if (given.has('randomize')) {
    const [when = 'always'] = given.words('randomize');
    if (when !== 'always') throw new WrongUse(`--randomize takes nothing or "always", not ${shown(when)}.`);
    raw.password = '';
  }
  return checked(raw);
}

function readValue(name: OptionName, words: readonly string[], before: unknown, files: Files): unknown {
  const flag = `--${flagOf(name)}`;
  const [word = ''] = words;
  switch (OPTIONS[name].kind) {
    case 'switch':
      return words.length === 0 || toBoolean(word);
    case 'file':
      return word === '' ? '' : readText(files, flag, files.absolute(word));
    case 'lines':
      return words.filter((line) => line.trim()).join('\n');
    case 'list':
      return words;
    case 'paths': {
      const path = files.absolute(word);
      requireReadable(files, flag, path);
      return [...((before as readonly string[]) ?? []), path];
    }
    case 'text':
    case 'choice':
    case 'secret':
      return word;
  }
}

/** Throws WrongUse with the first option that is not as the table wants it. */
function checked(raw: Readonly<Record<string, unknown>>): SomeOptions {
  const { data, error } = SomeOptions.safeParse(raw);
  for (const { path, message } of error?.issues ?? []) throw wrongOption(raw, path, message);
  const options = (data ?? {}) as SomeOptions;
  const together = formErrors({ ...DEFAULTS, ...options } as LaunchForm);
  for (const name of Object.keys(options) as OptionName[]) {
    if (together[name]) throw new WrongUse(`--${flagOf(name)}: ${together[name]}`);
  }
  return options;
}

function wrongOption(
  raw: Readonly<Record<string, unknown>>,
  [key, item]: readonly PropertyKey[],
  message: string,
): WrongUse {
  const name = key as OptionName;
  const option = OPTIONS[name];
  const value = item === undefined ? raw[name] : (raw[name] as readonly string[])[Number(item)];
  const flag = `--${flagOf(name)}`;
  if (option.kind === 'choice') {
    return new WrongUse(`${flag} takes ${option.choices?.join(' or ')}, not ${shown(String(value))}.`);
  }
  // A message about a package quotes it.
  const isLong = option.kind === 'lines' || option.kind === 'file' || Array.isArray(value);
  const of = isLong || option.kind === 'secret' ? '' : ` ${shown(String(value))}`;
  return new WrongUse(`${flag}${of}: ${message.replace(/^Line \d+: /, '')}`);
}
