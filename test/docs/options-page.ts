import {
  APP_FLAGS,
  type Flag,
  OPTION_FLAGS,
  SESSION_FLAGS,
  SUBCOMMANDS,
  type Subcommand,
} from '../../main/commands/flags.ts';
import { defaultOf, formOf, formOfSubcommand } from '../../main/commands/help.ts';
import { GROUPS, type Group, OPTIONS, type Option, type OptionName } from '../../preload/contract/options.ts';

/** docs/options.md; `npm run docs` writes it. */
export function optionsPage(): string {
  return [
    '# Options',
    '<!-- Written by "npm run docs" out of the table of options: edit that, in preload/contract/options.ts. -->',
    'What a launch can be told, with the same names in the wizard, on the command line (`clearml-session-tray`, in a ' +
      'folder with the source `npm start --`), in presets and in remembered values. The flags, their values and their ' +
      'meaning are those of `clearml-session`.',
    [
      '- [On the command line](#on-the-command-line)',
      ...groups.map(([, title]) => `- [${title}](#${anchor(title)})`),
    ].join('\n'),
    '## On the command line',
    VALUES,
    '### Commands',
    table(
      ['Command', 'Does'],
      [
        ['`clearml-session-tray`', 'Starts the app, or brings the one that runs to the front.'],
        ['with flags of a session', 'The same, with the wizard filled in; with `--yes` it launches at once.'],
        ...subcommands.map((name) => [code(formOfSubcommand(name)), SUBCOMMANDS[name].says]),
      ],
    ),
    ...subcommands
      .filter((name) => SUBCOMMANDS[name].flags.length > 0)
      .flatMap((name) => [`### Flags of ${name}`, flagTable(SUBCOMMANDS[name].flags)]),
    '### Flags of a session that are no options',
    flagTable(SESSION_FLAGS),
    '### Flags of the app',
    flagTable(APP_FLAGS),
    ...groups.flatMap(([group, title]) => [`## ${title}`, optionTable(group)]),
  ]
    .join('\n\n')
    .concat('\n');
}

const VALUES = `A flag may be shortened as long as it is clear, and underscores count as dashes. A value may follow after a space or an
equals sign; one that begins with a dash needs the equals sign (\`--docker-args=--shm-size=8g\`) unless it has a space in
it. A switch stands alone or is followed by \`true\`, \`yes\`, \`1\`, \`t\` or \`false\`, \`no\`, \`0\`, \`f\`. Of a flag that is given
twice, the last one counts; \`--upload-files\` adds up.`;

const subcommands = Object.keys(SUBCOMMANDS) as readonly Subcommand[];
const groups = Object.entries(GROUPS) as readonly [Group, string][];

/** As GitHub makes them of headings. */
const anchor = (title: string): string =>
  title
    .toLowerCase()
    .replace(/[^\w -]/g, '')
    .replaceAll(' ', '-');

function optionTable(group: Group): string {
  const flags = OPTION_FLAGS.filter(({ option }) => option && OPTIONS[option].group === group);
  return table(
    ['Flag', 'In the wizard', 'Does', 'Default', 'Remembered', 'Reaches'],
    flags.flatMap((flag) => (flag.option ? [optionRow(flag, flag.option)] : [])),
  );
}

function optionRow(flag: Flag, name: OptionName): readonly string[] {
  const option: Option = OPTIONS[name];
  const isText = typeof option.default === 'string' && option.default !== '';
  return [
    code(formOf(flag)),
    option.label,
    option.ours ? `${option.says} \`clearml-session\` does not know it.` : option.says,
    isText ? code(defaultOf(name)) : defaultOf(name),
    option.remembered === true ? 'yes' : `no: ${option.remembered}`,
    reachesOf(option),
  ];
}

function reachesOf({ param, reaches }: Option): string {
  return [...(param ? [code(`interactive_session/${param}`)] : []), ...(reaches ? [reaches] : [])].join(', ');
}

const flagTable = (flags: readonly Flag[]): string =>
  table(
    ['Flag', 'Does'],
    flags.map((flag) => [code(formOf(flag)), flag.says]),
  );

function table(titles: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(titles), line(titles.map(() => '---')), ...rows.map(line)].join('\n');
}

const code = (text: string): string => `\`${text}\``;
