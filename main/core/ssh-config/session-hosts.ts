import { type AppState, isOver, type SessionId, type SessionView } from '../../../preload/contract/state.ts';
import type { Log } from '../ports.ts';
import type { Store } from '../store.ts';
import { giveAliases } from './aliases.ts';
import type { OwnHosts } from './own-hosts.ts';
import type { SshConfig } from './ssh-config.ts';
import type { SshHost } from './text.ts';

type Aliases = Readonly<Record<SessionId, string>>;

interface Parts {
  readonly store: Store;
  readonly config: SshConfig;
  readonly username: (id: SessionId) => string;
  /** The fingerprint that it is held to; of some sessions only known once they are connected. */
  readonly hostKey: (id: SessionId) => string | undefined;
  /** The names that sessions had before, across runs of the app. */
  readonly memory: { aliases: Aliases };
  /** Puts the host keys of the sessions into the file that ours names. */
  readonly writeKnownHosts: () => void;
  readonly log: Log;
}

/** Keeps the names by which ssh finds the sessions in step with the list. */
export class SessionHosts {
  readonly #parts: Parts;
  /** What the last names were made from. */
  #known = '';

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** Gives names to what is new on the list, and has them written where the person's file includes ours. */
  follow({ sessions, loaded }: Pick<AppState, 'sessions' | 'loaded'>): void {
    if (!loaded) return;
    const { memory } = this.#parts;
    const before = memory.aliases;
    const named = sessions.filter((s) => !isOver(s) && (s.ports.ssh !== undefined || before[s.id]));
    const { username, hostKey } = this.#parts;
    const known = JSON.stringify(
      named.map(({ id, name, ports }) => [id, name, ports.ssh, username(id), hostKey(id)]),
    );
    if (known === this.#known) return;
    this.#known = known;
    try {
      this.#name(named);
    } catch (error) {
      this.#parts.log.write('warn', 'The sessions have no names for ssh', { error });
    }
  }

  include(): void {
    this.#parts.config.include();
    this.#refresh();
  }

  exclude(): void {
    this.#parts.config.exclude();
    this.#refresh();
  }

  #refresh(): void {
    this.#known = '';
    const { store, config } = this.#parts;
    store.update((s) => ({ ...s, ssh: { ...s.ssh, included: config.isIncluded } }));
    this.follow(store.state);
  }

  #name(sessions: readonly SessionView[]): void {
    const { store, config, memory } = this.#parts;
    const before = memory.aliases;
    const own = config.ownHosts;
    const aliases = giveAliases(sessions, before, own.names);
    if (JSON.stringify(aliases) !== JSON.stringify(before)) memory.aliases = aliases;
    if (store.state.ssh.included) this.#write(sessions, aliases, own);
    store.update((s) => ({ ...s, ssh: { ...s.ssh, aliases } }));
  }

  #write(sessions: readonly SessionView[], aliases: Aliases, own: OwnHosts): void {
    const hosts = sessions.flatMap(({ id, ports }): readonly SshHost[] => {
      const alias = aliases[id];
      if (alias === undefined || ports.ssh === undefined) return [];
      const direct = own.goesThroughProxy(alias);
      const unshared = own.sharesSocket(alias);
      return [{ id, alias, port: ports.ssh, username: this.#parts.username(id), direct, unshared }];
    });
    this.#parts.writeKnownHosts();
    this.#parts.config.update(hosts);
  }
}
