import type { Preferences } from '../../../preload/contract/preferences.ts';
import { settingsTexts } from '../../../preload/contract/texts/index.ts';
import { Switch } from '../../parts/Field.tsx';
import { SelectField } from './SelectField.tsx';
import { usePreferences } from './use-preferences.ts';

type Guard = Preferences['idleGuard'];

const t = settingsTexts.idle;
const HOURS = [0.5, 1, 2, 4, 8, 24];
const MINUTES = [10, 30, 60, 240];

/** A guard against machines that nobody remembers. */
export function IdleGuard() {
  const [{ idleGuard }, set] = usePreferences();
  const { hours, shutDownAfterMinutes } = idleGuard;
  const change = (different: Partial<Guard>): void => set({ idleGuard: { ...idleGuard, ...different } });
  return (
    <>
      <Switch {...t.notice} on={hours !== null} onChange={(on) => change({ hours: on ? 2 : null })} />
      {hours !== null && (
        <>
          <SelectField
            {...t.after}
            choices={choicesOf(HOURS, hours, t.hours)}
            value={String(hours)}
            onChange={(value) => change({ hours: Number(value) })}
          />
          <Switch
            {...t.shutDown}
            on={shutDownAfterMinutes !== null}
            onChange={(on) => change({ shutDownAfterMinutes: on ? 30 : null })}
          />
        </>
      )}
      {hours !== null && shutDownAfterMinutes !== null && (
        <SelectField
          {...t.further}
          choices={choicesOf(MINUTES, shutDownAfterMinutes, t.minutes)}
          value={String(shutDownAfterMinutes)}
          onChange={(value) => change({ shutDownAfterMinutes: Number(value) })}
        />
      )}
    </>
  );
}

/** A settings file may hold any number. */
const choicesOf = (offered: readonly number[], value: number, words: (value: number) => string) =>
  (offered.includes(value) ? offered : [...offered, value]).map(
    (each) => [String(each), words(each)] as const,
  );
