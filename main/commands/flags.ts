import { flagOf, OPTION_NAMES, OPTIONS, type OptionName } from '../../preload/contract/options.ts';

/**
 * What stands after a flag.
 *
 * - `nothing`
 * - `switch`: nothing, true or false
 * - `value`: one word
 * - `maybe`: one word or none
 * - `words`: any number of words
 */
export type Takes = 'nothing' | 'switch' | 'value' | 'maybe' | 'words';

export interface Flag {
  /** Without dashes, in kebab case. */
  readonly name: string;
  /** One letter. */
  readonly short?: string;
  readonly takes: Takes;
  /** What its value is called in the help. */
  readonly value?: string;
  readonly says: string;
  /** clearml-session has it, too. */
  readonly official?: true;
  /** Of the table of launch options. */
  readonly option?: OptionName;
}

/** Those that clearml-session lets stand alone, which then means an empty value. */
const MAY_STAND_ALONE: readonly OptionName[] = ['initScript', 'remoteGateway'];

function optionFlag(name: OptionName): Flag {
  const option = OPTIONS[name];
  const { takes, value } = formOf(name);
  return {
    name: flagOf(name),
    takes,
    ...(value === undefined ? {} : { value }),
    says: option.says,
    option: name,
    ...('ours' in option ? {} : { official: true }),
  };
}

function formOf(name: OptionName): Pick<Flag, 'takes' | 'value'> {
  const option = OPTIONS[name];
  switch (option.kind) {
    case 'switch':
      return { takes: 'switch' };
    case 'list':
      return { takes: 'words', value: 'TAG' };
    case 'lines':
      return { takes: 'words', value: 'PACKAGE' };
    case 'paths':
      return { takes: 'value', value: 'PATH' };
    case 'file':
      return { takes: MAY_STAND_ALONE.includes(name) ? 'maybe' : 'value', value: 'FILE' };
    case 'choice':
      return { takes: 'value', value: (option.choices ?? []).join('|') };
    case 'text':
    case 'secret':
      return { takes: MAY_STAND_ALONE.includes(name) ? 'maybe' : 'value', value: valueName(name) };
  }
}

const VALUE_NAMES: { readonly [K in OptionName]?: string } = {
  debuggingSession: 'ID',
  continueSession: 'ID',
  storeWorkspace: 'FOLDER',
  docker: 'IMAGE',
};

/** Else the last word of the flag: PORT, VERSION. */
const valueName = (name: OptionName): string =>
  VALUE_NAMES[name] ?? flagOf(name).split('-').at(-1)?.toUpperCase() ?? '';

export const OPTION_FLAGS: readonly Flag[] = OPTION_NAMES.map(optionFlag);

/** Of a launch or a connection, besides the options of the table. */
export const SESSION_FLAGS: readonly Flag[] = [
  {
    name: 'attach',
    takes: 'maybe',
    value: 'ID',
    says: 'Connects to a running session: its name, ID or address; without one, to the last.',
    official: true,
  },
  {
    name: 'shutdown',
    short: 'S',
    takes: 'maybe',
    value: 'ID',
    says: 'Shuts down a session: its name, ID or address; without one, the last.',
    official: true,
  },
  {
    name: 'preset',
    takes: 'value',
    value: 'NAME',
    says: 'Takes the options of a preset, an own one or one of the project; flags beside it win.',
  },
  {
    name: 'requirements',
    takes: 'value',
    value: 'FILE',
    says: 'Reads the packages from a requirements.txt, and what it names with -r and -c; --packages wins.',
    official: true,
  },
  {
    name: 'randomize',
    takes: 'maybe',
    value: 'always',
    says: 'A random SSH password, which is what every session gets unless --password says otherwise.',
    official: true,
  },
  {
    name: 'shell',
    takes: 'nothing',
    says: 'Opens a shell in the session once it is connected; leaving it does not shut the session down.',
    official: true,
  },
  {
    name: 'yes',
    short: 'y',
    takes: 'nothing',
    says: 'Asks nothing: launches, connects or shuts down at once.',
    official: true,
  },
  { name: 'verbose', takes: 'nothing', says: 'Prints the log of the set-up, too.', official: true },
  {
    name: 'disable-store-defaults',
    takes: 'nothing',
    says: 'The choices do not become the defaults of the next launch.',
    official: true,
  },
  {
    name: 'config-file',
    takes: 'value',
    value: 'FILE',
    says: "Keeps the defaults in this state file of clearml-session instead of the app's settings.",
    official: true,
  },
  {
    name: 'headless',
    takes: 'nothing',
    says: 'No window: stays in this terminal and keeps the session connected until Ctrl-C.',
  },
];

/** Where and how the app itself starts. */
export const APP_FLAGS: readonly Flag[] = [
  { name: 'demo', takes: 'nothing', says: 'Uses the built-in demo: no account, no server, no internet.' },
  { name: 'browser', takes: 'nothing', says: 'Runs in a browser tab, also where Electron is installed.' },
  { name: 'electron', takes: 'nothing', says: 'Runs in Electron, or says why that is not possible.' },
  {
    name: 'port',
    takes: 'value',
    value: 'N',
    says: 'Browser mode: port of the page, 0 for any free one.',
  },
  { name: 'no-open', takes: 'nothing', says: 'Browser mode: prints the link, does not open it.' },
  {
    name: 'user-data-dir',
    takes: 'value',
    value: 'DIR',
    says: 'Keeps settings, logs and keys in this folder.',
  },
  { name: 'hidden', takes: 'nothing', says: 'Starts in the tray, without a window.' },
  { name: 'help', short: 'h', takes: 'nothing', says: 'Shows this text.', official: true },
  { name: 'version', takes: 'nothing', says: 'Shows the version.', official: true },
];

const ID: Flag = {
  name: 'id',
  takes: 'value',
  value: 'ID',
  says: 'The session: its name, ID or address; without one, the one used last, or the only one that runs.',
  official: true,
};
const JSON_FLAG: Flag = { name: 'json', takes: 'nothing', says: 'Prints JSON, for programs.' };

export type Subcommand =
  | 'list'
  | 'info'
  | 'shutdown'
  | 'exec'
  | 'connect'
  | 'reconnect'
  | 'disconnect'
  | 'open';

export interface SubcommandForm {
  readonly says: string;
  readonly flags: readonly Flag[];
  /** The words that it takes besides, as the help shows them. */
  readonly words?: { readonly form: string; readonly least: number; readonly most: number };
  /** Whatever stands behind `--` is for it. */
  readonly takesRest?: true;
}

const ONE_SESSION = { form: '[SESSION]', least: 0, most: 1 };

export const SUBCOMMANDS: Readonly<Record<Subcommand, SubcommandForm>> = {
  list: {
    says: 'Lists the sessions that run or wait.',
    flags: [
      {
        name: 'all-users',
        short: 'a',
        takes: 'nothing',
        says: 'Also the sessions of other people.',
        official: true,
      },
      {
        name: 'project',
        takes: 'value',
        value: 'PROJECT',
        says: 'Only those in this project.',
        official: true,
      },
      {
        name: 'session-tags',
        takes: 'words',
        value: 'TAG',
        says: 'Only those with these tags.',
        official: true,
      },
      JSON_FLAG,
    ],
  },
  info: { says: 'Tells everything about one session.', flags: [ID, JSON_FLAG] },
  shutdown: {
    says: 'Shuts down one session.',
    flags: [ID, { name: 'yes', short: 'y', takes: 'nothing', says: 'Does not ask.' }, JSON_FLAG],
  },
  exec: {
    says: 'Runs one command in a session, and ends with its exit code.',
    words: { form: '[SESSION] -- COMMAND …', least: 0, most: 1 },
    takesRest: true,
    flags: [
      {
        name: 'tty',
        short: 't',
        takes: 'nothing',
        says: 'Gives it a terminal, as ssh -t does: for shells, editors and whatever else draws in one.',
      },
      { name: 'no-tty', short: 'T', takes: 'nothing', says: 'Gives it none, which is the default.' },
      {
        name: 'timeout',
        takes: 'value',
        value: 'S',
        says: 'Ends it after so many seconds, the wait for the session included; the exit code is 124 then.',
      },
    ],
  },
  connect: {
    says: 'Has the app connect a session, and waits until it is.',
    words: ONE_SESSION,
    flags: [],
  },
  reconnect: { says: 'Has the app connect a session anew.', words: ONE_SESSION, flags: [] },
  disconnect: { says: 'Has the app disconnect a session, which goes on.', words: ONE_SESSION, flags: [] },
  open: {
    says: 'Opens a web tool, shell or editor of a session, or a link.',
    words: { form: 'SESSION TOOL | LINK', least: 1, most: 2 },
    flags: [],
  },
};

export const isSubcommand = (word: string): word is Subcommand => Object.hasOwn(SUBCOMMANDS, word);
