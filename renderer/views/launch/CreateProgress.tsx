import type { Creating } from '../../../preload/contract/state.ts';
import { launchTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { transferWords } from '../workspace/transfer-words.ts';

const t = launchTexts.creating;

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
      {total > 0 && <progress max={total} value={sent} aria-label={t.upload} />}
      <ActionButton label={t.cancel} run={() => client.call('session.cancel', {})} />
    </div>
  );
}

function words(creating: Creating | null): string {
  switch (creating?.step) {
    case 'packing':
    case 'uploading':
      return transferWords({ ...creating, step: creating.step });
    case 'queueing':
      return t.queueing;
    case 'creating':
    case undefined:
      return t.creating;
  }
}
