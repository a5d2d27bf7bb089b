import type { SessionView } from '../../../preload/contract/state.ts';
import { workspaceTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { TransferBar } from './TransferBar.tsx';

/** In the row of a session whose workspace is being saved, perhaps before it is shut down. */
export function SavingNote({ session }: { readonly session: SessionView }) {
  const transfer = useApp().store.transfers.value.find(({ id }) => id === session.id);
  return transfer ? (
    <TransferBar transfer={transfer} label={workspaceTexts.transfer.savingOf(session.name)} />
  ) : null;
}
