import type { SomeOptions } from '../../../preload/contract/options.ts';
import type { Preset } from '../../../preload/contract/presets.ts';
import type { App } from '../../app.ts';
import { lazy } from '../../parts/lazy.tsx';

const CommandDialog = lazy(async () => (await import('../launch/CommandDialog.tsx')).CommandDialog);
const ImportFromCli = lazy(async () => (await import('./ImportFromCli.tsx')).ImportFromCli);
const ManagePresets = lazy(async () => (await import('./ManagePresets.tsx')).ManagePresets);
const SavePreset = lazy(async () => (await import('./SavePreset.tsx')).SavePreset);

/** Asks for a name and keeps these options under it. */
export function savePreset(app: App, what: { readonly options: SomeOptions; readonly name: string }): void {
  const key = 'save-preset';
  app.dialogs.present(key, () => <SavePreset {...what} onClose={() => app.dialogs.close(key)} />);
}

/** Shows all presets, to look after them; `use` fills the wizard in. */
export function manage(app: App, use?: (name: string, options: SomeOptions) => void): void {
  const key = 'presets';
  const close = (): void => app.dialogs.close(key);
  const useAndClose =
    use &&
    (({ name, options }: Preset): void => {
      close();
      use(name, options);
    });
  app.dialogs.present(key, () => (
    <ManagePresets
      {...(useAndClose ? { onUse: useAndClose } : {})}
      importFromCli={() => importFromCli(app)}
      showCommand={({ options }) => showCommand(app, options)}
      onClose={close}
    />
  ));
}

/** Shows options as the command line that launches them. */
export function showCommand({ dialogs }: App, options: SomeOptions): void {
  const key = 'command';
  dialogs.present(key, () => <CommandDialog options={options} onClose={() => dialogs.close(key)} />);
}

/** Shows what clearml-session remembers on this computer, to make a preset of it. */
export async function importFromCli(app: App): Promise<void> {
  const found = await app.client.call('preset.ofCli');
  const key = 'import-from-cli';
  app.dialogs.present(key, () => <ImportFromCli {...found} onClose={() => app.dialogs.close(key)} />);
}
