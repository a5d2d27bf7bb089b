import type { LinkHistory } from '../../../preload/contract/link-history.ts';
import type { Link, LocalPorts, SessionId, Tool } from '../../../preload/contract/state.ts';

/** Where a session is reached and what is forwarded. Plain data, so that the pool may live in a worker. */
export interface Target {
  readonly host: string;
  readonly port: number;
  readonly username: string;
  readonly password?: string;
  /** The ends on the remote machine's 127.0.0.1; a tool that is not ready yet has none. */
  readonly remote: { readonly [T in Tool]?: number };
  readonly hostKey: HostKeyRule;
  /** Where the search for free local ports begins; the usual ones if left out. */
  readonly firstPorts?: { readonly [T in Tool]: number };
}

export interface HostKeyRule {
  /** `SHA256:…`; anything else is refused. Absent: the first key seen is accepted and told to `hostKeySeen`. */
  readonly expected?: string;
  /** Type of the expected key, the first word of its line: asked for first of a server that has several. */
  readonly keyType?: string;
  /** Launched by this app, which always generates keys: the publicly known ones are refused whatever happens. */
  readonly ours: boolean;
}

export interface SeenHostKey {
  readonly fingerprint: string;
  /** `ssh-ed25519 AAAA…` */
  readonly line: string;
  /** One of the keys that are printed in clearml-session's own source. */
  readonly publiclyKnown: boolean;
}

/** What the pool tells. */
export interface TunnelListener {
  linkChanged(id: SessionId, link: Link): void;
  /** First use: remember it. */
  hostKeySeen(id: SessionId, key: SeenHostKey): void;
  /** The first local connection has come, or there has been none for a while. */
  useChanged(id: SessionId, inUse: boolean): void;
}

/**
 * Keeps one SSH connection per session and its local listeners.
 *
 * A listener is bound from `open` to `close` whatever happens to the connection, so that editors and browsers
 * never need a new address.
 */
export interface Tunnels {
  /**
   * Binds the local ports (those of `remembered` where they are free, else the next free one from the usual
   * start that is not `reserved`: remembered by another session, which may be closed at the moment)
   * start) and begins to dial. Resolves with what is bound. Opening an open session only updates it.
   */
  open(
    id: SessionId,
    target: Target,
    remembered: LocalPorts,
    reserved?: readonly number[],
  ): Promise<LocalPorts>;
  /** New facts from the server: another address, or a tool that has become ready. Resolves with what is bound. */
  update(id: SessionId, target: Target): Promise<LocalPorts>;
  /** Hangs up and releases the ports. */
  close(id: SessionId): Promise<void>;
  /** Drops the connection, if any, and dials at once. */
  reconnect(id: SessionId): void;
  /** Undefined for a session that is not open. */
  history(id: SessionId): Promise<LinkHistory | undefined>;
  sleep(): void;
  wake(): void;
  /** An interface came or went: look at once whether the connections still live. */
  networkChanged(): void;
  /** Whether to do without second connections, for the sake of a battery or a bill. */
  frugal(on: boolean): void;
  /** Closes everything. */
  stop(): Promise<void>;
}
