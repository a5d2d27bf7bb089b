import type { Preferences } from '../../preferences.ts';
import type { NoticeKind, ServerSource, UpdateState } from '../../state.ts';
import type { Sentence } from '../sentence.ts';
import { count } from './units.ts';

type NotLookedFor = Exclude<Extract<UpdateState, { at: 'off' }>['why'], 'no-feed'>;

/** The page of the settings. */
export const settings = {
  list: 'Sections of the settings',
  holds: 'What is changed here holds at once, unless its line says from when on.',
  sections: {
    appearance: 'Appearance',
    server: 'Server',
    secrets: 'Secrets',
    launching: 'Launching',
    ports: 'Local ports',
    terminal: 'Terminal',
    ssh: 'Sessions in other programs',
    editor: 'Editor',
    notifications: 'Notifications',
    idle: 'Idle sessions',
    finished: 'Finished sessions',
    start: 'Start',
    updates: 'Updates',
    log: 'Log',
    'take-along': 'Import and export',
    about: 'About',
  },
  undo: 'Undo',

  appearance: {
    colours: 'Colours',
    themes: { system: 'As the system', light: 'Light', dark: 'Dark' } satisfies {
      readonly [T in Preferences['theme']]: string;
    },
    sizeInWindow: 'The size of everything is in the menu View.',
    sizeInPage: 'The size of everything is that of your browser’s zoom.',
  },
  server: {
    user: 'Signed in as',
    userUnknown: 'not known yet',
    credentials: 'Credentials',
    api: 'API',
    web: 'Web',
    files: 'Files',
    sources: {
      file: 'clearml.conf',
      env: 'environment variables (CLEARML_…)',
      pasted: 'pasted here',
      demo: 'built-in demo',
    } satisfies { readonly [S in ServerSource]: string },
    check: 'Check the server',
    leaveDemo: 'Leave the demo',
    forget: {
      label: 'Forget these credentials',
      says: 'Goes back to what clearml.conf and the environment say',
    },
    readAgain: 'Read clearml.conf again',
    useOthers: 'Use other credentials',
  },
  launching: {
    fromDefaults:
      'The wizard opens with the answers of the last launch, which are the defaults at the moment.',
    fromLast: 'The wizard opens with the answers of the last launch. These differ from the defaults:',
    forget: 'Forget the last answers',
    forgotten: 'The wizard starts from the defaults again.',
    restored: 'The wizard starts from the last answers again.',
    presets: 'Presets',
    presetsAre: 'They keep other answers under a name.',
    manage: (presets: number) => (presets > 0 ? `Manage presets (${presets})` : 'Manage presets'),
    fromCli: 'Import from clearml-session',
  },
  ports: {
    ssh: 'First SSH port',
    jupyter: 'First JupyterLab port',
    vscode: 'First VS Code port',
    hint: 'A session gets the first free port from these on. This holds for sessions that are connected for the first time from now on: each keeps its ports for as long as it lives.',
  },
  terminal: {
    label: 'Shells open in',
    missing: (id: string) => `${id} was not found on this computer: the terminal of the system is opened.`,
    notFound: (id: string) => `${id} (not found)`,
    system: (name: string) => `The terminal of the system (${name})`,
    none: 'No terminal was found: the command to paste is shown',
    tab: 'A tab of this app',
    own: 'A command of your own…',
    command: {
      label: 'Command',
      hint: <T>(code: (text: string) => T): Sentence<T> => [
        code('{ssh}'),
        ' stands for the ssh command, in quotation marks for all of it as one word: ',
        code('kitty {ssh}'),
        ', ',
        code("tmux new-window '{ssh}'"),
        '.',
      ],
      withoutSsh: 'Write {ssh} where the ssh command goes.',
    },
  },
  editor: {
    label: 'Preferred editor',
    hint: 'Comes before the others in the tray and in the row of a session.',
    none: 'No preference',
    notFound: (id: string) => `${id} (not found on this computer)`,
  },
  notifications: {
    label: 'Show notifications',
    hint: 'When something happens to a session of yours.',
    kinds: {
      ready: { label: 'Ready', hint: 'A session is connected, with buttons that open it.' },
      lost: { label: 'Connection', hint: 'A connection is gone for more than half a minute, and is back.' },
      ended: { label: 'Ended', hint: 'A session was shut down elsewhere, or deleted.' },
      failed: { label: 'Failed', hint: 'A session failed, or cannot be connected.' },
      idle: { label: 'Idle', hint: 'A session runs although nobody uses it.' },
    } satisfies { readonly [K in NoticeKind]: { readonly label: string; readonly hint: string } },
    refused: {
      title: 'Messages appear in this page only',
      detail: 'This browser does not allow the page to show notifications.',
    },
    pause: 'Pause notifications',
    pausedUntil: (time: string) => `Paused until ${time}`,
    afterwards: 'What is still true then is told afterwards.',
    forHour: 'For an hour',
    tillTomorrow: 'Until tomorrow',
    resume: 'Resume now',
  },
  idle: {
    notice: {
      label: 'Notice idle sessions',
      hint: 'One of your own that runs although nothing is connected to it and its GPUs do nothing. An open notebook or editor counts as use.',
    },
    after: { label: 'After', hint: 'Without a connection, and without work of its machine.' },
    hours: (hours: number) =>
      hours === 0.5 ? 'Half an hour' : hours === 1 ? 'An hour' : hours === 24 ? 'A day' : `${hours} hours`,
    shutDown: {
      label: 'Shut them down',
      hint: 'With a last time to object. Only those that this app is connected to, and after their workspace was saved, where they have one.',
    },
    further: {
      label: 'After a further',
      hint: 'In which the list, the tray and the notification offer to keep it.',
    },
    minutes: (minutes: number) =>
      minutes === 30
        ? 'Half an hour'
        : minutes === 60
          ? 'An hour'
          : minutes === 240
            ? '4 hours'
            : `${minutes} minutes`,
  },
  finished: {
    auto: {
      label: 'Remove old sessions automatically',
      hint: 'Once a day: your own without a saved workspace, with their logs and files. You are told how many.',
    },
    days: { label: 'Days after their end', hint: 'Only sessions that are over for longer are removed.' },
    removed: (time: string, removed: number, failed: number) =>
      failed > 0
        ? `${time}: ${count(removed, 'session')} removed, ${failed} could not be.`
        : `${time}: ${count(removed, 'session')} removed.`,
  },
  start: {
    login: {
      label: 'Start at login',
      hint: 'In the tray, without a window. Sessions that were connected are connected again.',
    },
    hidden: {
      label: 'Start hidden',
      hint: 'From the next start on: only the icon in the tray. Where the desktop shows no tray icons, the window opens all the same, a little later.',
    },
    links: {
      label: 'Open links to sessions',
      hint: 'Links that begin with clearml-session-tray: are opened with this app, which asks before it does anything.',
    },
  },
  updates: {
    off: {
      checkout:
        'Not looked for. The app runs from a folder with its sources: “git pull” there brings later versions.',
      store: 'Not looked for. The store that the app came from brings later versions.',
      snap: 'Not looked for. snap brings later versions.',
      flatpak: 'Not looked for. flatpak brings later versions.',
      'package-manager': 'Not looked for. The package manager of this system brings later versions.',
    } satisfies { readonly [W in NotLookedFor]: string },
    feed: {
      label: 'Update feed',
      hint: 'Asked once a day: a latest*.yml of electron-builder, or JSON with “version” and “url”. Nothing is downloaded or installed. Empty: nobody is asked.',
    },
    noFeed: 'Off: no address is given.',
    waiting: 'Not looked for yet.',
    asking: 'Looking…',
    current: (version: string, time: string) => `${version} is the latest version (${time}).`,
    available: (version: string, own: string) => `Version ${version} is available, you have ${own}.`,
    availableSomewhere: (version: string, own: string) =>
      `Version ${version} is available, you have ${own}. The feed does not say where.`,
    failed: (problem: string, time: string) => `${problem} (${time})`,
    get: (version: string) => `Get version ${version}`,
    check: 'Look now',
  },
  log: {
    level: 'Write down',
    levels: {
      off: 'Nothing',
      error: 'Errors',
      warn: 'Errors and warnings',
      info: 'What happens',
      debug: 'Everything, each request too',
    } satisfies { readonly [L in Preferences['logLevel']]: string },
    into: (file: string) => `Into ${file}, at most five files of 1 MB. Secrets are masked.`,
    show: 'Show log',
    copySummary: 'Copy diagnostic summary',
    holds:
      'The summary holds versions, counts and choices, and no names, addresses or secrets. The log names servers and sessions.',
    title: 'Log',
    empty: 'It is empty so far.',
    lines: 'The last lines',
  },
  takeAlong: {
    hint: 'What is set on this page, the last answers of the wizard and the presets go into one file. No credentials, passwords or sessions are in it, and nothing that this system keeps itself, such as the start at login. Before an import changes anything, it shows what.',
    export: 'Export settings',
    file: 'Settings to take along',
    import: 'Import settings…',
    picker: 'File with settings',
    tooLarge: (file: string) => `${file} is too large for settings.`,
    imported: (file: string) => `Imported from ${file}.`,
    undone: 'The settings are as before the import.',
  },
  import: {
    title: 'Import settings',
    nothing: (file: string) => `Nothing in ${file} differs from the settings here.`,
    changes: (file: string) => `${file} changes this:`,
    launch: (option: string) => `Launch: ${option}`,
    preset: 'Preset',
    yes: 'Import',
  },
  /** What is set, in a list of changes. */
  values: {
    on: 'on',
    off: 'off',
    none: 'none',
    notSet: 'not set',
    removedAfter: (days: number) => `removed after ${count(days, 'day')}`,
    notRemoved: (days: number) => `not removed (${count(days, 'day')})`,
    idleAfter: (hours: number) => `noticed after ${hours} h`,
    shutDownAfter: (hours: number, minutes: number) =>
      `noticed after ${hours} h, shut down after a further ${minutes} min`,
    ports: (ssh: number, jupyter: number, vscode: number) =>
      `SSH ${ssh}, JupyterLab ${jupyter}, VS Code ${vscode}`,
  },
  about: {
    name: 'ClearML Session Tray',
    version: (version: string, host: string) => `${version} (${host})`,
    licences: 'Libraries and their licences',
    licencesAre: 'The open-source libraries that are part of this app.',
  },
};
