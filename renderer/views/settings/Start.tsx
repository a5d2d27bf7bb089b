import { useApp } from '../../app.ts';
import { Switch } from '../../parts/Field.tsx';

/** Only where the system can be told. */
export function Start() {
  const { store, client, attempt } = useApp();
  const { startAtLogin } = store.app.value;
  if (startAtLogin === undefined) return null;
  return (
    <Switch
      label="Start at login"
      hint="In the tray, without a window. Sessions that were connected are connected again."
      on={startAtLogin}
      onChange={(on) => void attempt(() => client.call('startAtLogin.set', { on }))}
    />
  );
}
