import type { Notification } from 'electron';
import type { Command, Notice } from '../../preload/contract/api.ts';
import type { Log } from '../core/ports.ts';

/**
 * Shows notices as notifications of the system.
 *
 * Each is held until it is replaced or withdrawn: one that nobody holds is collected and loses its clicks, and one
 * that has moved to the notification centre can still be clicked or taken back.
 */
export class Notifications {
  readonly #kind: typeof Notification;
  readonly #run: (command: Command) => void;
  readonly #log: Log;
  readonly #shown = new Map<string, Notification>();

  constructor(parts: { kind: typeof Notification; run: (command: Command) => void; log: Log }) {
    this.#kind = parts.kind;
    this.#run = parts.run;
    this.#log = parts.log;
  }

  show(notice: Notice): void {
    this.withdraw(notice.key);
    if (!this.#kind.isSupported()) return;
    const notification = new this.#kind({
      title: notice.title,
      body: notice.body,
      // The default on Linux is "low", which some desktops do not show at all.
      urgency: 'normal',
      actions: notice.actions.map(({ label }) => ({ type: 'button', text: label })),
    });
    const { session } = notice;
    notification.on('click', () =>
      this.#run(session ? { do: 'showSession', id: session } : { do: 'showWindow' }),
    );
    notification.on('action', ({ actionIndex }) => {
      const action = notice.actions[actionIndex];
      if (action) this.#run(action.command);
    });
    // macOS shows notifications of signed apps only, and only where the person allows them.
    notification.on('failed', (_event, error) => {
      this.#log.write('warn', 'The system did not show a notification', { error });
    });
    this.#shown.set(notice.key, notification);
    notification.show();
  }

  withdraw(key: string): void {
    this.#shown.get(key)?.close();
    this.#shown.delete(key);
  }
}
