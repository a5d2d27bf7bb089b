import { AppError, type Problem } from '../../preload/contract/errors.ts';
import type { AppState } from '../../preload/contract/state.ts';

/** A state and whoever tells that it has changed: the store, or the app around it. */
export interface StateSource {
  readonly state: AppState;
  listen(changed: () => void): () => void;
}

/** The first answer of `find` to the state, from now on. */
export function whenState<T>(source: StateSource, find: (state: AppState) => T | undefined): Promise<T> {
  return new Promise((resolve, reject) => {
    let forget = (): void => {};
    const look = (): void => {
      try {
        const found = find(source.state);
        if (found === undefined) return;
        forget();
        resolve(found);
      } catch (error) {
        forget();
        reject(error);
      }
    };
    forget = source.listen(look);
    look();
  });
}

/** The state once the list of sessions is there. Throws what keeps it from coming. */
export const whenOnline = (source: StateSource): Promise<AppState> =>
  whenState(source, (state) => {
    const { server } = state;
    if (server.at === 'unconfigured') throw noServer(server.problem);
    if (server.at === 'offline') throw asError(server.problem);
    return server.at === 'online' && state.loaded ? state : undefined;
  });

export const asError = ({ code, message, hint, field }: Problem): AppError =>
  new AppError(code, message, { hint, field });

/** No server can be asked: what is wrong with clearml.conf, or that there is none. */
export const noServer = (problem?: Problem): AppError =>
  asError(
    problem ?? {
      code: 'not-found',
      message: 'There is no clearml.conf on this computer.',
      hint: 'Set CLEARML_API_HOST, CLEARML_API_ACCESS_KEY and CLEARML_API_SECRET_KEY, or start the app, which asks for credentials.',
    },
  );
