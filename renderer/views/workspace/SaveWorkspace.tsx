import { canSaveWorkspace, type SessionView } from '../../../preload/contract/state.ts';
import { type App, useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { SavingNote } from './SavingNote.tsx';

interface SaveWorkspaceProps {
  readonly session: SessionView;
  /** How far it is stands elsewhere. */
  readonly bare?: boolean;
}

/** Saves the workspace of a running session, and shows how far it is. */
export function SaveWorkspace({ session, bare }: SaveWorkspaceProps) {
  const app = useApp();
  const isSaving = app.store.transfers.value.some(({ id }) => id === session.id);
  if (isSaving) return bare ? null : <SavingNote session={session} />;
  const can = canSaveWorkspace(session);
  return (
    <ActionButton
      label="Save workspace now"
      disabled={!can}
      {...(can ? {} : { title: 'Only while the session runs and is connected' })}
      run={() => save(app, session)}
    />
  );
}

async function save({ client, toasts }: App, { id, name }: SessionView): Promise<void> {
  const { saved } = await client.call('workspace.saveNow', { id });
  toasts.show({
    key: `saved ${id}`,
    tone: saved ? 'good' : 'info',
    title: saved ? `The workspace of ${name} is saved` : `Nothing new in the workspace of ${name}`,
    ...(saved ? {} : { body: 'It is the same as when it was last saved.' }),
  });
}
