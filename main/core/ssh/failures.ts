import type { Problem } from '../../../preload/contract/errors.ts';
import type { DialFailure } from './dial.ts';
import type { SeenHostKey, Target } from './tunnels.ts';

/** What ssh2 and Node put on an error. */
interface Details {
  readonly level?: string;
  readonly code?: string | number;
}

const addressOf = ({ host, port }: Target): string =>
  host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;

/** The server hung up on the logins that it refused, before it heard all of them. */
export const isTooManyLogins = (error: Error | undefined): boolean =>
  /too many authentication/i.test(error?.message ?? '');

/** It did not answer while it was being connected to. */
export const isTimeout = (error: Error | undefined): boolean =>
  (error as Details | undefined)?.level === 'client-timeout';

/** Why a dial failed or a connection broke, from what ssh2 said; without an error the server hung up. */
export function failureProblem(error: Error | undefined, target: Target, wasUp: boolean): DialFailure {
  const at = addressOf(target);
  const { level, code } = (error ?? {}) as Details;
  const problem = (reason: Problem): DialFailure => ({ reason, fatal: false });

  if (level === 'client-authentication' || isTooManyLogins(error)) {
    return {
      reason: {
        code: 'ssh-auth',
        message: `The SSH server at ${at} refused both our key and the password of the session.`,
        hint: 'The password may have been changed inside the session. Give the new one, or launch a new session.',
      },
      fatal: true,
    };
  }
  if (wasUp) return problem({ code: 'unreachable', message: `The connection to ${at} was lost.` });
  if (level === 'client-timeout' || code === 'ETIMEDOUT')
    return problem({
      code: 'timeout',
      message: `The SSH server at ${at} did not answer in time.`,
      hint: NETWORK,
    });
  switch (code) {
    case 'ECONNREFUSED':
      return problem({ code: 'unreachable', message: `No SSH server answers at ${at}.`, hint: REFUSED });
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return noRoute(`The name ${target.host} is not known here.`);
    case 'ERR_SOCKET_BAD_PORT':
      return problem({
        code: 'invalid',
        message: `The session names an SSH port that is none: ${target.port}.`,
      });
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
    case 'ENETDOWN':
    case 'EADDRNOTAVAIL':
      return noRoute(`There is no way from here to ${at}.`);
    default:
      return problem({ code: 'unreachable', message: `The SSH server at ${at} ended the handshake.` });
  }
}

const NETWORK = 'Check that this computer is in the network or VPN from which the machine can be reached.';
const REFUSED = 'The session may still be starting, or its port may not be open to this computer.';

/** Before the network or the VPN is there; name servers outside of it do not know the name. */
const noRoute = (message: string): DialFailure => ({
  reason: { code: 'unreachable', message, hint: NETWORK },
  fatal: false,
  noRoute: true,
});

/** A machine that shows another key than the one we know. */
export function refusalProblem(
  verdict: 'changed' | 'publicly-known',
  seen: SeenHostKey,
  target: Target,
): Problem {
  const at = addressOf(target);
  if (verdict === 'publicly-known') {
    return {
      code: 'host-key',
      message: `The machine at ${at} shows a host key that anybody can have, not the one made for this session.`,
      hint: 'Its own key was not used, or somebody is in between. Shut the session down and launch a new one.',
    };
  }
  return {
    code: 'host-key',
    message: `The machine at ${at} shows another host key than the one this session is known by (${seen.fingerprint}).`,
    hint: 'Another machine may have taken its address, or somebody is in between. Nothing was sent to it. Unless you know why its key is new, launch another session.',
  };
}
