import type { SessionId } from '../../../preload/contract/state.ts';
import type { TaskPage } from './api.ts';
import type { SessionFacts } from './facts.ts';
import { isDraft } from './facts.ts';
import type { SessionTask } from './task.ts';

/** What to ask the server for; api.ts has a function for each. */
export type PollRequest =
  | { readonly get: 'live'; readonly page: number }
  | { readonly get: 'tasks'; readonly ids: readonly SessionId[] }
  | { readonly get: 'loads'; readonly ids: readonly SessionId[] }
  | { readonly get: 'finished' }
  | { readonly get: 'queues'; readonly ids: readonly string[] }
  | { readonly get: 'log'; readonly id: SessionId };

/** `steady`: nothing is expected to change soon. */
export type PollPhase = 'queued' | 'starting' | 'ending' | 'steady';

export interface PollWorld {
  /** The sessions whose progress somebody watches: own and attached ones that are not over. */
  readonly followed: readonly {
    readonly id: SessionId;
    readonly phase: PollPhase;
    readonly queue?: string;
  }[];
  /** To be asked for by id: attached ones that the list cannot contain, and those that vanished from it. */
  readonly ask: readonly SessionId[];
  /** Seem to be idle: what their machines do is to be asked. */
  readonly idle: readonly SessionId[];
  /** How many pages the list of living sessions has; see LivePages. */
  readonly pages: number;
  /** Some of them were not read yet: the list is not known. */
  readonly unread: boolean;
  /** Polls that failed in a row. */
  readonly failures: number;
}

/** What the plan remembers. Times are epoch ms. */
export interface PollState {
  /** When requests were sent within the last minute. */
  readonly sent: readonly number[];
  readonly busy: boolean;
  readonly listAt?: number;
  readonly page: number;
  readonly askAt?: number;
  readonly asked: readonly SessionId[];
  readonly loadsAt?: number;
  readonly finishedAt?: number;
  /** When anything but the list was asked for. */
  readonly otherAt?: number;
  readonly side: number;
}

export interface PollPlan {
  /** To be sent at once; they count as sent. */
  readonly requests: readonly PollRequest[];
  readonly state: PollState;
  /** When to plan again, unless something happens before. */
  readonly nextAt: number;
}

/** While nothing changes, and while something starts: of all requests together. */
const IDLE_PER_MINUTE = 4;
const BUSY_PER_MINUTE = 15;
const MINUTE_MS = 60_000;
/** The list has its own rhythm; everything else takes turns in another. Both together stay below the budget. */
const IDLE = { listMs: 20_000, otherMs: 60_000, askMs: 60_000 };
const BUSY = { listMs: 6_000, otherMs: 15_000, askMs: 60_000 };
const FINISHED_MS = 600_000;
const LOADS_MS = 600_000;
/** How long to wait after failures in a row. */
const BACKOFF_MS = [5_000, 10_000, 20_000, 30_000];

export const POLL_START: PollState = { sent: [], busy: false, page: 0, asked: [], side: 0 };

/** Something was asked for, or the computer woke up: the list is due at once, whatever was sent before. */
export function pollSoon(state: PollState): PollState {
  const { listAt: _, ...rest } = state;
  return { ...rest, sent: [] };
}

/** Counts a request that the plan did not ask for. */
export const countRequest = (state: PollState, now: number): PollState => ({
  ...state,
  sent: [...state.sent, now],
});

/** Decides what to ask the server for, so that all requests together stay within the budget of a minute. */
export function pollPlan(earlier: PollState, world: PollWorld, now: number): PollPlan {
  const busy = world.followed.some((session) => session.phase !== 'steady');
  const { otherAt: _, ...rest } = earlier;
  // What has just begun is looked at right away, and so is what vanishes again after it was found.
  const asked = earlier.asked.filter((id) => world.ask.includes(id));
  const before: PollState = { ...(busy && !earlier.busy ? rest : earlier), asked };
  // The quieter budget begins to count when it is quiet.
  const counted = before.busy && !busy ? [] : before.sent.filter((at) => now - at < MINUTE_MS);
  const limit = busy || isNew(before, world) ? BUSY_PER_MINUTE : IDLE_PER_MINUTE;
  const due = dueTimes(before, world, busy, now);
  const wanted = due.filter(({ at }) => at <= now).slice(0, Math.max(0, limit - counted.length));
  const sent = [...counted, ...wanted.map(() => now)];
  const state: PollState = Object.assign({ ...before, busy, sent }, ...wanted.map(({ noted }) => noted));

  const next = Math.min(...dueTimes(state, world, busy, now).map(({ at }) => at));
  const oldest = sent[sent.length - limit];
  const room = oldest === undefined ? now : oldest + MINUTE_MS;
  return { requests: wanted.map(({ request }) => request), state, nextAt: Math.max(next, room, now + 1) };
}

/** One has vanished from the list: something has just changed, and is looked at at once. */
const isNew = ({ asked }: PollState, { ask }: PollWorld): boolean => ask.some((id) => !asked.includes(id));

interface Due {
  readonly at: number;
  readonly request: PollRequest;
  /** What the state remembers once it is sent. */
  readonly noted: Partial<PollState>;
}

/** What will be asked for next, the most important first. */
function dueTimes(state: PollState, world: PollWorld, busy: boolean, now: number): readonly Due[] {
  const { listMs, otherMs, askMs } = busy ? BUSY : IDLE;
  const after = (at: number | undefined, ms: number) => (at === undefined ? now : at + ms);
  const backoff = BACKOFF_MS[Math.min(world.failures, BACKOFF_MS.length) - 1];
  const page = state.page < world.pages ? state.page : 0;
  const live: Due = {
    at: after(state.listAt, backoff ?? (world.unread ? 0 : listMs)),
    request: { get: 'live', page },
    noted: { listAt: now, page: page + 1 },
  };
  // One request is enough to notice that the server is back.
  if (backoff !== undefined) return [live];

  const ask: Due = {
    at: after(state.askAt, askMs),
    request: { get: 'tasks', ids: world.ask },
    noted: { askAt: now, asked: world.ask },
  };
  if (isNew(state, world)) return [live, { ...ask, at: now }];

  const side = sideRequest(state.side, world);
  const others: readonly Due[] = [
    ...(world.ask.length > 0 ? [ask] : []),
    ...(world.idle.length > 0
      ? [
          {
            at: after(state.loadsAt, LOADS_MS),
            request: { get: 'loads', ids: world.idle } as const,
            noted: { loadsAt: now },
          },
        ]
      : []),
    { at: after(state.finishedAt, FINISHED_MS), request: { get: 'finished' }, noted: { finishedAt: now } },
    ...(side ? [{ at: now, request: side, noted: { side: state.side + 1 } }] : []),
  ];
  const free = Math.max(now, after(state.otherAt, otherMs));
  const other = others.find(({ at }) => at <= free) ?? others.reduce((a, b) => (b.at < a.at ? b : a));
  return [live, { ...other, at: Math.max(other.at, free), noted: { ...other.noted, otherAt: now } }];
}

/** The places in the queues (one request for all) and the console of one starting session take turns. */
function sideRequest(turn: number, { followed }: PollWorld): PollRequest | undefined {
  const queues = new Set(
    followed.flatMap(({ phase, queue }) => (phase === 'queued' && queue !== undefined ? [queue] : [])),
  );
  const starting = followed.filter(({ phase }) => phase === 'starting');
  if (queues.size > 0 && (starting.length === 0 || turn % 2 === 0))
    return { get: 'queues', ids: [...queues] };
  const place = queues.size > 0 ? Math.floor(turn / 2) : turn;
  const next = starting[place % starting.length];
  return next && { get: 'log', id: next.id };
}

/** What a session's state means for how often to look. A tool that is still to come counts as starting. */
export function pollPhase(
  task: SessionTask,
  { status, jupyter, vscode }: Pick<SessionFacts, 'status' | 'jupyter' | 'vscode'>,
): PollPhase {
  if (isDraft(task)) return 'steady';
  if (status === 'queued' || status === 'starting') return status;
  if (status === 'stopping') return 'ending';
  return status === 'running' && (jupyter === 'pending' || vscode === 'pending') ? 'starting' : 'steady';
}

/** The list of living sessions as it comes in page by page; undefined where a page was not read yet. */
export type LivePages = readonly (readonly SessionTask[] | undefined)[];

export function takePage(pages: LivePages, page: number, { tasks, full }: TaskPage): LivePages {
  const length = full ? Math.max(pages.length, page + 2) : page + 1;
  return Array.from({ length }, (_, i) => (i === page ? tasks : pages[i]));
}

/** Everybody's living sessions, once all pages were read. */
export function allLive(pages: LivePages): readonly SessionTask[] | undefined {
  const known = pages.filter((page) => page !== undefined);
  if (pages.length === 0 || known.length < pages.length) return undefined;
  // A session that moved to another page between two reads is on both.
  return [...new Map(known.flat().map((task) => [task.id, task])).values()];
}
