import type { AttachOptions } from '../../../preload/contract/api.ts';
import { DEFAULTS, type LaunchForm } from '../../../preload/contract/options.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import type { Log, Login, Secrets } from '../ports.ts';
import type { Memory } from './memory.ts';
import { omit } from './tracked.ts';

export interface LoginsParts {
  readonly memory: Memory;
  readonly secrets: Secrets;
  /** Address of the API: the same id on two servers is two sessions. */
  readonly server: string;
  readonly log: Log;
}

/** How the person wants to log in to single sessions, other than these say. The passwords rest among the secrets. */
export class Logins {
  readonly #parts: LoginsParts;

  constructor(parts: LoginsParts) {
    this.#parts = parts;
  }

  of(id: SessionId): Login {
    return this.#parts.memory.value.logins[id] ?? {};
  }

  /** Its password is that of the task, which everybody reads there. */
  launched(id: SessionId, form: LaunchForm): void {
    this.#remember(id, {
      ...(form.username ? { username: form.username } : {}),
      ...(form.userFolder === DEFAULTS.userFolder ? {} : { userFolder: form.userFolder }),
      ...(form.disableFingerprintCheck ? { anyHostKey: true } : {}),
    });
  }

  /** What is left out stays as it was. */
  async attached(id: SessionId, options: AttachOptions): Promise<void> {
    const { username, password, userFolder, disableFingerprintCheck } = options;
    if (password) await this.#parts.secrets.set(this.#secret(id), password);
    this.#remember(id, {
      ...this.of(id),
      ...(username ? { username } : {}),
      ...(userFolder ? { userFolder } : {}),
      ...(disableFingerprintCheck ? { anyHostKey: true } : {}),
      ...(password ? { hasPassword: true } : {}),
    });
  }

  async password(id: SessionId): Promise<string | undefined> {
    if (!this.of(id).hasPassword) return undefined;
    const password = await this.#parts.secrets.get(this.#secret(id));
    if (password) this.#parts.log.hide(password);
    return password;
  }

  /** The session has ended. */
  forget(id: SessionId): void {
    const { memory, secrets, log } = this.#parts;
    if (this.of(id).hasPassword) {
      secrets.delete(this.#secret(id)).catch((error: unknown) => {
        log.write('warn', 'The password of a session could not be removed', { id, error });
      });
    }
    memory.update('logins', (all) => omit(all, id));
  }

  #remember(id: SessionId, login: Login): void {
    if (Object.keys(login).length === 0) return;
    this.#parts.memory.update('logins', (all) => ({ ...all, [id]: login }));
  }

  #secret(id: SessionId): string {
    return `login:${this.#parts.server}:${id}`;
  }
}
