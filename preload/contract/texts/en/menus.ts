/** The menu of the windows, what Electron asks and says outside of a page; `&` stands before the letter that Alt takes. */
export const menus = {
  file: '&File',
  newSession: 'New Session…',
  attach: 'Attach to a Session…',
  settings: 'Settings…',
  quit: 'Quit',
  quitApp: (name: string) => `Quit ${name}`,
  view: '&View',
  palette: 'Command Palette…',
  sessions: 'Sessions',
  workspaces: 'Workspaces',
  shortcuts: 'Keyboard Shortcuts',
  help: '&Help',
  documentation: 'ClearML Sessions on the Web',
  developer: '&Developer',
  simulateSuspend: (seconds: number) => `Simulate Suspend (${seconds} s)`,
  /** The title of a window. */
  wizard: 'New Session',
  /** The answer to a question that changes nothing. */
  cancel: 'Cancel',
  bug: 'ClearML Session Tray has to close',
};
