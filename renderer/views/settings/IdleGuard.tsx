import type { Preferences } from '../../../preload/contract/preferences.ts';
import { Switch } from '../../parts/Field.tsx';
import { SelectField } from './SelectField.tsx';
import { usePreferences } from './use-preferences.ts';

type Guard = Preferences['idleGuard'];

const HOURS: readonly (readonly [string, string])[] = [
  ['0.5', 'Half an hour'],
  ['1', 'An hour'],
  ['2', '2 hours'],
  ['4', '4 hours'],
  ['8', '8 hours'],
  ['24', 'A day'],
];
const MINUTES: readonly (readonly [string, string])[] = [
  ['10', '10 minutes'],
  ['30', 'Half an hour'],
  ['60', 'An hour'],
  ['240', '4 hours'],
];

/** A guard against machines that nobody remembers. */
export function IdleGuard() {
  const [{ idleGuard }, set] = usePreferences();
  const { hours, shutDownAfterMinutes } = idleGuard;
  const change = (different: Partial<Guard>): void => set({ idleGuard: { ...idleGuard, ...different } });
  return (
    <>
      <Switch
        label="Notice idle sessions"
        hint="One of your own that runs although nothing is connected to it and its GPUs do nothing. An open notebook or editor counts as use."
        on={hours !== null}
        onChange={(on) => change({ hours: on ? 2 : null })}
      />
      {hours !== null && (
        <>
          <SelectField
            label="After"
            hint="Without a connection, and without work of its machine."
            choices={withValue(HOURS, hours, 'hours')}
            value={String(hours)}
            onChange={(value) => change({ hours: Number(value) })}
          />
          <Switch
            label="Shut them down"
            hint="With a last time to object. Only those that this app is connected to, and after their workspace was saved, where they have one."
            on={shutDownAfterMinutes !== null}
            onChange={(on) => change({ shutDownAfterMinutes: on ? 30 : null })}
          />
        </>
      )}
      {hours !== null && shutDownAfterMinutes !== null && (
        <SelectField
          label="After a further"
          hint="In which the list, the tray and the notification offer to keep it."
          choices={withValue(MINUTES, shutDownAfterMinutes, 'minutes')}
          value={String(shutDownAfterMinutes)}
          onChange={(value) => change({ shutDownAfterMinutes: Number(value) })}
        />
      )}
    </>
  );
}

/** A settings file may hold any number. */
const withValue = (choices: readonly (readonly [string, string])[], value: number, unit: string) =>
  choices.some(([each]) => each === String(value))
    ? choices
    : [...choices, [String(value), `${value} ${unit}`] as const];
