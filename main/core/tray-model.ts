import type { TrayItem, TrayModel } from '../../preload/contract/api.ts';
import {
  type AppState,
  canCancel,
  canConnect,
  canDisconnect,
  canOpen,
  canReconnect,
  canSaveWorkspace,
  canShutDown,
  isConnected,
  isEnding,
  isLive,
  resumable,
  type SessionView,
  sessionWord,
} from '../../preload/contract/state.ts';
import { trayTexts as t } from '../../preload/contract/texts/index.ts';
import type { RecentProblem } from './recent-problems.ts';
import { cut, timeText } from './words.ts';

const SEPARATOR: TrayItem = { kind: 'separator' };
/** A menu longer than the screen is no menu; the window has them all. */
const MOST_SESSIONS = 12;
const MOST_PRESETS = 3;
/** Beyond it a line is cut: menus grow as wide as their longest one. */
const LONGEST = 64;
/** Leaves room for what is said of the session. */
const LONGEST_NAME = 48;

/** What the tray shows besides the state. */
export interface TrayExtras {
  /** Epoch ms. */
  readonly now: number;
  /** The last ones, the newest first. */
  readonly problems: readonly RecentProblem[];
}

type MenuItem = Extract<TrayItem, { kind: 'item' }>;
type AppDo = 'pauseAll' | 'resumeAll' | 'quietForHour' | 'quietTillTomorrow' | 'endQuiet';
type SessionDo = Exclude<keyof typeof t.actions, 'openEditor' | 'reconnectNow'>;

/** What the tray shows: own live sessions and whatever is connected, and what can be done with each. */
export function trayModel(state: AppState, { now, problems }: TrayExtras): TrayModel {
  const shown = state.sessions.filter(inTray);
  const listed = shown.slice(0, MOST_SESSIONS);
  const more = shown.length - listed.length;
  return {
    icon: icon(state, shown),
    tooltip: tooltip(state, shown),
    items: [
      ...serverNote(state),
      ...listed.map((s) => sessionMenu(s, state)),
      ...(more > 0 ? [note(t.more(more))] : []),
      ...(shown.length > 0 ? [SEPARATOR] : []),
      ...pauseItems(state),
      {
        kind: 'item',
        label: t.newSession,
        enabled: state.server.at === 'online',
        command: { do: 'newSession' },
      },
      ...presetMenu(state),
      ...problemMenu(problems, now),
      ...quietMenu(state, now),
      SEPARATOR,
      { kind: 'item', label: t.showWindow, enabled: true, command: { do: 'showWindow' } },
      { kind: 'item', label: t.settings, enabled: true, command: { do: 'openSettings' } },
      SEPARATOR,
      { kind: 'item', label: t.quit, enabled: true, command: { do: 'quit' } },
    ],
  };
}

const inTray = (s: SessionView): boolean =>
  (s.mine && (isLive(s) || s.status === 'stopping')) || s.link.at !== 'off';

function icon(state: AppState, shown: readonly SessionView[]): TrayModel['icon'] {
  if (shown.some((s) => state.idle[s.id])) return 'attention';
  const broken = shown.some((s) => (s.link.at === 'waiting' || s.link.at === 'failed') && !isEnding(s));
  if (state.server.at === 'offline' || broken) return 'attention';
  const busy = shown.some(
    (s) => s.status === 'queued' || s.status === 'starting' || s.link.at === 'connecting',
  );
  if (busy) return 'busy';
  return shown.some(isConnected) ? 'ok' : 'idle';
}

function tooltip(state: AppState, shown: readonly SessionView[]): string {
  if (state.server.at === 'unconfigured') return t.tooltip.notSetUp;
  if (shown.length === 0) return t.tooltip.none;
  return shown.map((s) => sessionLine(s, cut(s.name, 32), state)).join('\n');
}

function serverNote(state: AppState): TrayItem[] {
  switch (state.server.at) {
    case 'unconfigured':
      return [note(t.notSetUp), SEPARATOR];
    case 'offline':
      return [note(t.offline), SEPARATOR];
    case 'starting':
    case 'connecting':
    case 'online':
      return [];
  }
}

/** Presets at hand: the first ones, in the order that the person gave them. */
function presetMenu({ presets, server }: AppState): TrayItem[] {
  if (presets.length === 0) return [];
  const items = presets.slice(0, MOST_PRESETS).map(
    ({ id, name }): TrayItem => ({
      kind: 'item',
      label: name,
      enabled: server.at === 'online',
      command: { do: 'launchPreset', preset: id },
    }),
  );
  return [{ kind: 'menu', label: t.presets, items }];
}

function problemMenu(problems: readonly RecentProblem[], now: number): TrayItem[] {
  if (problems.length === 0) return [];
  const items = problems.map(
    ({ at, name, message, session }): TrayItem => ({
      kind: 'item',
      label: cut(t.problem(timeText(at, now), name, message), LONGEST),
      enabled: true,
      command: session ? { do: 'showSession', id: session } : { do: 'showWindow' },
    }),
  );
  return [{ kind: 'menu', label: t.problems, items }];
}

function quietMenu({ quietUntil, preferences }: AppState, now: number): TrayItem[] {
  if (!preferences.notifications) return [];
  if (quietUntil !== null) {
    const label = t.quiet.until(timeText(quietUntil, now));
    return [{ kind: 'menu', label, items: [app(t.quiet.end, 'endQuiet')] }];
  }
  const items = [app(t.quiet.forHour, 'quietForHour'), app(t.quiet.tillTomorrow, 'quietTillTomorrow')];
  return [{ kind: 'menu', label: t.quiet.begin, items }];
}

function pauseItems({ sessions, paused }: AppState): TrayItem[] {
  const back = resumable(sessions, paused).length;
  const connected = sessions.some(canDisconnect);
  return [
    ...(connected ? [app(t.pauseAll, 'pauseAll')] : []),
    ...(back > 0 ? [app(t.resumeAll(back), 'resumeAll')] : []),
  ];
}

const app = (label: string, what: AppDo): TrayItem => ({
  kind: 'item',
  label,
  enabled: true,
  command: { do: what },
});

/** Editors find a session by its name only. */
const editorItems = (s: SessionView, { app: { editors }, ssh }: AppState): TrayItem[] =>
  ssh.included
    ? editors.map(({ id: editor, name }) => ({
        kind: 'item',
        label: t.actions.openEditor(name),
        enabled: canOpen(s, 'ssh'),
        command: { do: 'openEditor', id: s.id, editor },
      }))
    : [];

function sessionMenu(s: SessionView, state: AppState): TrayItem {
  const item = (what: SessionDo, enabled: boolean): MenuItem => ({
    kind: 'item',
    label: t.actions[what],
    enabled,
    command: { do: what, id: s.id },
  });
  const idle = state.idle[s.id];
  return {
    kind: 'menu',
    key: s.id,
    label: sessionLine(s, cut(s.name, LONGEST_NAME), state),
    items: [
      item('openJupyter', canOpen(s, 'jupyter')),
      item('openVscode', canOpen(s, 'vscode')),
      ...editorItems(s, state),
      item('openShell', canOpen(s, 'ssh')),
      item('copySsh', canOpen(s, 'ssh')),
      SEPARATOR,
      canConnect(s) ? item('connect', true) : reconnectItem(s),
      item('disconnect', canDisconnect(s)),
      ...(s.workspace ? [item('saveWorkspace', canSaveWorkspace(s))] : []),
      ...(idle ? [item('keepSession', true)] : []),
      canCancel(s) ? item('cancel', true) : due(item('shutDown', canShutDown(s)), idle?.shutDownAt),
    ],
  };
}

const sessionLine = (s: SessionView, name: string, { idle }: AppState): string =>
  t.session(name, sessionWord(s), idle[s.id] !== undefined);

/** An item that happens by itself, too. */
const due = (item: MenuItem, dueAt: number | undefined): MenuItem =>
  dueAt === undefined ? item : { ...item, dueAt };

function reconnectItem(s: SessionView): MenuItem {
  const item: MenuItem = {
    kind: 'item',
    label: s.link.at === 'waiting' ? t.actions.reconnectNow : t.actions.reconnect,
    enabled: canReconnect(s),
    command: { do: 'reconnect', id: s.id },
  };
  return due(item, s.link.at === 'waiting' ? s.link.retryAt : undefined);
}

const note = (label: string): TrayItem => ({ kind: 'note', label });
