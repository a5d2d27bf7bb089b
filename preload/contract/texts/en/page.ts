import type { HostCheck, View } from '../../api.ts';
import type { Sentence } from '../sentence.ts';

/** What stands around all views, and the first view of all. */
export const page = {
  titles: {
    sessions: 'Sessions',
    launch: 'New session',
    settings: 'Settings',
    workspaces: 'Workspaces',
    terminal: 'Terminal',
  } satisfies { readonly [V in View]: string },
  back: 'Back to the sessions',
  demo: 'Demo',
  server: { connecting: 'Connecting', online: 'Online', offline: 'Offline', lost: 'App not running' },
  welcome: {
    title: 'Welcome',
    to: 'to ClearML Session Tray',
    lead: 'JupyterLab, VS Code and SSH on the GPUs of your ClearML server, on links of this computer that stay connected.',
    readAgain: 'Read it again',
    connect: 'Connect your server',
    look: 'Look around first',
    demo: 'The demo brings a small server and machine of its own. It needs no account, no server and no internet, and everything in it works.',
    tryDemo: 'Try the demo',
  },
  credentials: {
    label: 'Credentials',
    hint: 'In the ClearML web UI: Settings › Workspace › Create new credentials. Copy the whole block.',
    check: 'Check',
    hosts: { api: 'API', web: 'Web', files: 'Files' } satisfies { readonly [H in HostCheck['host']]: string },
    works: 'OK',
    fails: 'Failed',
    signedIn: <T>(user: T): Sentence<T> => ['You are signed in as ', user, '.'],
    write: (file: string) => `Also write them to ${file}`,
    use: 'Use these credentials',
    replace: {
      title: (file: string) => `Replace ${file}?`,
      detail: 'The file exists. It is kept beside the new one as a backup.',
      yes: 'Replace it',
    },
    kept: 'The earlier file was kept',
  },
  sshNames: {
    hint: 'Names each session for ssh, scp, rsync, VS Code Remote-SSH and JetBrains, by one line in ~/.ssh/config.',
    title: (file: string) => `Add two lines to ${file}?`,
    toExisting:
      'They go to its top, and nothing else in it changes. The sessions themselves are listed in a file of this app.',
    toNew: 'The file is made with them. The sessions themselves are listed in a file of this app.',
    yes: 'Add them',
    added: (file: string) => `The lines were added to ${file}`,
    undo: 'Undo',
    removed: 'The lines were taken out of ~/.ssh/config',
  },
  deadLink: {
    title: 'This link is no longer valid',
    text: 'Use the link that the app printed. It is a new one each time the app starts.',
  },
  lost: {
    title: 'The app is not running.',
    hint: 'Start it again and use the link that it prints.',
    known: 'What you see here is the last known state.',
  },
  tryAgain: 'Try again',
  messages: { label: 'Messages', dismiss: 'Dismiss' },
  dialog: { no: 'Go back', cancel: 'Cancel', close: 'Close', copy: 'Copy' },
  tray: {
    label: 'Tray',
    byItself: <T>(countdown: T): Sentence<T> => ['by itself in ', countdown],
  },
  copy: {
    done: 'Copied',
    takenBack: 'It holds a token, and is taken out of the clipboard after a minute.',
    stays:
      'It holds a token. Copy something else when it is pasted: a page cannot take it out of the clipboard.',
    byHand: 'Copy this by hand',
    byHandBecause: 'The browser does not let the page copy.',
  },
  opened: {
    title: 'Opened in a new tab',
    link: 'Click here if nothing opened',
  },
  file: {
    toSave: 'Put this into a file whose name ends in .json, to import it elsewhere.',
    tooLarge: (file: string, size: string, most: string) => `${file} has ${size}; at most ${most} fit here.`,
    unreadable: (file: string) => `${file} cannot be read.`,
    notText: (file: string) => `${file} is not a text file.`,
  },
  suggestions: {
    label: 'Suggestions',
    searching: 'Searching…',
    more: (n: number) => `${n} more: type to find them.`,
  },
  tokens: {
    remove: (value: string) => `Remove ${value}`,
    enterAdds: (value: string) => `Enter adds “${value}”.`,
  },
  shortcut: {
    alone: (keys: string) => `Shortcut: ${keys}`,
    of: (label: string, keys: string) => `${label} (${keys})`,
  },
};
