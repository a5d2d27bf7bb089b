/** The names of what a person sets, as lists of changes have them, by their keys in the table. */
export const preferences = {
  theme: 'Appearance',
  terminal: 'Terminal',
  copyOnSelect: 'Copy on select',
  pasteByRightClick: 'Paste by right click',
  screenReader: 'Screen reader in terminals',
  editor: 'Editor',
  notifications: 'Notifications',
  quiet: 'Notifications left out',
  cleanup: 'Finished sessions',
  idleGuard: 'Idle sessions',
  startHidden: 'Start hidden',
  firstPorts: 'First local ports',
  updateFeed: 'Update feed',
  openLinks: 'Open links',
  logLevel: 'Log',
};
