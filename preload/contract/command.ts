import { DEFAULTS, flagOf, OPTION_NAMES, OPTIONS, type OptionName, type SomeOptions } from './options.ts';
import { requirementLines } from './requirements.ts';

export type ShellKind = 'posix' | 'powershell';

export interface SessionCommand {
  readonly command: string;
  /** What no command line can carry: texts that the command reads from files in the folder it is run in. */
  readonly files: readonly { readonly name: string; readonly text: string }[];
  /** What the command does not say: the password, and what clearml-session does not know. */
  readonly leftOut: readonly OptionName[];
}

const SCRIPT_FILE = 'session-init.sh';
const REQUIREMENTS_FILE = 'session-requirements.txt';

/** The `clearml-session` command of a launch, or with `attach` of a connection: what differs from the defaults. */
export function commandOf(
  options: SomeOptions,
  { shell, attach }: { readonly shell: ShellKind; readonly attach?: string },
): SessionCommand {
  const chosen = OPTION_NAMES.filter((name) => differs(name, options));
  const leftOut = chosen.filter((name) => 'ours' in OPTIONS[name] || OPTIONS[name].kind === 'secret');
  const parts = chosen.filter((name) => !leftOut.includes(name)).map((name) => partOf(name, options[name]));
  const words = [
    'clearml-session',
    ...(attach ? ['--attach', attach] : []),
    ...parts.flatMap((p) => p.words),
  ];
  return {
    command: shell === 'posix' ? words.map(posixWord).join(' ') : powershellCommand(words),
    files: parts.flatMap(({ file }) => file ?? []),
    leftOut,
  };
}

function differs(name: OptionName, options: SomeOptions): boolean {
  const value = options[name];
  if (value === undefined) return false;
  return JSON.stringify(plainValue(name, value)) !== JSON.stringify(DEFAULTS[name]);
}

/** Space around a list of requirements means nothing. */
const plainValue = (name: OptionName, value: unknown): unknown =>
  name === 'packages' ? String(value).trim() : value;

interface Part {
  readonly words: readonly string[];
  readonly file?: SessionCommand['files'][number];
}

function partOf(name: OptionName, value: unknown): Part {
  const flag = `--${flagOf(name)}`;
  switch (OPTIONS[name].kind) {
    case 'switch':
      // Some switches of clearml-session take no value, and each of those is off by default.
      return { words: value ? [flag] : [flag, 'false'] };
    case 'list':
      return { words: [flag, ...(value as readonly string[])] };
    case 'paths':
      return { words: (value as readonly string[]).flatMap((path) => valueWords(flag, path)) };
    case 'file':
      return fromFile(flag, SCRIPT_FILE, String(value));
    case 'lines':
      return packagesPart(String(value));
    case 'text':
    case 'choice':
    case 'secret':
      return { words: valueWords(flag, String(value)) };
  }
}

/** After an equals sign a value may be empty, or begin like a flag. */
const valueWords = (flag: string, value: string): string[] =>
  value === '' || value.startsWith('-') ? [`${flag}=${value}`] : [flag, value];

const fromFile = (flag: string, name: string, text: string): Part => ({
  words: [flag, name],
  file: { name, text: text.replaceAll('\r\n', '\n') },
});

/** One word a package, unless there is more in the list than packages: comments, options of pip, lines that go on. */
function packagesPart(requirements: string): Part {
  const lines = requirementLines(requirements).map(({ text }) => text);
  const written = requirements.split(/\r?\n/).flatMap((l) => l.trim() || []);
  const isPlain = written.length === lines.length && lines.every((l, i) => l === written[i] && !/^-/.test(l));
  return isPlain
    ? { words: ['--packages', ...lines] }
    : fromFile('--requirements', REQUIREMENTS_FILE, requirements);
}

/** A word for sh, bash and zsh. Also a tilde is quoted: these paths are those of the session. */
function posixWord(word: string): string {
  if (/^[\w@%+:,./-][\w@%+=:,./-]*$/.test(word)) return word;
  // Quoted after the equals sign, it is easier to read.
  const [, flag = '', value = ''] = /^(--[\w-]+=)?(.*)$/s.exec(word) ?? [];
  return value === '' ? flag || "''" : `${flag}'${value.replaceAll("'", "'\\''")}'`;
}

/**
 * A command for Windows PowerShell 5.1 and PowerShell 7.
 *
 * They disagree about words that hold double quotes, and about a backslash at the end of one with spaces: up to 7.2
 * they are given to a program as they stand, later ones escape them. Where there is such a word, the later ones are
 * told to do as the earlier ones, within the braces, and the word is escaped here.
 */
function powershellCommand(words: readonly string[]): string {
  const isDisputed = (word: string): boolean => /"|\s.*\\$/s.test(word);
  if (!words.some(isDisputed)) return words.map(powershellWord).join(' ');
  const escaped = words.map((word) => powershellWord(isDisputed(word) ? windowsWord(word) : word));
  return `& { $PSNativeCommandArgumentPassing = 'Legacy'; ${escaped.join(' ')} }`;
}

function powershellWord(word: string): string {
  if (/^(--)?[A-Za-z][\w./-]*$/.test(word)) return word;
  // Typographic quotes end a string there, too; each stands for itself where it is doubled.
  return `'${word.replace(/['\u2018-\u201b]/g, '$&$&')}'`;
}

/** As a program on Windows reads one word of its command line. */
const windowsWord = (word: string): string =>
  `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/\\+$/, '$&$&')}"`;
