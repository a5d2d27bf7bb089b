import type { Sentence } from '../sentence.ts';
import { count } from './units.ts';

const weight = (files: number, size: string, leftOut: number): string =>
  `${count(files, 'file')}, ${size}${leftOut > 0 ? `, ${leftOut} left out` : ''}`;

const andMore = (names: string, more: number): string => (more > 0 ? `${names} and ${more} more` : names);

/** The wizard, and how its launch stands. What its options are called and do is in the table of options. */
export const launch = {
  wizard: {
    remember: 'Start the next launch from these choices',
    undoReset: 'Undo reset',
    reset: 'Reset to defaults',
    copy: 'Copy as command',
    launch: 'Launch',
    launching: 'Creating…',
  },
  part: {
    more: 'More',
    problems: (n: number) => (n === 1 ? 'One problem' : `${n} problems`),
  },
  option: {
    hint: (does: string, usual: string) => `${does} Default: ${usual}.`,
    /** The name of the option is heard and not seen: it stands beside. */
    reset: <T>(option: T): Sentence<T> => ['Reset ', option],
    usual: (value: string) => `Back to the default: ${value}`,
  },
  /** A value in a few words. */
  value: {
    none: 'empty',
    on: 'on',
    off: 'off',
    secret: 'set',
    lines: (n: number) => count(n, 'line'),
    paths: (n: number) => count(n, 'file or folder', 'files or folders'),
  },
  nothingFound: 'Nothing found.',
  queue: {
    reading: 'Reading the queues…',
    unknown: (name: string) => `No queue that is offered is called “${name}”.`,
    search: (queues: number) => `Search ${queues} queues`,
    none: 'The server has no queue that you may use.',
    noneLeft: 'No queue is left by the tags that are asked for.',
    offerAll: 'Offer all queues',
    load: (agents: number, idle: number, waiting: number) =>
      `${count(agents, 'agent')}, ${idle} idle${waiting > 0 ? `, ${waiting} waiting` : ''}`,
    wait: (usually: string) => `usually starts in ${usually}`,
    agents: {
      idle: (names: string, more: number) => `Idle agents: ${andMore(names, more)}.`,
      busy: (names: string, more: number) => `Busy agents: ${andMore(names, more)}.`,
      silent: (names: string, more: number) => `Silent agents: ${andMore(names, more)}.`,
    },
    agent: { idle: 'idle', busy: 'busy', silent: 'silent' },
  },
  task: {
    search: 'Search by name, or paste an ID or address',
    none: 'There is no such task on this ClearML server.',
    mine: 'you',
  },
  image: { recent: 'used lately' },
  paths: {
    addFiles: 'Add files',
    addFolder: 'Add a folder',
    remove: (path: string) => `Remove ${path}`,
    counting: 'Counting…',
    weight,
    total: (files: number, size: string, leftOut: number) => `Together ${weight(files, size, leftOut)}`,
  },
  textFile: {
    read: 'Read a file',
    readRequirements: 'Read a requirements.txt',
    goTo: (line: number) => `Go to line ${line}`,
    lines: (n: number) => count(n, 'line'),
    linesFrom: (n: number, file: string) => `${count(n, 'line')} from ${file}`,
  },
  browser: {
    title: 'Choose files and folders',
    folder: 'Folder',
    above: 'To the folder above',
    choose: (name: string) => `Choose ${name}`,
    more: (n: number) => (n === 1 ? '1 more is not shown.' : `${n} more are not shown.`),
    add: (chosen: number) => `Add ${chosen} chosen`,
    addShown: 'Add this folder',
  },
  git: {
    reading: 'Looking at your git credentials…',
    none: 'There is neither ~/.git-credentials nor ~/.gitconfig on this computer: nothing would be sent.',
    sent: (server: string | undefined) =>
      `Sent through ${server ?? 'the ClearML server'} to the machine of the session, readable there for whoever may read its task until the session has taken it:`,
    noAddress: 'settings without an address',
  },
  command: {
    title: 'As a clearml-session command',
    shell: 'Shell',
    shells: { posix: 'bash, zsh', powershell: 'PowerShell' },
    reads: <T>(file: T): Sentence<T> => ['It reads ', file, ' in the folder that it is run in.'],
    copyFile: (file: string) => `Copy the text of ${file}`,
    leftOut: (options: string) => `Not in it: ${options}.`,
  },
  /** While the task is being made. */
  creating: {
    creating: 'Creating the session…',
    queueing: 'Putting it into the queue…',
    upload: 'Upload',
    cancel: 'Cancel',
  },
  /** From the task to the connection. */
  progress: {
    going: {
      title: 'The session is on its way',
      means: 'You may close this: you are told when it is ready.',
    },
    ready: { title: 'It is ready', means: 'It is on the list, too, and in the tray.' },
    unconnected: { title: 'It runs, but cannot be connected', means: 'See below for the reason.' },
    over: { title: 'The launch did not succeed', means: 'The log may say more.' },
    cancelled: { title: 'The launch was cancelled', means: 'Nothing is left of it.' },
    another: 'Start another',
    close: 'Close',
  },
};
