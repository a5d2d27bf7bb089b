import { AppError } from '../../../preload/contract/errors.ts';
import { canOpen, type SessionId, type SessionView } from '../../../preload/contract/state.ts';
import type { Clock, Log } from '../ports.ts';
import type { Reach } from '../session/reach.ts';
import type { RemoteProcess } from './exec.ts';
import { logIn } from './local-login.ts';

/** Runs a command in a session; rejects with AppError `conflict` where that is not connected. */
export type Exec = (id: SessionId, command: string, input: string) => Promise<RemoteProcess>;

interface Parts {
  readonly view: (id: SessionId) => SessionView;
  readonly reach: (id: SessionId) => Promise<Reach>;
  readonly clock: Clock;
  readonly log: Log;
}

/** By a login of its own at the session's local port, so that a command outlives links as all that goes through there. */
export const localExec =
  ({ view, reach, clock, log }: Parts): Exec =>
  async (id, command, input) => {
    const session = view(id);
    if (!canOpen(session, 'ssh')) {
      throw new AppError('conflict', `${session.name} is not connected at the moment.`, {
        hint: 'Connect it first.',
      });
    }
    // What ends with the connection tells so itself.
    const connection = await logIn(await reach(id), { clock, log, lost: () => {} });
    const hangUp = (): void => void connection.hangUp();
    try {
      const process = await connection.exec(command, input);
      void process.ended.then(hangUp);
      return process;
    } catch (error) {
      hangUp();
      throw error;
    }
  };
