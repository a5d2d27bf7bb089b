import { count } from '../../../preload/contract/texts/index.ts';
import { useApp } from '../../app.ts';
import { dateTime } from '../../format.ts';
import { Switch } from '../../parts/Field.tsx';
import { NumberField } from './NumberField.tsx';
import { usePreferences } from './use-preferences.ts';

/** Old sessions that nobody removes by hand. */
export function FinishedSessions() {
  const { store } = useApp();
  const [{ cleanup }, set] = usePreferences();
  const cleaned = store.cleaned.value;
  return (
    <>
      <Switch
        label="Remove old sessions automatically"
        hint="Once a day: your own without a saved workspace, with their logs and files. You are told how many."
        on={cleanup.auto}
        onChange={(auto) => set({ cleanup: { ...cleanup, auto } })}
      />
      <NumberField
        label="Days after their end"
        hint="Only sessions that are over for longer are removed."
        min={1}
        max={3650}
        value={cleanup.days}
        onChange={(days) => set({ cleanup: { ...cleanup, days } })}
      />
      {cleaned && (
        <p class="hint">
          {dateTime(cleaned.at)}: {count(cleaned.removed, 'session')} removed
          {cleaned.failed > 0 && `, ${cleaned.failed} could not be`}.
        </p>
      )}
    </>
  );
}
