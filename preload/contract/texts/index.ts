/**
 * Everything that the app says to a person by itself: in the window, the tray, the menus and the notifications.
 *
 * A language is one folder of modules with the shapes of `en`; this file is where one is chosen. What depends on a
 * value is a function, so that a language can order words and form plurals in its own way.
 */

export { actions as actionTexts } from './en/actions.ts';
export { checks as checkTexts } from './en/checks.ts';
export { cleanup as cleanupTexts } from './en/cleanup.ts';
export { commands as commandTexts } from './en/commands.ts';
export { imports as importTexts } from './en/imports.ts';
export { launch as launchTexts } from './en/launch.ts';
export { link as linkTexts } from './en/link.ts';
export { menus as menuTexts } from './en/menus.ts';
export { notices as noticeTexts } from './en/notices.ts';
export { options as optionTexts } from './en/options.ts';
export { page as pageTexts } from './en/page.ts';
export { preferences as preferenceTexts } from './en/preferences.ts';
export { presets as presetTexts } from './en/presets.ts';
export { queues as queueTexts } from './en/queues.ts';
export { secrets as secretTexts } from './en/secrets.ts';
export { sessions as sessionTexts } from './en/sessions.ts';
export { settings as settingsTexts } from './en/settings.ts';
export { states as stateTexts } from './en/states.ts';
export { terminal as terminalTexts } from './en/terminal.ts';
export { tray as trayTexts } from './en/tray.ts';
export { age, countdown } from './en/units.ts';
export { workspace as workspaceTexts } from './en/workspace.ts';
