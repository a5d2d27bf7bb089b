import * as z from 'zod/mini';
import { AppError } from '../../../preload/contract/errors.ts';
import { canOpen, isConnected, isOver, type Link, type SessionId } from '../../../preload/contract/state.ts';
import { asError, type StateSource, whenState } from '../when.ts';

/**
 * The SSH of a session on this computer, for a command line: what it takes to log in at the local port. It passes through
 * the socket of the app only, since it may hold a password.
 */
export const Reach = z.strictObject({
  name: z.string(),
  port: z.int(),
  username: z.string(),
  password: z.optional(z.string()),
  /** The app's own private key. */
  keyFile: z.string(),
  hostKey: z.strictObject({
    expected: z.optional(z.string()),
    keyType: z.optional(z.string()),
    ours: z.boolean(),
  }),
});
export type Reach = z.infer<typeof Reach>;

/** Waits while a session starts or is being connected. Throws what keeps it from that, but for what was known `before`. */
export const whenConnected = (source: StateSource, id: SessionId, before?: Link): Promise<void> =>
  whenState(source, ({ sessions }) => {
    const session = sessions.find((s) => s.id === id);
    if (!session) throw new AppError('not-found', 'The session is no longer on the server.');
    if (isOver(session)) throw new AppError('conflict', `${session.name} has ended.`);
    if (session.link.at === 'failed' && session.link !== before) throw asError(session.link.reason);
    return isConnected(session) || undefined;
  }).then(() => {});

/** Waits for a tool of a connected session; one that does not start is left to whoever opens it. */
export const whenOpen = (source: StateSource, id: SessionId, tool: 'jupyter' | 'vscode'): Promise<void> =>
  whenState(source, ({ sessions }) => {
    const session = sessions.find((s) => s.id === id);
    if (!session || !isConnected(session) || canOpen(session, tool)) return true;
    return session[tool] === 'off' || session[tool] === 'failed' || undefined;
  }).then(() => {});
