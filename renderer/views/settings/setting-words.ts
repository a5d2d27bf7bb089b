import { PREFERENCES, type PreferenceName, type Preferences } from '../../../preload/contract/preferences.ts';
import { BUILT_IN_TERMINAL } from '../../../preload/contract/state.ts';
import { settingsTexts as t } from '../../../preload/contract/texts/index.ts';

/** "Appearance" */
export const settingLabel = (name: PreferenceName): string => PREFERENCES[name].label;

/** A value in a few words, for a list of changes. */
export const settingWords = <N extends PreferenceName>(name: N, value: Preferences[N]): string =>
  WORDS[name](value);

const switched = (on: boolean): string => (on ? t.values.on : t.values.off);
const written = (text: string): string => text || t.values.notSet;

const WORDS: { readonly [N in PreferenceName]: (value: Preferences[N]) => string } = {
  theme: (theme) => t.appearance.themes[theme],
  terminal: (choice) => (choice === BUILT_IN_TERMINAL ? t.terminal.tab : written(choice)),
  copyOnSelect: switched,
  pasteByRightClick: switched,
  screenReader: switched,
  editor: (id) => id || t.editor.none,
  notifications: switched,
  quiet: (kinds) => kinds.map((kind) => t.notifications.kinds[kind].label).join(', ') || t.values.none,
  cleanup: ({ auto, days }) => (auto ? t.values.removedAfter(days) : t.values.notRemoved(days)),
  idleGuard: ({ hours, shutDownAfterMinutes: minutes }) =>
    hours === null
      ? t.values.off
      : minutes === null
        ? t.values.idleAfter(hours)
        : t.values.shutDownAfter(hours, minutes),
  startHidden: switched,
  firstPorts: ({ ssh, jupyter, vscode }) => t.values.ports(ssh, jupyter, vscode),
  updateFeed: written,
  openLinks: switched,
  logLevel: (level) => t.log.levels[level],
};
