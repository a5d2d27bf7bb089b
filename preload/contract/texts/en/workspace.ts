import type { Sentence } from '../sentence.ts';
import { count } from './units.ts';

/** Saved workspaces, how they are saved, and the end of a session that has one. */
export const workspace = {
  reading: 'Reading the workspaces…',
  list: {
    running: 'Running now',
    savedAtEnd: (folder: string) => `${folder} is saved when the session is shut down`,
    all: 'Saved workspaces',
    saved: 'Saved',
    total: (workspaces: number, size: string) => `${count(workspaces, 'workspace')}, ${size}`,
    none: {
      title: 'No workspace is saved yet',
      means:
        'A session that is launched with a workspace folder saves it when it ends. A later one can go on with it.',
      start: 'Start one with a workspace',
    },
  },
  snapshot: {
    ago: <T>(age: T): Sentence<T> => [age, ' ago'],
    running: 'session is running',
    beside: 'kept beside the current one',
    follows: (session: string, saved: string) => `follows ${session}, ${saved}`,
    size: (size: string, files: number) => (files > 0 ? `${size}, ${count(files, 'file')}` : size),
    files: 'Files',
    filesOf: (session: string) => `Files of ${session}`,
    moreFiles: (n: number) => `and ${count(n, 'more file')}`,
    download: 'Download',
    downloaded: (session: string) => `The workspace of ${session} is here`,
    restore: 'Restore into a new session',
    isBusy: 'Its session runs, and a new one starts with its latest. Download this one instead.',
  },
  /** In the wizard. */
  choose: {
    open: 'Choose a saved workspace',
    title: 'Go on with a saved workspace',
    none: 'No workspace is saved yet.',
    one: (session: string, saved: string) => `${session}, ${saved}`,
  },
  save: {
    saved: (session: string) => `The workspace of ${session} is saved`,
    unchanged: (session: string) => `Nothing new in the workspace of ${session}`,
    unchangedMeans: 'It is the same as when it was last saved.',
  },
  /** How far something is on its way to the server or from there; at first there is no amount. */
  transfer: {
    packing: (amount?: string) => (amount ? `Packing ${amount}` : 'Packing…'),
    uploading: (amount?: string) => (amount ? `Uploading ${amount}` : 'Uploading…'),
    downloading: (amount?: string) => (amount ? `Downloading ${amount}` : 'Downloading…'),
    amount: (sent: string, total: string) => `${sent} of ${total}`,
    speed: (amount: string, perSecond: string) => `${amount}, ${perSecond}/s`,
    savingOf: (session: string) => `Saving the workspace of ${session}`,
    downloadOf: (session: string) => `Downloading the workspace of ${session}`,
    cancel: 'Cancel',
  },
  shutDown: {
    title: (session: string) => `Shut down “${session}”?`,
    nothingSaved: 'The machine is given back, and whatever was only stored on it is gone.',
    savedFirst: (folder: string, size: string | undefined) =>
      `The machine is given back. ${size ? `${folder} (${size})` : folder} is saved first; whatever else was only stored on it is gone.`,
    owner: (name: string) => `It belongs to ${name}.`,
    yes: 'Shut down',
  },
  /** Before the end of a session whose workspace would hardly be saved in time. */
  large: {
    title: (session: string) => `The workspace of “${session}” is large`,
    estimate: ({ folder, size, takes, perSecond, isMeasured, limit }: Estimate) =>
      `${folder} holds ${size}. Saving it takes about ${takes} at ${perSecond} a second, ${isMeasured ? 'as when it was last saved' : 'which is an assumption'}. A session that is shut down gets ${limit} for it, and is ended then, saved or not.`,
    safe: 'Saved first, it is safe: the session goes on running if that fails.',
    anyway: 'Shut down anyway',
    saveFirst: 'Save, then shut down',
  },
};

/** How long a workspace takes to be saved, in words. */
interface Estimate {
  readonly folder: string;
  readonly size: string;
  readonly takes: string;
  readonly perSecond: string;
  /** Else it is assumed. */
  readonly isMeasured: boolean;
  /** What a session gets for it when it is shut down. */
  readonly limit: string;
}
