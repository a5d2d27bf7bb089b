import { join } from 'node:path';
import ElectronStore from 'electron-store';
import type { Log, Saved, Settings } from '../core/ports.ts';
import { openSettings } from '../core/saved.ts';

/** Settings in `settings.json` of the data folder. */
export function storedSettings(dataDir: string, log: Log): Settings {
  return openSettings(
    join(dataDir, 'settings.json'),
    () => new ElectronStore<Saved>({ cwd: dataDir, name: 'settings', configFileMode: 0o600 }),
    log,
  );
}
