import { BUILT_IN_TERMINAL, missingTerminal, type SessionView } from '../../../preload/contract/state.ts';
import type { App } from '../../app.ts';

type Session = Pick<SessionView, 'id' | 'name'>;

/** Where the person wants their shells. */
export async function openShell(app: App, session: Session): Promise<void> {
  const { client, dialogs, store, toasts } = app;
  if (store.preferences.peek().terminal === BUILT_IN_TERMINAL) return openTab(app, session);
  const { opened, command, missing } = await client.call('session.openShell', { id: session.id });
  if (!opened) {
    dialogs.show({
      title: 'Paste this into a terminal',
      detail: 'No terminal can be opened from here. The command needs no password.',
      text: command,
      copy: true,
    });
  } else if (missing !== undefined) {
    toasts.show({
      key: 'terminal',
      tone: 'info',
      title: missingTerminal(missing),
      body: 'Choose another one in Settings.',
    });
  }
}

/** In the terminal of the app. */
export async function openTab({ terminals, show }: App, { id, name }: Session): Promise<void> {
  await terminals.open(id, name);
  show('terminal');
}

/** The shells that were asked for outside of a page. */
export async function openWantedShells(app: App): Promise<void> {
  const { ids } = await app.client.call('shell.take');
  for (const id of ids) {
    const session = app.store.sessions.peek().find((s) => s.id === id);
    if (session) await openTab(app, session);
  }
}
