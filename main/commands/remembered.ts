import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULTS, type LaunchForm, type SomeOptions } from '../../preload/contract/options.ts';
import type { Log, Remembered, Saved } from '../core/ports.ts';
import { cachedSettings } from '../core/saved.ts';

/** The app's settings as they are on the disk. Only read: the app is their only writer. */
export function readSaved(appFolder: string, log: Log): Pick<Saved, 'lastLaunch' | 'servers'> {
  const settings = cachedSettings({ store: readObject(join(appFolder, 'settings.json')), set() {} }, log);
  return { lastLaunch: settings.get('lastLaunch'), servers: settings.get('servers') };
}

/** Empty where there is no such file, or anything else than an object in it. */
export function readObject(file: string): object {
  if (!existsSync(file)) return {};
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
}

/** The session that was connected last, of those that are remembered as wanted. */
export const lastWanted = (remembered: Remembered | undefined): string | undefined =>
  remembered?.wanted.at(-1);

/** What a launch starts with: what was asked for, over the last choices, over the defaults of the table. */
export function launchForm(lastLaunch: SomeOptions, asked: SomeOptions): LaunchForm {
  const before = { ...DEFAULTS, ...lastLaunch };
  const otherBase = asked.baseTaskId !== undefined && asked.baseTaskId !== before.baseTaskId;
  // They were chosen for the other one.
  const stale = otherBase ? { packages: DEFAULTS.packages, initScript: DEFAULTS.initScript } : {};
  return { ...before, ...stale, ...asked };
}
