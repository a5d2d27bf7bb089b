import { redact } from '../core/log.ts';

const NOTHING: ReadonlySet<string> = new Set();
const MOST_CAUSES = 5;

/**
 * What nobody expected, with where it comes from and its causes. Left to itself, Node would print all that hangs on an
 * error as well: a request with its credentials, say.
 */
export const bugDetails = (bug: unknown): string =>
  chain(bug)
    .map((text) => redact(text, NOTHING))
    .join('\nBecause of: ');

function chain(error: unknown, most = MOST_CAUSES): readonly string[] {
  if (error === undefined || most === 0) return [];
  if (!(error instanceof Error)) return [String(error)];
  return [error.stack ?? error.message, ...chain(error.cause, most - 1)];
}
