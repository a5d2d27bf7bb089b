import { sizeText } from '../../../preload/contract/size.ts';
import type { Creating } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';

/** How far a launch is whose task is being made, and the way out of it. */
export function CreateProgress() {
  const { client, store } = useApp();
  const creating = store.creating.value;
  const { sent, total } = creating ?? { sent: 0, total: 0 };
  return (
    <div class="create-progress">
      <span class="create-words num" role="status">
        {words(creating)}
      </span>
      {total > 0 && <progress max={total} value={sent} aria-label="Upload" />}
      <ActionButton label="Cancel" run={() => client.call('session.cancel', {})} />
    </div>
  );
}

function words(creating: Creating | null): string {
  switch (creating?.step) {
    case 'packing':
      return `Packing ${progressWords(creating)}`;
    case 'uploading':
      return `Uploading ${progressWords(creating)}`;
    case 'queueing':
      return 'Putting it into the queue…';
    case 'creating':
    case undefined:
      return 'Creating the session…';
  }
}

function progressWords({ sent, total, bytesPerSecond }: Creating): string {
  const speed = bytesPerSecond > 0 ? `, ${sizeText(bytesPerSecond)}/s` : '';
  return total > 0 ? `${sizeText(sent)} of ${sizeText(total)}${speed}` : '…';
}
