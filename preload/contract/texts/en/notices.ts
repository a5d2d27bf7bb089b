import { actions } from './actions.ts';

/** Notifications, and what is asked before something costs or destroys. */
export const notices = {
  show: 'Show',
  ready: {
    title: (name: string) => `${name} is ready`,
    connected: 'Connected.',
    without: (tools: readonly string[]) => `Connected. ${tools.join(' and ')} could not start.`,
    openJupyter: actions.session.openJupyter,
    openVscode: actions.session.openVscode,
    openShell: actions.session.openShell,
  },
  lost: {
    title: (name: string) => `${name}: connection lost`,
    body: 'Reconnecting by itself; the local ports stay.',
    reconnect: actions.session.reconnectNow,
  },
  back: {
    title: (name: string) => `${name} is connected again`,
    body: 'On the same local ports.',
  },
  cannotConnect: (name: string) => `Cannot connect to ${name}`,
  failed: {
    title: (name: string) => `${name} failed`,
    body: 'The log in ClearML says why.',
  },
  ended: {
    title: (name: string) => `${name} has ended`,
    body: 'It was shut down elsewhere.',
  },
  deleted: {
    title: (name: string) => `${name} is gone`,
    body: 'It was deleted on the ClearML server.',
  },
  idle: {
    title: (name: string) => `${name} is idle`,
    body: (hours: number) => `Not used from here for ${moreThan(hours)}, and its machine reports no work.`,
    end: (time: string) => `It is shut down at ${time}.`,
    keep: actions.session.keepRunning,
    shutDown: 'Shut down…',
  },
  idleEnd: {
    title: (name: string) => `${name} was shut down`,
    body: 'It was idle for long. Settings can change that.',
    refused: (name: string) => `${name} goes on running, idle`,
  },
  cleanup: {
    title: (removed: number) => (removed === 1 ? 'Removed one session' : `Removed ${removed} sessions`),
    body: (days: number) =>
      `Over for more than ${days} days, and without a workspace. Settings can change that.`,
    bodyWithFailures: (days: number, failed: number) =>
      `Over for more than ${days} days, and without a workspace. ${failed} could not be removed. Settings can change that.`,
  },
  update: {
    title: (version: string) => `Version ${version} is available`,
    body: (own: string) => `You have ${own}.`,
  },
  /** After a time without notifications. */
  summary: {
    title: 'While notifications were paused',
    more: (n: number) => `and ${n} more`,
  },
  /** The window was closed where no tray brings it back. */
  noTray: {
    title: 'Still running',
    body: 'This desktop shows no tray icons, so the window stays in the task bar. Ctrl+Q ends the app, as does File → Quit in its menu (Alt).',
  },
  /** The system shows none. */
  inAppOnly: {
    title: 'Messages appear in this window only',
    macOS:
      'macOS shows notifications of signed apps only, and of those that System Settings > Notifications allows.',
    windows:
      'Windows shows notifications of installed apps only, and of those that Settings > Notifications allows.',
    linux: 'This desktop shows no notifications.',
  },
  questions: {
    quit: {
      title: 'Quit ClearML Session Tray?',
      detail: (connected: number) =>
        connected === 1
          ? 'One connected session loses its local ports. The sessions go on running.'
          : `${connected} connected sessions lose their local ports. The sessions go on running.`,
      yes: 'Quit',
    },
    shutDown: {
      title: (name: string) => `Shut down ${name}?`,
      owner: (name: string) => `It belongs to ${name}.`,
      loss: 'The remote machine is freed. What was not saved outside of it is lost.',
      large: (folder: string, size: string) =>
        `${folder} holds ${size}, likely too much to be saved while it is shut down. It is saved first; if that fails, the session goes on running.`,
      yes: 'Shut down',
      saveFirst: 'Save, then shut down',
    },
    launch: {
      title: (preset: string) => `Launch ${preset}?`,
      detail: (name: string, queue: string) => `A session named ${name} in the queue ${queue}.`,
      yes: 'Launch',
    },
    attach: {
      title: 'Connect to a session?',
      detail: (id: string, server: string) =>
        `A link asks this app to connect to session ${id}… on ${server}. Say yes only if you trust where the link came from.`,
      yes: 'Connect',
    },
  },
};

const moreThan = (hours: number): string =>
  hours < 1 ? 'more than half an hour' : hours === 1 ? 'more than an hour' : `more than ${hours} h`;
