import { AppError } from '../../../preload/contract/errors.ts';
import type { SessionId, SessionView } from '../../../preload/contract/state.ts';

const LIVING: readonly SessionView['status'][] = ['queued', 'starting', 'running'];

/**
 * The session that a person means who names none: the only one of their own that runs, or of several the one that was
 * used last; `lastUsed`: the latest first. Throws AppError `not-found`, with the choices where there are some.
 */
export function impliedSession<S extends Pick<SessionView, 'id' | 'name' | 'mine' | 'status' | 'ending'>>(
  sessions: readonly S[],
  lastUsed: readonly SessionId[],
): S {
  const own = sessions.filter((s) => s.mine && LIVING.includes(s.status) && !s.ending);
  const running = own.filter((s) => s.status === 'running');
  const [only, another] = running.length > 0 ? running : own;
  if (only === undefined) throw new AppError('not-found', 'You have no session that runs.');
  if (another === undefined) return only;
  const last = lastUsed.flatMap((id) => own.find((s) => s.id === id) ?? []).at(0);
  if (last) return last;
  const choices = own.map((s) => `${s.id} (${s.name})`).join(', ');
  throw new AppError('not-found', `You have several sessions: ${choices}.`, {
    hint: 'Name one of them by its id.',
  });
}
