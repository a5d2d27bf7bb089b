import { AppError } from '../../../preload/contract/errors.ts';
import type { SessionId, SessionView } from '../../../preload/contract/state.ts';
import { parseSessionRef } from '../clearml/session-ref.ts';
import { nearest } from '../nearest.ts';

type Known = Pick<SessionView, 'id' | 'name' | 'mine' | 'status'>;

/**
 * The session that a person names: by its name, its id, the beginning of one of them, or the address of its page. An id
 * need not be known. Throws AppError `not-found`, with the choices or the nearest names.
 */
export function namedSession(sessions: readonly Known[], text: string): SessionId {
  const id = idIn(text);
  if (id !== undefined) return id;
  const living = sessions.filter((s) => s.status !== 'failed' && s.status !== 'finished');
  const wanted = text.trim().toLowerCase();
  const matches = [
    living.filter((s) => s.name.toLowerCase() === wanted),
    living.filter((s) => s.id.startsWith(wanted) || s.name.toLowerCase().startsWith(wanted)),
  ].find((found) => found.length > 0);
  if (wanted === '' || !matches) throw unknown(text, living);
  const own = matches.filter((s) => s.mine);
  const [only, another] = own.length > 0 ? own : matches;
  if (only && !another) return only.id;
  throw new AppError(
    'not-found',
    `Several sessions may be meant by "${shortened(text)}": ${listed(matches)}.`,
    {
      hint: 'Name one of them by its id.',
    },
  );
}

/** Undefined where it is no id, and so perhaps a name. */
export function idIn(text: string): SessionId | undefined {
  try {
    return parseSessionRef(text);
  } catch {
    return undefined;
  }
}

function unknown(text: string, living: readonly Known[]): AppError {
  const near = nearest(
    text,
    living.map(({ name }) => name),
  );
  return new AppError('not-found', `There is no session "${shortened(text)}" that runs or waits.`, {
    hint: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : '"list" shows them.',
  });
}

const shortened = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text);

const listed = (sessions: readonly Known[]): string => sessions.map((s) => `${s.name} (${s.id})`).join(', ');
