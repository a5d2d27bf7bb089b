import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import type { LocalEntry, LocalFolder } from '../../../preload/contract/api.ts';
import { toProblem } from '../../../preload/contract/errors.ts';
import { sizeText } from '../../../preload/contract/size.ts';
import { launchTexts, pageTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Button } from '../../parts/Button.tsx';
import { Dialog } from '../../parts/Dialog.tsx';
import { Icon } from '../../parts/Icon.tsx';

const t = launchTexts.browser;

interface FolderBrowserProps {
  readonly onChosen: (paths: readonly string[]) => void;
  readonly onClose: () => void;
}

/** Chooses files and folders of this computer where the page has no dialog of the system that tells their paths. */
export function FolderBrowser({ onChosen, onClose }: FolderBrowserProps) {
  const { client } = useApp();
  const shown = useSignal<LocalFolder | null>(null);
  const problem = useSignal('');
  const typed = useSignal('');
  const chosen = useSignal<readonly string[]>([]);
  const id = useId();
  const go = async (folder: string): Promise<void> => {
    try {
      const found = await client.call('files.list', { folder });
      shown.value = found;
      typed.value = found.folder;
      problem.value = '';
    } catch (error) {
      problem.value = toProblem(error).message;
    }
  };
  useEffect(() => void go(''), []);
  const toggle = ({ path }: LocalEntry): void => {
    chosen.value = chosen.value.includes(path)
      ? chosen.value.filter((other) => other !== path)
      : [...chosen.value, path];
  };
  const done = (paths: readonly string[]): void => {
    onChosen(paths);
    onClose();
  };
  const folder = shown.value;
  const { length } = chosen.value;
  return (
    <Dialog
      wide
      title={t.title}
      onClose={onClose}
      actions={
        <>
          <Button label={pageTexts.dialog.cancel} onPress={onClose} />
          <Button
            label={length > 0 ? t.add(length) : t.addShown}
            look="primary"
            disabled={!folder}
            onPress={() => done(length > 0 ? chosen.value : folder ? [folder.folder] : [])}
          />
        </>
      }
    >
      <div class="browser-where">
        <Button
          look="icon"
          icon="up"
          label={t.above}
          disabled={!folder?.parent}
          onPress={() => void go(folder?.parent ?? '')}
        />
        <input
          type="text"
          aria-label={t.folder}
          aria-describedby={`${id}-problem`}
          aria-invalid={problem.value ? true : undefined}
          autocomplete="off"
          spellcheck={false}
          value={typed.value}
          onInput={(event) => {
            typed.value = event.currentTarget.value;
          }}
          onKeyDown={(event) => {
            if (event.key === 'Enter') void go(typed.value);
          }}
        />
      </div>
      <p id={`${id}-problem`} class="hint wrong" role="alert">
        {problem.value}
      </p>
      <ul class="dialog-list browser-list">
        {folder?.entries.map((entry) => (
          <li key={entry.path}>
            <input
              type="checkbox"
              aria-label={t.choose(entry.name)}
              checked={chosen.value.includes(entry.path)}
              onChange={() => toggle(entry)}
            />
            {entry.kind === 'folder' ? (
              <button type="button" class="browser-folder" onClick={() => void go(entry.path)}>
                <Icon name="folder" size={1} />
                {entry.name}
              </button>
            ) : (
              <span class="browser-file">
                <span>{entry.name}</span>
                <span class="weight num">{sizeText(entry.bytes ?? 0)}</span>
              </span>
            )}
          </li>
        ))}
      </ul>
      <p class="hint">{folder && folder.more > 0 ? t.more(folder.more) : ''}</p>
    </Dialog>
  );
}
