import type { Clock, Settings } from '../../main/core/ports.ts';
import { Launcher, type LauncherParts } from '../../main/core/session/launcher.ts';
import { generateHostKey } from '../../main/core/ssh/keys.ts';
import type { Store } from '../../main/core/store.ts';
import { memorySettings } from './host.ts';

/** A launcher that finds neither files to upload nor git credentials, unless a test says otherwise. */
export const makeLauncher = (
  store: Store,
  clock: Clock,
  different: Partial<LauncherParts> = {},
  settings: Settings = memorySettings(),
): Launcher =>
  new Launcher({
    store,
    settings,
    clock,
    generateHostKey,
    checkFiles: async () => undefined,
    readGitFiles: async () => ({}),
    ...different,
  });
