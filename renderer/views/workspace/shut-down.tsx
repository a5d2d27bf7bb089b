import { sizeText } from '../../../preload/contract/size.ts';
import { canSaveWorkspace, type SaveEstimate, type SessionView } from '../../../preload/contract/state.ts';
import { age, pageTexts, workspaceTexts } from '../../../preload/contract/texts/index.ts';
import type { App } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';

const { shutDown: t, large } = workspaceTexts;

/** Asks whether to shut a session down, and warns where its workspace would hardly be saved in time. */
export async function askToShutDown(app: App, session: SessionView): Promise<void> {
  const { client } = app;
  const { id } = session;
  const { estimate } = canSaveWorkspace(session) ? await client.call('workspace.estimate', { id }) : {};
  if (estimate?.tooLarge) return warn(app, session, estimate);
  const yes = await app.dialogs.confirm({
    key: `shut-down ${id}`,
    title: t.title(session.name),
    detail: [lossWords(session, estimate), ...(session.mine ? [] : [t.owner(session.owner)])].join(' '),
    yes: t.yes,
  });
  if (yes) await client.call('session.shutDown', { id });
}

function lossWords({ workspace }: SessionView, estimate: SaveEstimate | undefined): string {
  if (workspace === undefined) return t.nothingSaved;
  return t.savedFirst(workspace, estimate && sizeText(estimate.bytes));
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
        title={large.title(session.name)}
        onClose={close}
        actions={
          <>
            <Button label={pageTexts.dialog.no} autoFocus onPress={close} />
            <Button label={large.anyway} look="danger" onPress={run('session.shutDown')} />
            <Button label={large.saveFirst} look="primary" onPress={run('workspace.saveAndShutDown')} />
          </>
        }
      >
        <p>{estimateWords(session, estimate)}</p>
        <p class="save-first">{large.safe}</p>
      </Dialog>
    ));
  });
}

function estimateWords({ workspace = '' }: SessionView, estimate: SaveEstimate): string {
  const { bytes, seconds, limitSeconds, bytesPerSecond, measured } = estimate;
  return large.estimate({
    folder: workspace,
    size: sizeText(bytes),
    takes: age(seconds * 1000),
    perSecond: sizeText(bytesPerSecond),
    isMeasured: measured,
    limit: age(limitSeconds * 1000),
  });
}
