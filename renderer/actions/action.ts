import type { App } from '../app.ts';
import type { IconName } from '../parts/Icon.tsx';
import { remember } from './recent.ts';

/** About the connection, its tools, what is taken along, what is kept of it, and its end. */
export type ActionGroup = 'link' | 'open' | 'take' | 'keep' | 'end';

/** Something that can be done, as a menu, the palette or a shortcut offers it. */
export interface Action {
  /** The same for all sessions: shortcuts are bound to it. */
  readonly id: string;
  /** Told apart from the same action of another session. */
  readonly key: string;
  readonly label: string;
  readonly icon: IconName;
  /** Of a session's: what stands together in its menu. */
  readonly group?: ActionGroup;
  /** It ends or deletes something. */
  readonly destroys?: true;
  /** Why it cannot be done at the moment. */
  readonly refused?: string;
  readonly run: () => unknown;
}

/** Does it, unless it is refused; a failure is told in a toast. */
export function perform(app: App, { key, refused, run }: Action): void {
  if (refused) {
    app.toasts.show({ key: 'refused', tone: 'info', title: refused });
    return;
  }
  if (key !== 'palette') remember(key);
  void app.attempt(async () => run());
}
