import { presetOptions } from '../../../preload/contract/presets.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { savePreset, showCommand } from './open.tsx';

/** What a session was launched with, to be launched or kept. */
export function SessionPresets({ id }: { readonly id: SessionId }) {
  const app = useApp();
  const { client } = app;
  const again = async (): Promise<void> => {
    const { options } = await client.call('preset.fromSession', { id });
    app.fillLaunch(options);
  };
  const save = async (): Promise<void> => {
    const { name, options } = await client.call('preset.fromSession', { id });
    savePreset(app, { name, options: presetOptions(options) });
  };
  const command = async (): Promise<void> => {
    const { options } = await client.call('preset.fromSession', { id });
    showCommand(app, options);
  };
  return (
    <div class="action-group">
      <ActionButton label="Launch again" icon="reconnect" run={again} />
      <ActionButton label="Save as preset" icon="plus" run={save} />
      <ActionButton label="Copy as command" icon="terminal" run={command} />
    </div>
  );
}
