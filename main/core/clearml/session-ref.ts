import { AppError } from '../../../preload/contract/errors.ts';
import type { SessionId } from '../../../preload/contract/state.ts';

/** The same, of any task, for the option that names it. Throws AppError `invalid`. */
export function parseTaskRef(text: string, field: string): string {
  try {
    return parseSessionRef(text);
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    throw new AppError('invalid', `There is no task in "${text}".`, {
      hint: 'Give the ID of a task (32 letters and digits) or the address of its page in ClearML.',
      field,
    });
  }
}

/**
 * Finds the session's id in what a person pasted: the id itself, the address of its page in the ClearML web UI, or a
 * command or sentence that holds it. Throws AppError `invalid`.
 */
export function parseSessionRef(text: string): SessionId {
  const words = text.toLowerCase();
  // The address of a task page holds the id of its project as well.
  const inPage = /\/(?:experiments|tasks)\/([0-9a-f]{32})(?![0-9a-f])/.exec(words)?.[1];
  if (inPage) return inPage;
  const ids = new Set(
    [...words.matchAll(/(?<![0-9a-f])(?<!\/projects\/)[0-9a-f]{32}(?![0-9a-f])/g)].map(([id]) => id),
  );
  const [id, another] = ids;
  if (id !== undefined && another === undefined) return id;
  throw new AppError(
    'invalid',
    id === undefined
      ? 'There is no session ID in this text.'
      : 'There is more than one session ID in this text.',
    { hint: 'Paste the ID of the session (32 letters and digits) or the address of its page in ClearML.' },
  );
}
