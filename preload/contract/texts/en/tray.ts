import type { SessionWord } from '../../state.ts';
import { actions } from './actions.ts';
import { sessions } from './sessions.ts';

/** The icon in the tray and its menu. */
export const tray = {
  tooltip: {
    notSetUp: 'ClearML sessions: not set up yet',
    none: 'ClearML sessions: none running',
    more: (sessions: number) => `and ${sessions} more`,
  },
  notSetUp: 'Not set up yet: open the window',
  offline: 'ClearML does not answer',
  session: (name: string, word: SessionWord, isIdle: boolean) =>
    isIdle ? `${name}: ${sessions.words[word]}, idle` : `${name}: ${sessions.words[word]}`,
  more: (sessions: number) => `and ${sessions} more in the window`,
  /** What happens by itself, too. */
  byItself: (label: string, time: string) => `${label} (by itself at ${time})`,
  actions: {
    openJupyter: actions.session.openJupyter,
    openVscode: actions.session.openVscode,
    openEditor: actions.session.openEditor,
    openShell: actions.session.openShell,
    copySsh: actions.session.copySsh,
    connect: actions.session.connect,
    reconnect: actions.session.reconnect,
    reconnectNow: actions.session.reconnectNow,
    disconnect: actions.session.disconnect,
    saveWorkspace: 'Save workspace',
    keepSession: actions.session.keepRunning,
    cancel: actions.session.cancel,
    shutDown: 'Shut down…',
  },
  pauseAll: 'Pause all',
  resumeAll: (sessions: number) => (sessions === 1 ? 'Resume one' : `Resume all ${sessions}`),
  newSession: 'New session…',
  presets: 'Launch again',
  problems: 'Recent problems',
  problem: (time: string, name: string, message: string) => `${time}  ${name}: ${message}`,
  quiet: {
    begin: 'Pause notifications',
    forHour: 'For an hour',
    tillTomorrow: 'Until tomorrow',
    until: (time: string) => `Notifications paused until ${time}`,
    end: 'Resume now',
  },
  showWindow: 'Show window',
  settings: 'Settings…',
  quit: 'Quit',
};
