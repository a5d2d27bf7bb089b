import { GROUPS, OPTIONS, type Option, type OptionName } from '../../preload/contract/options.ts';
import { APP_FLAGS, type Flag, OPTION_FLAGS, SESSION_FLAGS, SUBCOMMANDS, type Subcommand } from './flags.ts';

const WIDTH = 100;
const INDENT = 32;

export function helpText(): string {
  const groups = Object.entries(GROUPS).map(([group, title]) =>
    part(title, OPTION_FLAGS.filter(({ option }) => option && OPTIONS[option].group === group).map(lineOf)),
  );
  return [
    'ClearML Session Tray: remote sessions of ClearML on local links.',
    '',
    'clearml-session-tray [flags]           starts the app; with flags of a session, its wizard filled in',
    ...Object.entries(SUBCOMMANDS).map(
      ([name, { says }]) =>
        `clearml-session-tray ${`${name} …`.padEnd(18)}${`${says[0]?.toLowerCase()}${says.slice(1)}`.replace('.', '')}`,
    ),
    'npm start -- [flags]                   the same, in a folder with the source',
    ...groups.flat(),
    ...part('Session', SESSION_FLAGS.map(lineOf)),
    ...part('App', APP_FLAGS.map(lineOf)),
    '',
    ...wrap(`What was chosen is the default of the next launch, but not ${neverRemembered()}.`, 0),
    'Exit codes: 0 fine, 1 failed, 2 wrong use, 3 the session ended or failed, 130 interrupted.',
  ].join('\n');
}

export function subcommandHelp(name: Subcommand): string {
  const { says, flags } = SUBCOMMANDS[name];
  return [
    says,
    '',
    `clearml-session-tray ${formOfSubcommand(name)}`,
    ...(flags.length > 0 ? part('Flags', flags.map(lineOf)) : []),
  ].join('\n');
}

/** `exec [flags] [SESSION] -- COMMAND …` */
export function formOfSubcommand(name: Subcommand): string {
  const { flags, words } = SUBCOMMANDS[name];
  return [name, ...(flags.length > 0 ? ['[flags]'] : []), ...(words ? [words.form] : [])].join(' ');
}

/** `--keepalive [true|false]` */
export function formOf({ name, short, takes, value = 'VALUE' }: Flag): string {
  const flag = `${short ? `-${short}, ` : ''}--${name}`;
  switch (takes) {
    case 'nothing':
      return flag;
    case 'switch':
      return `${flag} [true|false]`;
    case 'value':
      return `${flag} ${value}`;
    case 'maybe':
      return `${flag} [${value}]`;
    case 'words':
      return `${flag} [${value} …]`;
  }
}

/** The default of an option in words. */
export function defaultOf(name: OptionName): string {
  const option: Option = OPTIONS[name];
  const value = option.default;
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return String(value) || (option.empty ?? 'none');
}

const part = (title: string, lines: readonly (readonly string[])[]): readonly string[] => [
  '',
  `${title}:`,
  ...lines.flat(),
];

function lineOf(flag: Flag): readonly string[] {
  const form = `  ${formOf(flag)}`;
  const says = flag.option ? `${flag.says} Default: ${defaultOf(flag.option)}.` : flag.says;
  const [first = '', ...more] = wrap(says, INDENT);
  return form.length < INDENT - 1
    ? [form.padEnd(INDENT) + first.trimStart(), ...more]
    : [form, first, ...more];
}

/** Lines of words, each after as much space. */
function wrap(text: string, indent: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > WIDTH) lines.push(' '.repeat(indent) + word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}

function neverRemembered(): string {
  const flags = OPTION_FLAGS.filter(({ option }) => option && OPTIONS[option].remembered !== true);
  const names = flags.map(({ name }) => `--${name}`);
  return `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}
