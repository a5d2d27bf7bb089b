/** Shells in tabs, and what is said where one opens elsewhere. */
export const terminal = {
  shells: 'Shells',
  none: 'No shell is open. Choose a connected session above.',
  openIn: (session: string) => `Open a shell in ${session}`,
  close: (tab: string) => `Close ${tab}`,
  ended: (exitCode: number | undefined) =>
    exitCode === undefined ? 'The connection ended' : `Ended with ${exitCode}`,
  keys: { copy: 'Copy', paste: 'Paste', search: 'Search', nextTab: 'Next tab' },
  search: {
    open: 'Search in the terminal',
    placeholder: 'Search',
    none: 'Not found',
    previous: 'Previous',
    next: 'Next',
    close: 'Close the search',
  },
  /** Names the place where keys go, which is what a screen reader says first. */
  input: 'Terminal input',
  inputUnread: 'Terminal input. Screen reader support is off; it is in Settings, under Terminal',
  clipboardRefused: {
    title: 'The clipboard cannot be read from this page',
    body: 'Allow it in the browser, beside the address, or paste with the keyboard.',
  },
  paste: {
    title: (lines: number) => (lines === 1 ? 'Paste a line that is run at once?' : `Paste ${lines} lines?`),
    detail: 'This shell runs each line as soon as it arrives.',
    more: (lines: number) => `… and ${lines} more`,
    yes: 'Paste',
  },
  link: {
    title: 'Open this address?',
    detail: 'The text on the screen does not say where it leads.',
    yes: 'Open',
  },
  settings: {
    copyOnSelect: {
      label: 'Copy on select',
      hint: 'In tabs of this app: what the mouse selects is in the clipboard at once.',
    },
    pasteByRightClick: {
      label: 'Paste by right click',
      hint: 'In tabs of this app. In a program that follows the mouse, together with Shift.',
    },
    screenReader: {
      label: 'Screen reader support',
      hint: 'In tabs of this app: what is printed is announced, and can be read line by line. Much output draws slower then.',
    },
  },
  /** Of a terminal outside of the app. */
  outside: {
    toPaste: 'Paste this into a terminal',
    noPassword: 'No terminal can be opened from here. The command needs no password.',
    missing: (name: string) => `${name} was not found, so the terminal of the system was opened`,
    chooseAnother: 'Choose another one in Settings.',
    settings: 'Settings',
  },
};
