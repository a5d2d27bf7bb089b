import type { SessionView } from '../../../preload/contract/state.ts';
import type { App } from '../../app.ts';

/** Saves the workspace of a running session, and says what became of it. */
export async function saveWorkspace({ client, toasts }: App, { id, name }: SessionView): Promise<void> {
  const { saved } = await client.call('workspace.saveNow', { id });
  toasts.show({
    key: `saved ${id}`,
    tone: saved ? 'good' : 'info',
    title: saved ? `The workspace of ${name} is saved` : `Nothing new in the workspace of ${name}`,
    ...(saved ? {} : { body: 'It is the same as when it was last saved.' }),
  });
}
