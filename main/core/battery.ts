import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where the kernel of Linux tells of batteries and chargers; Electron does not there. */
const SUPPLIES = '/sys/class/power_supply';

/** Files of one folder of /sys/class/power_supply, by their names. */
export interface Supply {
  readonly type?: string;
  /** `Device` for the battery of a mouse. */
  readonly scope?: string;
  readonly status?: string;
  readonly online?: string;
}

/** Whether a battery of the computer itself is being emptied, with no charger at work. */
export function isEmptying(supplies: readonly Supply[]): boolean {
  const own = supplies.filter(({ scope }) => scope !== 'Device');
  const batteries = own.filter(({ type }) => type === 'Battery');
  const chargers = own.filter(({ type }) => type !== 'Battery');
  return (
    batteries.some(({ status }) => status === 'Discharging') &&
    // "2": online as one of several voltages.
    !chargers.some(({ online }) => online === '1' || online === '2')
  );
}

/** No where the system does not say. */
export function onBattery(folder = SUPPLIES): boolean {
  const read = (supply: string, file: string): string | undefined => {
    try {
      return readFileSync(join(folder, supply, file), 'utf8').trim();
    } catch {
      // Not every supply has every file, and one may be pulled out in between.
      return undefined;
    }
  };
  try {
    return isEmptying(
      readdirSync(folder).map((supply) =>
        Object.fromEntries(
          ['type', 'scope', 'status', 'online'].flatMap((file) => {
            const text = read(supply, file);
            return text === undefined ? [] : [[file, text]];
          }),
        ),
      ),
    );
  } catch {
    return false;
  }
}
