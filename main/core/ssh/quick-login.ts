import type { Client, ParsedKey } from 'ssh2';

type Sign = (data: Buffer, signed: (signature: Buffer) => void) => void;

/** What ssh2 keeps of a login that is under way. */
interface Internals {
  readonly _protocol: {
    authPK(username: string, key: ParsedKey, algorithm: string | undefined, sign?: Sign): void;
    readonly _handlers: { SERVICE_ACCEPT(protocol: unknown, service: string): void };
  };
}

/**
 * Saves two round trips of a login. ssh2 waits until the server has accepted to log somebody in at all, and asks
 * whether a key would do before it signs with it. Here the signature goes out at once: a server reads one message after
 * the other, and a key that will not do is refused as it would have been. `asked` is called behind it; all that is said
 * from then on arrives after the login, unless that fails.
 *
 * For keys whose signature has no choice of a hash, as ed25519.
 */
export function loginAtOnce(client: Client, asked: () => void): void {
  client.once('handshake', () => {
    const { _protocol: protocol } = client as unknown as Internals;
    const handlers = protocol._handlers;
    const { authPK } = protocol;
    protocol.authPK = (username, key, algorithm, sign = signWith(key)) =>
      authPK.call(protocol, username, key, algorithm, sign);
    const accepted = handlers.SERVICE_ACCEPT;
    handlers.SERVICE_ACCEPT = () => {};
    // By then ssh2 has asked for the service.
    queueMicrotask(() => {
      try {
        accepted(protocol, 'ssh-userauth');
      } catch {
        // The connection has broken meanwhile, as ssh2 tells.
        return;
      }
      asked();
    });
  });
}

function signWith(key: ParsedKey): Sign {
  return (data, signed) => {
    const signature: Buffer | Error = key.sign(data);
    if (signature instanceof Error) throw signature;
    signed(signature);
  };
}
