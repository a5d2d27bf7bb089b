import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { IMPORT_AT_MOST } from '../../../preload/contract/presets.ts';
import { useApp } from '../../app.ts';
import { giveFile } from '../../give-file.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { type Deed, Done } from './Done.tsx';
import { ImportDialog } from './ImportDialog.tsx';

/** All settings as a file, for another computer. */
export function TakeAlong() {
  const app = useApp();
  const { client, dialogs, attempt } = app;
  const picker = useRef<HTMLInputElement>(null);
  const done = useSignal<Deed | null>(null);

  const give = async (): Promise<void> => {
    const { text } = await client.call('settings.export');
    giveFile(app, { name: 'clearml-session-tray-settings', text, title: 'Settings to take along' });
  };
  const undo = async (): Promise<void> => {
    await client.call('settings.undoLoad');
    done.value = { words: 'The settings are as before the import.' };
  };
  const preview = async (chosen: File): Promise<void> => {
    if (chosen.size > IMPORT_AT_MOST) {
      done.value = { words: `${chosen.name} is too large for settings.` };
      return;
    }
    const from = { text: await chosen.text(), file: chosen.name };
    const changes = await client.call('settings.preview', from);
    const close = (): void => dialogs.close('import-settings');
    const take = async (): Promise<void> => {
      await client.call('settings.load', from);
      close();
      done.value = { words: `Imported from ${chosen.name}.`, undo };
    };
    dialogs.present('import-settings', () => (
      <ImportDialog file={chosen.name} changes={changes} onImport={take} onClose={close} />
    ));
  };
  return (
    <>
      <p class="hint">
        What is set on this page, the last answers of the wizard and the presets go into one file. No
        credentials, passwords or sessions are in it, and nothing that this system keeps itself, such as the
        start at login. Before an import changes anything, it shows what.
      </p>
      <div class="card-actions">
        <ActionButton label="Export settings" run={give} />
        <Button label="Import settings…" onPress={() => picker.current?.click()} />
        <input
          ref={picker}
          type="file"
          accept=".json,application/json"
          aria-label="File with settings"
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
