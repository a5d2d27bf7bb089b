import { AppError } from '../../../preload/contract/errors.ts';
import type { Clock, Log } from '../ports.ts';
import type { Reach } from '../session/reach.ts';
import { asError } from '../when.ts';
import { type Connection, dial } from './dial.ts';
import { readKeyFile } from './keys.ts';

/**
 * Logs in to a session at its local port, so that the connection outlives the link below it. Rejects with AppError, or
 * with the reason of `signal`; once it is there, `lost` tells its end.
 */
export function logIn(
  { name, port, username, password, keyFile, hostKey }: Reach,
  {
    clock,
    log,
    lost,
    signal,
  }: { readonly clock: Clock; readonly log: Log; readonly lost: () => void; readonly signal?: AbortSignal },
): Promise<Connection> {
  const key = readKeyFile(keyFile);
  if (!key) throw new AppError('unsupported', `The SSH key of the app cannot be read: ${keyFile}.`);
  return new Promise((resolve, reject) => {
    let isUp = false;
    const connection = dial({
      target: {
        host: '127.0.0.1',
        port,
        username,
        ...(password === undefined ? {} : { password }),
        remote: {},
        hostKey: plain(hostKey),
      },
      key,
      clock,
      log,
      hooks: {
        up() {
          isUp = true;
          resolve(connection);
        },
        lost({ reason }) {
          if (isUp) lost();
          else reject(asError({ ...reason, message: `${name}: ${reason.message}` }));
        },
        firstUse() {},
      },
    });
    signal?.addEventListener('abort', () => {
      if (isUp) return;
      void connection.hangUp();
      reject(signal.reason);
    });
  });
}

/** What is not known is left out. */
const plain = ({ expected, keyType, ours }: Reach['hostKey']) => ({
  ours,
  ...(expected === undefined ? {} : { expected }),
  ...(keyType === undefined ? {} : { keyType }),
});
