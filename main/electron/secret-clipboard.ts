import type { Clipboard } from 'electron';
import type { Clock, Log } from '../core/ports.ts';

/** Long enough to paste it. */
const KEPT_MS = 60_000;

/** Takes a secret out of the clipboard again, unless something else was copied meanwhile. */
export class SecretClipboard {
  readonly #clipboard: Pick<Clipboard, 'readText' | 'writeText' | 'clear'>;
  readonly #clock: Clock;
  readonly #log: Log;
  #secret: string | undefined;
  #cancel = (): void => {};

  constructor(clipboard: Pick<Clipboard, 'readText' | 'writeText' | 'clear'>, clock: Clock, log: Log) {
    this.#clipboard = clipboard;
    this.#clock = clock;
    this.#log = log;
  }

  async copy(secret: string): Promise<void> {
    await this.#clipboard.writeText(secret);
    this.#cancel();
    this.#secret = secret;
    this.#cancel = this.#clock.after(KEPT_MS, () => void this.forget());
  }

  /** At once: the app may be about to quit. Never rejects. */
  async forget(): Promise<void> {
    this.#cancel();
    const secret = this.#secret;
    this.#secret = undefined;
    if (secret === undefined) return;
    try {
      if ((await this.#clipboard.readText()) === secret) await this.#clipboard.clear();
    } catch (error) {
      this.#log.write('warn', 'A secret may still be in the clipboard', { error });
    }
  }
}
