import { join } from 'node:path';
import Conf from 'conf';
import type { Log, Saved, Settings } from '../core/ports.ts';
import { cachedSettings, SAVED_DEFAULTS, setAsideIfBroken } from '../core/saved.ts';

/** Settings in `settings.json` of the data folder, through the base class of electron-store. */
export function confSettings(dataDir: string, log: Log): Settings {
  setAsideIfBroken(join(dataDir, 'settings.json'), log);
  return cachedSettings(
    new Conf<Saved>({
      cwd: dataDir,
      configName: 'settings',
      projectName: 'clearml-session-tray',
      defaults: SAVED_DEFAULTS,
      configFileMode: 0o600,
    }),
  );
}
