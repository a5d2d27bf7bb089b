import type { SomeOptions } from '../../preload/contract/options.ts';
import type { Host } from './ports.ts';

interface Parts {
  readonly host: Pick<Host, 'show'>;
  /** A wizard that is open already should ask for them. */
  readonly tell: () => void;
}

/**
 * Options on their way into the wizard, from another window or from outside of the app. They wait until a wizard asks:
 * its page may have to be opened first, and they may hold a password, which has no place in the state.
 */
export class LaunchFill {
  readonly #parts: Parts;
  #waiting: SomeOptions | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  fill(options: SomeOptions, { show = true }: { readonly show?: boolean } = {}): void {
    this.#waiting = options;
    if (show) this.#parts.host.show('launch');
    this.#parts.tell();
  }

  /** Hands them out once. */
  take(): SomeOptions | undefined {
    const options = this.#waiting;
    this.#waiting = undefined;
    return options;
  }
}
