import type { SessionView } from '../../../preload/contract/state.ts';
import { workspaceTexts } from '../../../preload/contract/texts/index.ts';
import type { App } from '../../app.ts';

const t = workspaceTexts.save;

/** Saves the workspace of a running session, and says what became of it. */
export async function saveWorkspace({ client, toasts }: App, { id, name }: SessionView): Promise<void> {
  const { saved } = await client.call('workspace.saveNow', { id });
  toasts.show({
    key: `saved ${id}`,
    tone: saved ? 'good' : 'info',
    title: saved ? t.saved(name) : t.unchanged(name),
    ...(saved ? {} : { body: t.unchangedMeans }),
  });
}
