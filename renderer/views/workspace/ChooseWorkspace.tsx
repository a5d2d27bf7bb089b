import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Problem, toProblem } from '../../../preload/contract/errors.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import type { SnapshotView } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';

const KEY = 'choose-workspace';

/** In the wizard: any saved workspace, not only the latest of a session. */
export function ChooseWorkspaceButton() {
  const { dialogs } = useApp();
  return (
    <Button
      label="Choose a saved workspace"
      look="quiet"
      icon="folder"
      onPress={() => dialogs.present(KEY, () => <ChooseWorkspace onClose={() => dialogs.close(KEY)} />)}
    />
  );
}

function ChooseWorkspace({ onClose }: { readonly onClose: () => void }) {
  const { client, draft } = useApp();
  const found = useSignal<readonly SnapshotView[] | Problem | undefined>(undefined);
  useEffect(() => {
    client.call('workspace.list').then(
      ({ snapshots }) => {
        found.value = snapshots.filter(({ running, restoreFrom }) => !running || restoreFrom !== undefined);
      },
      (error: unknown) => {
        found.value = toProblem(error);
      },
    );
  }, []);
  const choose = async (id: string): Promise<void> => {
    const { options } = await client.call('workspace.restore', { id });
    draft.set(options);
    onClose();
  };
  return (
    <Dialog
      title="Go on with a saved workspace"
      onClose={onClose}
      actions={<Button label="Close" onPress={onClose} />}
    >
      <Choices found={found.value} choose={choose} />
    </Dialog>
  );
}

interface ChoicesProps {
  readonly found: readonly SnapshotView[] | Problem | undefined;
  readonly choose: (id: string) => Promise<void>;
}

function Choices({ found, choose }: ChoicesProps) {
  if (found === undefined) return <p role="status">Reading the workspaces…</p>;
  if ('code' in found) return <p role="status">{found.message}</p>;
  if (found.length === 0) return <p role="status">No workspace is saved yet.</p>;
  return (
    <ul class="workspace-choices">
      {found.map(({ id, name, at, size, folder }) => (
        <li key={id}>
          <ActionButton label={`${name}, ${dateTime(at)}`} look="quiet" run={() => choose(id)}>
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
