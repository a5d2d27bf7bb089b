import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { Switch } from '../../parts/Field.tsx';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.start;

/** Only where the system can be told, or where there is a tray to start in. */
export function Start() {
  const { store, client, attempt, views } = useApp();
  const [{ startHidden, openLinks }, set] = usePreferences();
  const { startAtLogin, choosesLinks } = store.app.value;
  return (
    <>
      {startAtLogin !== undefined && (
        <Switch
          {...t.login}
          on={startAtLogin}
          onChange={(on) => void attempt(() => client.call('startAtLogin.set', { on }))}
        />
      )}
      {views === 'windows' && (
        <Switch {...t.hidden} on={startHidden} onChange={(on) => set({ startHidden: on })} />
      )}
      {choosesLinks && <Switch {...t.links} on={openLinks} onChange={(on) => set({ openLinks: on })} />}
    </>
  );
}
