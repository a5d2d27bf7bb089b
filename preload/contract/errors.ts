/** What went wrong, in a word that code may branch on. The sentence for a person travels beside it. */
export type ErrorCode =
  | 'unreachable' // nobody answered: network, VPN, wrong host
  | 'timeout' // somebody should have answered by now
  | 'unauthorized' // credentials refused
  | 'forbidden' // credentials fine, permission missing
  | 'not-found'
  | 'invalid' // what the person gave us cannot work
  | 'conflict' // the thing is in another state than the command needs
  | 'host-key' // the remote machine is not the one we know
  | 'ssh-auth' // SSH refused the key and the password
  | 'server' // the ClearML server failed
  | 'unsupported' // this computer or this session cannot do that
  | 'cancelled'
  | 'bug'; // ours; the log has the details

/** The plain form of an error: what crosses a transport, and what state holds. */
export interface Problem {
  readonly code: ErrorCode;
  /** What failed, at what. One sentence for a person. */
  readonly message: string;
  /** What the person can do about it. */
  readonly hint?: string;
  /** The launch option (see options.ts) that is wrong. */
  readonly field?: string;
}

/**
 * An expected failure, worded for a person.
 *
 * Anything that is not an AppError is a bug: it is logged whole and shown as {@link BUG}, since the messages of
 * libraries hold paths and URLs.
 */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly field: string | undefined;

  constructor(
    code: ErrorCode,
    message: string,
    options: { hint?: string | undefined; field?: string | undefined; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.hint = options.hint;
    this.field = options.field;
  }
}

export const BUG: Problem = {
  code: 'bug',
  message: 'Something went wrong inside the app.',
  hint: 'The log has the details.',
};

export function toProblem(error: unknown): Problem {
  if (!(error instanceof AppError)) return BUG;
  const { code, message, hint, field } = error;
  return { code, message, ...(hint ? { hint } : {}), ...(field ? { field } : {}) };
}
