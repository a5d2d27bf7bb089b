import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { Switch } from '../../parts/Field.tsx';
import { NumberField } from './NumberField.tsx';
import { usePreferences } from './use-preferences.ts';

const t = settingsTexts.finished;

/** Old sessions that nobody removes by hand. */
export function FinishedSessions() {
  const { store } = useApp();
  const [{ cleanup }, set] = usePreferences();
  const cleaned = store.cleaned.value;
  return (
    <>
      <Switch {...t.auto} on={cleanup.auto} onChange={(auto) => set({ cleanup: { ...cleanup, auto } })} />
      <NumberField
        {...t.days}
        min={1}
        max={3650}
        value={cleanup.days}
        onChange={(days) => set({ cleanup: { ...cleanup, days } })}
      />
      {cleaned && <p class="hint">{t.removed(dateTime(cleaned.at), cleaned.removed, cleaned.failed)}</p>}
    </>
  );
}
