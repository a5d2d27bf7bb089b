import type { SessionWord, Stage, StageName, Tool } from '../../state.ts';
import type { Sentence } from '../sentence.ts';
import { count } from './units.ts';

const words = {
  Queued: 'Queued',
  Starting: 'Starting',
  Ready: 'Ready',
  Connecting: 'Connecting',
  Connected: 'Connected',
  Reconnecting: 'Reconnecting',
  'Cannot connect': 'Cannot connect',
  Cancelling: 'Cancelling',
  Stopping: 'Stopping',
  Failed: 'Failed',
  Finished: 'Finished',
} satisfies { readonly [W in SessionWord]: string };

/** The list of sessions, and a row with all that unfolds in it. */
export const sessions = {
  /** How a session is. */
  words,
  tools: { ssh: 'SSH', jupyter: 'JupyterLab', vscode: 'VS Code' } satisfies { readonly [T in Tool]: string },
  /** Read out when it changes. */
  changed: (name: string, word: SessionWord) => `${name}: ${words[word]}.`,
  list: {
    own: 'Your sessions',
    others: 'Sessions of others',
    earlier: 'Earlier',
    unfoldEarlier: (n: number) => `Earlier (${n})`,
    cleanUp: 'Clean up…',
    filter: 'Filter sessions',
    matching: (n: number) => `${count(n, 'session')} found.`,
    noMatch: (filter: string) => `No session matches “${filter}”.`,
    /** A part of a line: "2 connected". */
    tally: (n: number, word: SessionWord) => `${n} ${words[word].toLowerCase()}`,
    reading: 'Reading the sessions…',
  },
  empty: {
    title: 'No session is running',
    text: 'Start a machine from one of your queues, and work on it as if it were this one.',
    start: 'Start a session',
  },
  noList: {
    title: 'No list yet',
    text: 'The sessions appear here as soon as ClearML can be read.',
  },
  offline: {
    tryAgain: 'Try again',
    otherCredentials: 'Use other credentials',
    since: (time: string) => `Offline since ${time}.`,
    sinceWithList: (time: string) =>
      `Offline since ${time}; the list is the last known one. Connected sessions go on working.`,
  },
  leftover: {
    title: (name: string) => `A launch was interrupted: ${name}`,
    begun: <T>(age: T): Sentence<T> => ['It was begun ', age, ' ago and is still on the server.'],
    delete: 'Delete',
    keep: 'Keep',
  },
  attach: {
    label: 'Session ID or address of its task page',
    placeholder: 'Session ID or task address',
    submit: 'Attach',
    options: 'Options of attaching',
    missing: 'Paste the ID of a session, or the address of its page.',
    attached: 'Attached. Connecting to the session.',
    /** What holds where a field is left empty. */
    usual: {
      username: 'What the session says, else root',
      password: 'What the session says',
      userFolder: 'Where the tools choose',
    },
  },
  row: {
    more: 'More actions',
    details: 'Details',
    actionsOf: (name: string) => `Actions of ${name}`,
    since: (time: string) => `Since ${time}`,
    ended: (time: string) => `Ended ${time}`,
    up: <T>(age: T): Sentence<T> => ['up ', age],
    ago: <T>(age: T): Sentence<T> => [age, ' ago'],
  },
  machine: {
    gpus: (n: number, type = 'GPU') => `${n} × ${type}`,
    cores: (n: number) => count(n, 'core'),
    memory: (gb: number) => `${gb} GB`,
  },
  ports: {
    label: 'Local ports',
    starting: 'starting',
  },
  stages: {
    label: 'Stages',
    /** None of these contains the word of a row ("Connected", "Queued"), so that a state is never read off a step. */
    names: {
      queued: 'Queue',
      'picked-up': 'Agent',
      environment: 'Environment',
      ssh: 'SSH',
      jupyter: 'JupyterLab',
      vscode: 'VS Code',
      connected: 'Connect',
    } satisfies { readonly [N in StageName]: string },
    /** Read out beside the name. */
    status: {
      waiting: 'to come',
      active: 'in progress',
      done: 'done',
      failed: 'failed',
      skipped: 'skipped',
    } satisfies { readonly [S in Stage['status']]: string },
    /** What happens in a stage, until main knows more. */
    happens: {
      queued: 'Waiting for an agent.',
      'picked-up': 'An agent takes it over.',
      environment: 'The agent prepares the environment.',
      ssh: 'The machine starts its SSH server.',
      jupyter: 'The machine starts JupyterLab.',
      vscode: 'The machine starts VS Code.',
      connected: 'Connecting to the machine.',
    } satisfies { readonly [N in StageName]: string },
  },
  link: {
    nextAttempt: <T>(countdown: T): Sentence<T> => ['Reconnecting, next attempt in ', countdown, '.'],
    reconnecting: 'Reconnecting now.',
    portsStay: 'The local ports stay open.',
    passwordOnly:
      'The machine does not take the SSH key of this app, as where its home folder cannot be written to: your own ssh and editors are asked for the password. Shells in a tab work.',
  },
  password: {
    label: (name: string) => `SSH password of ${name}`,
    placeholder: 'SSH password',
    submit: 'Log in',
  },
  idle: {
    since: <T>(age: T): Sentence<T> => [
      'Idle for ',
      age,
      ': not used from here, and its machine reports no work.',
    ],
    end: <T>(countdown: T): Sentence<T> => ['It is shut down in ', countdown, '.'],
    keep: 'Keep running',
  },
  log: {
    show: 'Show log',
    hide: 'Hide log',
    of: (name: string) => `Console of ${name}`,
    reading: 'Reading…',
    empty: 'The console is empty so far.',
  },
  details: {
    id: 'Session ID',
    owner: 'Owner',
    queue: 'Queue',
    image: 'Docker image',
    usualImage: 'default of the queue',
    machine: 'Machine',
    workspace: 'Workspace',
    created: 'Created',
    connections: 'Connections',
    outlive: 'outlive a lost network',
    end: (why: string) => `end when the network is lost: ${why}`,
    command: 'Command',
    options: 'Options',
  },
  run: {
    label: (name: string) => `Command to run in ${name}`,
    submit: 'Run',
    cancel: 'Cancel',
    printed: 'What the command printed',
    running: 'Running…',
    brokenOff: 'Ended before it was done',
    done: 'Done, exit code 0',
    failed: (exitCode: number) => `Failed, exit code ${exitCode}`,
  },
};
