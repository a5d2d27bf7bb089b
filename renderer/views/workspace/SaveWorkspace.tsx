import type { SessionView } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { SessionButton } from '../sessions/SessionButton.tsx';
import { SavingNote } from './SavingNote.tsx';

interface SaveWorkspaceProps {
  readonly session: SessionView;
  /** How far it is stands elsewhere. */
  readonly bare?: boolean;
}

/** Saves the workspace of a running session, and shows how far it is. */
export function SaveWorkspace({ session, bare }: SaveWorkspaceProps) {
  const isSaving = useApp().store.transfers.value.some(({ id }) => id === session.id);
  if (!isSaving) return <SessionButton session={session} what="saveWorkspace" bare />;
  return bare ? null : <SavingNote session={session} />;
}
