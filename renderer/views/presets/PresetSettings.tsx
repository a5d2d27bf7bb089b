import { useApp } from '../../app.ts';
import { ActionButton, Button } from '../../parts/Button.tsx';
import { importFromCli, manage } from './open.tsx';

/** What the wizard starts from, and the presets. */
export function PresetSettings() {
  const app = useApp();
  const { client, store, toasts } = app;
  const count = store.presets.value.length;
  const reset = async (): Promise<void> => {
    await client.call('defaults.reset');
    toasts.show({ key: 'preset', tone: 'good', title: 'The wizard starts from the defaults again' });
  };
  return (
    <>
      <p class="hint">
        The wizard opens with the answers of the last launch. Presets keep others under a name.
      </p>
      <div class="card-actions">
        <Button
          label={count > 0 ? `Manage presets (${count})` : 'Manage presets'}
          onPress={() => manage(app, (_, options) => app.fillLaunch(options))}
        />
        <ActionButton label="Import from clearml-session" run={() => importFromCli(app)} />
        <ActionButton label="Forget the last answers" run={reset} />
      </div>
    </>
  );
}
