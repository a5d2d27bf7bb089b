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
import { sessionTexts, noticeTexts as t } from '../../preload/contract/texts/index.ts';
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
  const body = t.idle.body(hours ?? 0);
  const end = shutDownAt === undefined ? undefined : t.idle.end(timeText(shutDownAt, shutDownAt));
  const notice: Notice = {
    ...base(s, 'info', t.idle.title(s.name), sentences(body, end)),
    key: idleKey(s.id),
    actions: [
      { label: t.idle.keep, command: { do: 'keepSession', id: s.id } },
      { label: t.idle.shutDown, command: { do: 'shutDown', id: s.id } },
    ],
  };
  return { kind: 'idle', notice };
}

function newsOf(was: SessionView, s: SessionView): News | 'withdraw' | undefined {
  if (isOver(s) && !isOver(was)) return ended(was, s);
  // Its machine is being freed, and takes the connection with it.
  if (isEnding(s)) return undefined;
  if (s.link.at === 'failed' && was.link.at !== 'failed') {
    return {
      kind: 'failed',
      notice: {
        ...base(s, 'bad', t.cannotConnect(s.name), sentences(s.link.reason.message, s.link.reason.hint)),
        actions: [{ label: t.show, command: { do: 'showSession', id: s.id } }],
      },
    };
  }
  if (s.link.at === 'waiting' && was.link.at === 'up') {
    if (s.link.lostAt < was.link.since) return undefined;
    return {
      kind: 'lost',
      afterMs: LOST_AFTER_MS,
      notice: {
        ...base(s, 'info', t.lost.title(s.name), t.lost.body),
        actions: [{ label: t.lost.reconnect, command: { do: 'reconnect', id: s.id } }],
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
    ...base(s, 'good', t.back.title(s.name), t.back.body),
    silent: true,
    actions: [],
  },
});

function ready(s: SessionView): News {
  const failed = (['jupyter', 'vscode'] as const).filter((tool) => s[tool] === 'failed');
  const body =
    failed.length > 0 ? t.ready.without(failed.map((tool) => sessionTexts.tools[tool])) : t.ready.connected;
  const notice: Notice = {
    ...base(s, 'good', t.ready.title(s.name), body),
    actions: [
      ...(canOpen(s, 'jupyter')
        ? [{ label: t.ready.openJupyter, command: { do: 'openJupyter' as const, id: s.id } }]
        : []),
      ...(canOpen(s, 'vscode')
        ? [{ label: t.ready.openVscode, command: { do: 'openVscode' as const, id: s.id } }]
        : []),
      { label: t.ready.openShell, command: { do: 'openShell', id: s.id } },
    ],
  };
  return { kind: 'ready', notice };
}

function ended(was: SessionView, s: SessionView): News | 'withdraw' {
  // Nobody needs to be told of what they have just asked for, nor of a stranger's session.
  if (was.ending || s.ending || (!s.mine && was.link.at === 'off')) return 'withdraw';
  const said =
    s.status === 'failed'
      ? base(s, 'bad', t.failed.title(s.name), s.note ?? t.failed.body)
      : base(s, 'info', t.ended.title(s.name), s.note ?? t.ended.body);
  return { kind: s.status === 'failed' ? 'failed' : 'ended', notice: { ...said, actions: [] } };
}

const deleted = (s: SessionView): News => ({
  kind: 'ended',
  notice: { ...base(s, 'info', t.deleted.title(s.name), t.deleted.body), actions: [] },
});

const base = (s: SessionView, tone: Notice['tone'], title: string, body: string) => ({
  key: key(s),
  tone,
  title,
  body,
  session: s.id,
});

const sentences = (one: string, other: string | undefined): string => (other ? `${one} ${other}` : one);
