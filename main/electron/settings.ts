import { join } from 'node:path';
import ElectronStore from 'electron-store';
import type { Log, Saved, Settings } from '../core/ports.ts';
import { cachedSettings, SAVED_DEFAULTS, setAsideIfBroken } from '../core/saved.ts';

/** Settings in `settings.json` of the data folder. */
export function storedSettings(dataDir: string, log: Log): Settings {
  setAsideIfBroken(join(dataDir, 'settings.json'), log);
  return cachedSettings(
    new ElectronStore<Saved>({
      cwd: dataDir,
      name: 'settings',
      defaults: SAVED_DEFAULTS,
      configFileMode: 0o600,
    }),
  );
}
