import type { Transfer } from '../../../preload/contract/state.ts';
import { workspaceTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { transferWords } from './transfer-words.ts';

/** How far a save or a download is, and the way out of it. */
export function TransferBar({ transfer, label }: { readonly transfer: Transfer; readonly label: string }) {
  const { client } = useApp();
  const { id, sent, total } = transfer;
  return (
    <div class="transfer">
      <span class="transfer-words num">{transferWords(transfer)}</span>
      {/* Without a value it only says that something goes on. */}
      <progress aria-label={label} {...(total > 0 ? { max: total, value: sent } : {})} />
      <ActionButton
        label={workspaceTexts.transfer.cancel}
        look="quiet"
        run={() => client.call('workspace.cancel', { id })}
      />
    </div>
  );
}
