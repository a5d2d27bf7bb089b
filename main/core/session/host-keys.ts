import type { SessionId } from '../../../preload/contract/state.ts';
import { getHostKeyVault } from '../clearml/api.ts';
import type { ApiClient } from '../clearml/client.ts';
import { hostKeysFromText } from '../clearml/host-keys.ts';
import type { HostKeyRecord, Log } from '../ports.ts';
import { isPubliclyKnown, seenHostKey } from '../ssh/host-keys.ts';
import type { KeyPair } from '../ssh/keys.ts';
import type { HostKeyRule, SeenHostKey } from '../ssh/tunnels.ts';
import type { Memory } from './memory.ts';
import { omit } from './tracked.ts';

/** Which host key each session of one server must show, and how we came to know it. */
export class HostKeys {
  readonly #client: ApiClient;
  readonly #memory: Memory;
  readonly #log: Log;
  /** Sessions whose changed key the person accepted: the next one they show is taken. */
  readonly #trusted = new Set<SessionId>();
  #vault: Promise<readonly SeenHostKey[]> | undefined;

  constructor(parts: { readonly client: ApiClient; readonly memory: Memory; readonly log: Log }) {
    this.#client = parts.client;
    this.#memory = parts.memory;
    this.#log = parts.log;
  }

  /**
   * What we generated or saw ourselves comes first, then the server's vault, then the keys in the task; without any
   * of them the first key seen is taken. `ours`: launched by this app, here or elsewhere. `any`: the person wants the
   * first key taken whatever is known of the session.
   */
  async rule(
    id: SessionId,
    how: { readonly inTask: readonly SeenHostKey[]; readonly ours: boolean; readonly any?: boolean },
  ): Promise<HostKeyRule> {
    const { inTask, any = false } = how;
    const ours = how.ours && !any;
    if (this.#trusted.has(id)) return { ours };
    const record = this.#memory.value.hostKeys[id];
    // What the server said is asked for anew each time: a session that was run again has other keys.
    const own = record && record.source !== 'task' && record.source !== 'vault' ? record : undefined;
    if (own) return { expected: own.fingerprint, keyType: typeOf(own), ours };
    if (any) return { ours };
    const vault = (await this.#vaultKeys())[0];
    const key = vault ?? inTask[0];
    if (!key) return { ours };
    this.#remember(id, key, vault ? 'vault' : 'task');
    return { expected: key.fingerprint, keyType: typeOf(key), ours };
  }

  generated(id: SessionId, key: KeyPair): void {
    const blob = Buffer.from(key.publicLine.split(' ')[1] ?? '', 'base64');
    this.#remember(id, seenHostKey(blob), 'generated');
  }

  /** A key that no rule named. */
  seen(id: SessionId, key: SeenHostKey): void {
    this.#remember(id, key, this.#trusted.delete(id) ? 'confirmed' : 'first-use');
  }

  /** Whatever was known of it counts no more. */
  forget(id: SessionId): void {
    this.#memory.update('hostKeys', (all) => omit(all, id));
  }

  trust(id: SessionId): void {
    this.#trusted.add(id);
  }

  /** Everybody can read its private half in the source of clearml-session. */
  isPublic(id: SessionId): boolean {
    return isPubliclyKnown(this.#memory.value.hostKeys[id]?.fingerprint ?? '');
  }

  #vaultKeys(): Promise<readonly SeenHostKey[]> {
    this.#vault ??= getHostKeyVault(this.#client).then(
      (text) => hostKeysFromText(text ?? ''),
      (error: unknown) => {
        this.#vault = undefined;
        this.#log.write('info', 'The host keys in the vault could not be read', { error });
        return [];
      },
    );
    return this.#vault;
  }

  #remember(id: SessionId, key: SeenHostKey, source: HostKeyRecord['source']): void {
    const { fingerprint, line } = key;
    this.#memory.update('hostKeys', (all) =>
      all[id]?.fingerprint === fingerprint && all[id].source === source
        ? all
        : { ...all, [id]: { fingerprint, line, source } },
    );
  }
}

const typeOf = ({ line }: { readonly line: string }): string => line.split(' ', 1)[0] ?? '';
