import { BUILT_IN_TERMINAL, type SessionView } from '../../../preload/contract/state.ts';
import { terminalTexts } from '../../../preload/contract/texts/index.ts';
import type { App } from '../../app.ts';

const t = terminalTexts.outside;

type Session = Pick<SessionView, 'id' | 'name'>;

/** Where the person wants their shells. */
export async function openShell(app: App, session: Session): Promise<void> {
  const { client, dialogs, store, toasts } = app;
  if (store.preferences.peek().terminal === BUILT_IN_TERMINAL) return openTab(app, session);
  const { opened, command, missing } = await client.call('session.openShell', { id: session.id });
  if (!opened) {
    dialogs.show({
      title: t.toPaste,
      detail: t.noPassword,
      text: command,
      copy: true,
    });
  } else if (missing !== undefined) {
    toasts.show({
      key: 'terminal',
      tone: 'info',
      title: t.missing(missing),
      body: t.chooseAnother,
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
