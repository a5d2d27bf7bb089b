import { join } from 'node:path';
import Conf from 'conf';
import type { Log, Saved, Settings } from '../core/ports.ts';
import { openSettings } from '../core/saved.ts';

/** Settings in `settings.json` of the data folder, through the base class of electron-store. */
export function confSettings(dataDir: string, log: Log): Settings {
  return openSettings(
    join(dataDir, 'settings.json'),
    () =>
      new Conf<Saved>({
        cwd: dataDir,
        configName: 'settings',
        projectName: 'clearml-session-tray',
        configFileMode: 0o600,
      }),
    log,
  );
}
