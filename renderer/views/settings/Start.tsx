import { useApp } from '../../app.ts';
import { Switch } from '../../parts/Field.tsx';
import { usePreferences } from './use-preferences.ts';

/** Only where the system can be told, or where there is a tray to start in. */
export function Start() {
  const { store, client, attempt, views } = useApp();
  const [{ startHidden, openLinks }, set] = usePreferences();
  const { startAtLogin, choosesLinks } = store.app.value;
  return (
    <>
      {startAtLogin !== undefined && (
        <Switch
          label="Start at login"
          hint="In the tray, without a window. Sessions that were connected are connected again."
          on={startAtLogin}
          onChange={(on) => void attempt(() => client.call('startAtLogin.set', { on }))}
        />
      )}
      {views === 'windows' && (
        <Switch
          label="Start hidden"
          hint="From the next start on: only the icon in the tray. Where the desktop shows no tray icons, the window opens all the same, a little later."
          on={startHidden}
          onChange={(on) => set({ startHidden: on })}
        />
      )}
      {choosesLinks && (
        <Switch
          label="Open links to sessions"
          hint="Links that begin with clearml-session-tray: are opened with this app, which asks before it does anything."
          on={openLinks}
          onChange={(on) => set({ openLinks: on })}
        />
      )}
    </>
  );
}
