import {
  type AppState,
  isEnding,
  isOver,
  type SessionId,
  type SessionView,
} from '../../preload/contract/state.ts';
import { stateTexts } from '../../preload/contract/texts/index.ts';

/** Something that went wrong, for those who were not there. */
export interface RecentProblem {
  /** Epoch ms. */
  readonly at: number;
  /** Absent where it was the server. */
  readonly session?: SessionId;
  /** Of the session. */
  readonly name: string;
  readonly message: string;
}

const MOST = 5;

/** The last problems, the newest first, with those of one change of state. One that comes again is the newest. */
export function withProblems(
  known: readonly RecentProblem[],
  before: AppState,
  after: AppState,
  now: number,
): readonly RecentProblem[] {
  // Another server has other problems.
  if (apiOf(before) !== undefined && apiOf(after) !== apiOf(before)) return [];
  const fresh = problemsOf(before, after).map((problem) => ({ ...problem, at: now }));
  if (fresh.length === 0) return known;
  const isOld = (problem: RecentProblem): boolean => !fresh.some((other) => isSame(other, problem));
  return [...fresh, ...known.filter(isOld)].slice(0, MOST);
}

const apiOf = ({ server }: AppState): string | undefined => ('info' in server ? server.info.api : undefined);

const isSame = (a: RecentProblem, b: RecentProblem): boolean =>
  a.session === b.session && a.message === b.message;

type New = Omit<RecentProblem, 'at'>;

function problemsOf(before: AppState, after: AppState): readonly New[] {
  const server =
    after.server.at === 'offline' && before.server.at !== 'offline'
      ? [{ name: 'ClearML', message: after.server.problem.message }]
      : [];
  if (after.sessions === before.sessions) return server;
  const earlier = new Map(before.sessions.map((s) => [s.id, s]));
  const ofSessions = after.sessions.flatMap((s) => {
    const was = earlier.get(s.id);
    const message = was && was !== s ? problemOf(was, s) : undefined;
    return message === undefined ? [] : [{ session: s.id, name: s.name, message }];
  });
  return [...server, ...ofSessions];
}

function problemOf(was: SessionView, s: SessionView): string | undefined {
  const isOurs = s.mine || was.link.at !== 'off';
  if (s.status === 'failed' && !isOver(was) && isOurs && !was.ending)
    return s.note ?? stateTexts.session.failed;
  // Its machine is being freed, and takes the connection with it.
  if (isEnding(s) || isOver(s)) return undefined;
  if (s.link.at === 'failed' && was.link.at !== 'failed') return s.link.reason.message;
  return s.link.at === 'waiting' && was.link.at === 'up' ? s.link.reason.message : undefined;
}
