import { presetOptions } from '../../../preload/contract/presets.ts';
import type { SessionId } from '../../../preload/contract/state.ts';
import { useApp } from '../../app.ts';
import { ActionButton } from '../../parts/Button.tsx';
import { savePreset } from './open.tsx';

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
  return (
    <div class="action-group">
      <ActionButton label="Launch again" icon="reconnect" run={again} />
      <ActionButton label="Save as preset" icon="plus" run={save} />
    </div>
  );
}
