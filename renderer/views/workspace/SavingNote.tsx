import type { SessionView } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { TransferBar } from './TransferBar.tsx';

/** In the row of a session whose workspace is being saved, perhaps before it is shut down. */
export function SavingNote({ session }: { readonly session: SessionView }) {
  const transfer = useApp().store.transfers.value.find(({ id }) => id === session.id);
  return transfer ? (
    <TransferBar transfer={transfer} label={`Saving the workspace of ${session.name}`} />
  ) : null;
}
