import { useEffect } from 'preact/hooks';
import { sizeText } from '../../../preload/contract/size.ts';
import type { SnapshotView } from '../../../preload/contract/state.ts';
import { pageTexts, workspaceTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Trouble } from '../../parts/Trouble.tsx';
import { useReading } from '../../parts/use-reading.ts';

const t = workspaceTexts.choose;

const KEY = 'choose-workspace';

/** In the wizard: any saved workspace, not only the latest of a session. */
export function ChooseWorkspaceButton() {
  const { dialogs } = useApp();
  return (
    <Button
      label={t.open}
      look="quiet"
      icon="folder"
      onPress={() => dialogs.present(KEY, () => <ChooseWorkspace onClose={() => dialogs.close(KEY)} />)}
    />
  );
}

function ChooseWorkspace({ onClose }: { readonly onClose: () => void }) {
  const { client, draft } = useApp();
  const { found, problem, read } = useReading(async () => {
    const { snapshots } = await client.call('workspace.list');
    return snapshots.filter(({ running, restoreFrom }) => !running || restoreFrom !== undefined);
  });
  useEffect(() => void read(), []);
  const choose = async (id: string): Promise<void> => {
    const { options } = await client.call('workspace.restore', { id });
    draft.set(options);
    onClose();
  };
  return (
    <Dialog
      title={t.title}
      onClose={onClose}
      actions={<Button label={pageTexts.dialog.close} onPress={onClose} />}
    >
      {problem.value ? (
        <Trouble problem={problem.value} again={read} />
      ) : (
        <Choices found={found.value} choose={choose} />
      )}
    </Dialog>
  );
}

interface ChoicesProps {
  readonly found: readonly SnapshotView[] | null;
  readonly choose: (id: string) => Promise<void>;
}

function Choices({ found, choose }: ChoicesProps) {
  if (found === null) return <p role="status">{workspaceTexts.reading}</p>;
  if (found.length === 0) return <p role="status">{t.none}</p>;
  return (
    <ul class="dialog-list workspace-choices">
      {found.map(({ id, name, at, size, folder }) => (
        <li key={id}>
          <ActionButton label={t.one(name, dateTime(at))} look="quiet" run={() => choose(id)}>
            <span>
              <strong>{name}</strong> {dateTime(at)}
            </span>
            <span class="num">{[folder, sizeText(size)].filter(Boolean).join(' · ')}</span>
          </ActionButton>
        </li>
      ))}
    </ul>
  );
}
