import type { Notice } from '../../preload/contract/api.ts';
import {
  type AppState,
  canOpen,
  type IdleView,
  isEnding,
  isOver,
  type NoticeKind,
  type SessionId,
  type SessionView,
} from '../../preload/contract/state.ts';

import { timeText } from './words.ts';

/** What happened, and what to make of it. */
export interface News {
  readonly kind: NoticeKind;
  readonly notice: Notice;
  /** Told only if nothing happens to the session until then. */
  readonly afterMs?: number;
  /** Told only if the loss was. */
  readonly isReturn?: true;
}

export interface NoticeChanges {
  readonly show: readonly News[];
  readonly withdraw: readonly string[];
}

/** A link that comes back sooner is no news. */
export const LOST_AFTER_MS = 30_000;

const idleKey = (id: SessionId): string => `idle:${id}`;
const key = (s: SessionView): string => `session:${s.id}`;

/** Connected, and every tool that was asked for has its local port or has given up. */
export const isReady = (s: SessionView): boolean =>
  s.link.at === 'up' && settled(s, 'jupyter') && settled(s, 'vscode');

const settled = (s: SessionView, tool: 'jupyter' | 'vscode'): boolean =>
  s[tool] === 'off' || s[tool] === 'failed' || (s[tool] === 'ready' && s.ports[tool] !== undefined);

/**
 * What to tell a person because of one change of state.
 *
 * One notice per session, replaced or withdrawn as things move on, so that a link which flaps is told once: only
 * its first loss (`waiting` entered from `up`) is news, and only if it lasts. A link that was up for moments only keeps
 * the time of that first loss.
 */
export function notifyModel(before: AppState, after: AppState): NoticeChanges {
  const show: News[] = [];
  const withdraw: string[] = [];
  const earlier = new Map(before.sessions.map((s) => [s.id, s]));
  for (const s of after.sessions) {
    const was = earlier.get(s.id);
    earlier.delete(s.id);
    if (was === s || !was) continue;
    const news = newsOf(was, s);
    if (news === 'withdraw') withdraw.push(key(s));
    else if (news) show.push(news);
  }
  for (const gone of earlier.values()) {
    // Without a list the server itself was left.
    const isNews = after.loaded && gone.link.at !== 'off' && !isEnding(gone);
    if (isNews) show.push(deleted(gone));
    else withdraw.push(key(gone));
  }
  show.push(...idleNews(before, after));
  withdraw.push(...Object.keys(before.idle).flatMap((id) => (after.idle[id] ? [] : [idleKey(id)])));
  const { notifications, quiet } = after.preferences;
  return { show: notifications ? show.filter(({ kind }) => !quiet.includes(kind)) : [], withdraw };
}

/** One that is idle, and once more when it is going to be shut down. */
function idleNews(before: AppState, after: AppState): News[] {
  if (after.idle === before.idle) return [];
  return after.sessions.flatMap((s) => {
    const [was, is] = [before.idle[s.id], after.idle[s.id]];
    const isNews = is && (!was || (is.shutDownAt !== undefined && was.shutDownAt === undefined));
    return isNews ? [idle(s, is, after.preferences.idleGuard.hours)] : [];
  });
}

function idle(s: SessionView, { shutDownAt }: IdleView, hours: number | null): News {
  const end = shutDownAt === undefined ? '' : ` It is shut down at ${timeText(shutDownAt, shutDownAt)}.`;
  const notice: Notice = {
    ...base(
      s,
      'info',
      `${s.name} is idle`,
      `Not used from here for ${longer(hours)}, and its machine reports no work.${end}`,
    ),
    key: idleKey(s.id),
    actions: [
      { label: 'Keep running', command: { do: 'keepSession', id: s.id } },
      { label: 'Shut down…', command: { do: 'shutDown', id: s.id } },
    ],
  };
  return { kind: 'idle', notice };
}

const longer = (hours: number | null): string =>
  hours === null || hours < 1
    ? 'more than half an hour'
    : hours === 1
      ? 'more than an hour'
      : `more than ${hours} h`;

function newsOf(was: SessionView, s: SessionView): News | 'withdraw' | undefined {
  if (isOver(s) && !isOver(was)) return ended(was, s);
  // Its machine is being freed, and takes the connection with it.
  if (isEnding(s)) return undefined;
  if (s.link.at === 'failed' && was.link.at !== 'failed') {
    return {
      kind: 'failed',
      notice: {
        ...base(s, 'bad', `Cannot connect to ${s.name}`, sentence(s.link.reason.message, s.link.reason.hint)),
        actions: [{ label: 'Show', command: { do: 'showSession', id: s.id } }],
      },
    };
  }
  if (s.link.at === 'waiting' && was.link.at === 'up') {
    if (s.link.lostAt < was.link.since) return undefined;
    return {
      kind: 'lost',
      afterMs: LOST_AFTER_MS,
      notice: {
        ...base(s, 'info', `${s.name}: connection lost`, 'Reconnecting by itself; the local ports stay.'),
        actions: [{ label: 'Reconnect now', command: { do: 'reconnect', id: s.id } }],
      },
    };
  }
  if (s.link.at === 'off' && was.link.at !== 'off') return 'withdraw';
  if (s.link.at !== 'up') return undefined;
  const news = was.connectedAt === undefined || !settled(was, 'jupyter') || !settled(was, 'vscode');
  if (isReady(s) && !isReady(was) && news) return ready(s);
  if (was.link.at === 'up') return undefined;
  return was.connectedAt === undefined ? 'withdraw' : back(s);
}

const back = (s: SessionView): News => ({
  kind: 'lost',
  isReturn: true,
  notice: {
    ...base(s, 'good', `${s.name} is connected again`, 'On the same local ports.'),
    silent: true,
    actions: [],
  },
});

function ready(s: SessionView): News {
  const failed = [s.jupyter === 'failed' ? 'JupyterLab' : '', s.vscode === 'failed' ? 'VS Code' : ''].filter(
    Boolean,
  );
  const missing = failed.length > 0 ? ` ${failed.join(' and ')} could not start.` : '';
  const notice: Notice = {
    ...base(s, 'good', `${s.name} is ready`, `Connected.${missing}`),
    actions: [
      ...(canOpen(s, 'jupyter')
        ? [{ label: 'Open JupyterLab', command: { do: 'openJupyter' as const, id: s.id } }]
        : []),
      ...(canOpen(s, 'vscode')
        ? [{ label: 'Open VS Code', command: { do: 'openVscode' as const, id: s.id } }]
        : []),
      { label: 'Shell', command: { do: 'openShell', id: s.id } },
    ],
  };
  return { kind: 'ready', notice };
}

function ended(was: SessionView, s: SessionView): News | 'withdraw' {
  // Nobody needs to be told of what they have just asked for, nor of a stranger's session.
  if (was.ending || s.ending || (!s.mine && was.link.at === 'off')) return 'withdraw';
  const said =
    s.status === 'failed'
      ? base(s, 'bad', `${s.name} failed`, s.note ?? 'The log in ClearML says why.')
      : base(s, 'info', `${s.name} has ended`, s.note ?? 'It was shut down elsewhere.');
  return { kind: s.status === 'failed' ? 'failed' : 'ended', notice: { ...said, actions: [] } };
}

const deleted = (s: SessionView): News => ({
  kind: 'ended',
  notice: { ...base(s, 'info', `${s.name} is gone`, 'It was deleted on the ClearML server.'), actions: [] },
});

const base = (s: SessionView, tone: Notice['tone'], title: string, body: string) => ({
  key: key(s),
  tone,
  title,
  body,
  session: s.id,
});

const sentence = (message: string, hint: string | undefined): string =>
  hint ? `${message} ${hint}` : message;
