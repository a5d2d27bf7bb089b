/** The palette and the list of shortcuts. */
export const commands = {
  palette: {
    title: 'Commands',
    field: 'What to do',
    placeholder: 'What to do, and with which session',
    nothing: 'Nothing found.',
    more: (shown: number, all: number) => `The first ${shown} of ${all}: type to find the others.`,
  },
  shortcuts: {
    title: 'Keyboard shortcuts',
    close: 'Close',
    everywhere: 'Everywhere',
    onSession: 'On a session that has the focus',
    elsewhere: 'Elsewhere',
    nextAndPrevious: 'Next and previous session',
    more: 'More actions',
    launch: 'Launch, in the wizard',
    search: 'Search, in the terminal',
    copy: 'Copy what is selected, in the terminal',
    singleKeys: 'Single keys',
    singleKeysHint: 'Without Ctrl or ⌘, outside of a session. Off for those who dictate.',
  },
  /** As they are written on a keyboard, but for a Mac's, which has signs. */
  keys: { Ctrl: 'Ctrl', Shift: 'Shift', Enter: 'Enter', Delete: 'Delete' },
};
