import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { IMPORT_AT_MOST } from '../../../preload/contract/presets.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { giveFile } from '../../give-file.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { type Deed, Done } from './Done.tsx';
import { ImportDialog } from './ImportDialog.tsx';

const t = settingsTexts.takeAlong;

/** All settings as a file, for another computer. */
export function TakeAlong() {
  const app = useApp();
  const { client, dialogs, attempt } = app;
  const picker = useRef<HTMLInputElement>(null);
  const done = useSignal<Deed | null>(null);

  const give = async (): Promise<void> => {
    const { text } = await client.call('settings.export');
    giveFile(app, { name: 'clearml-session-tray-settings', text, title: t.file });
  };
  const undo = async (): Promise<void> => {
    await client.call('settings.undoLoad');
    done.value = { words: t.undone };
  };
  const preview = async (chosen: File): Promise<void> => {
    if (chosen.size > IMPORT_AT_MOST) {
      done.value = { words: t.tooLarge(chosen.name) };
      return;
    }
    const from = { text: await chosen.text(), file: chosen.name };
    const changes = await client.call('settings.preview', from);
    const close = (): void => dialogs.close('import-settings');
    const take = async (): Promise<void> => {
      await client.call('settings.load', from);
      close();
      done.value = { words: t.imported(chosen.name), undo };
    };
    dialogs.present('import-settings', () => (
      <ImportDialog file={chosen.name} changes={changes} onImport={take} onClose={close} />
    ));
  };
  return (
    <>
      <p class="hint">{t.hint}</p>
      <div class="card-actions">
        <ActionButton label={t.export} run={give} />
        <Button label={t.import} onPress={() => picker.current?.click()} />
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          aria-label={t.picker}
          hidden
          onChange={({ currentTarget: input }) => {
            const [chosen] = input.files ?? [];
            if (!chosen) return;
            void attempt(() => preview(chosen)).then(() => {
              // The same file may be chosen again.
              input.value = '';
            });
          }}
        />
      </div>
      <Done deed={done.value} />
    </>
  );
}
