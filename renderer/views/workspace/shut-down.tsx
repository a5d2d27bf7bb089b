import { sizeText } from '../../../preload/contract/size.ts';
import { canSaveWorkspace, type SaveEstimate, type SessionView } from '../../../preload/contract/state.ts';
import { age } from '../../../preload/contract/texts/index.ts';
import type { App } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';

/** Asks whether to shut a session down, and warns where its workspace would hardly be saved in time. */
export async function askToShutDown(app: App, session: SessionView): Promise<void> {
  const { client } = app;
  const { id } = session;
  const { estimate } = canSaveWorkspace(session) ? await client.call('workspace.estimate', { id }) : {};
  if (estimate?.tooLarge) return warn(app, session, estimate);
  const yes = await app.dialogs.confirm({
    key: `shut-down ${id}`,
    title: `Shut down “${session.name}”?`,
    detail: `${lossWords(session, estimate)}${whose(session)}`,
    yes: 'Shut down',
  });
  if (yes) await client.call('session.shutDown', { id });
}

const whose = (session: SessionView): string => (session.mine ? '' : ` It belongs to ${session.owner}.`);

function lossWords({ workspace }: SessionView, estimate: SaveEstimate | undefined): string {
  if (workspace === undefined)
    return 'The machine is given back, and whatever was only stored on it is gone.';
  const size = estimate ? ` (${sizeText(estimate.bytes)})` : '';
  return `The machine is given back. ${workspace}${size} is saved first; whatever else was only stored on it is gone.`;
}

function warn(app: App, session: SessionView, estimate: SaveEstimate): Promise<void> {
  return new Promise((resolve) => {
    const key = `shut-down ${session.id}`;
    const close = (): void => {
      app.dialogs.close(key);
      resolve();
    };
    const run = (call: 'session.shutDown' | 'workspace.saveAndShutDown') => (): void => {
      close();
      void app.attempt(() => app.client.call(call, { id: session.id }));
    };
    app.dialogs.present(key, () => (
      <Dialog
        title={`The workspace of “${session.name}” is large`}
        onClose={close}
        actions={
          <>
            <Button label="Go back" autoFocus onPress={close} />
            <Button label="Shut down anyway" look="danger" onPress={run('session.shutDown')} />
            <Button label="Save, then shut down" look="primary" onPress={run('workspace.saveAndShutDown')} />
          </>
        }
      >
        <p>{estimateWords(session, estimate)}</p>
        <p class="save-first">Saved first, it is safe: the session goes on running if that fails.</p>
      </Dialog>
    ));
  });
}

function estimateWords({ workspace }: SessionView, estimate: SaveEstimate): string {
  const { bytes, seconds, limitSeconds, bytesPerSecond, measured } = estimate;
  const rate = `${sizeText(bytesPerSecond)} a second`;
  const basis = measured ? `${rate}, as when it was last saved` : `${rate}, which is an assumption`;
  return `${workspace} holds ${sizeText(bytes)}. Saving it takes about ${age(seconds * 1000)} at ${basis}. A session that is shut down gets ${age(limitSeconds * 1000)} for it, and is ended then, saved or not.`;
}
