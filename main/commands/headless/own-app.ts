import { homedir } from 'node:os';
import { confSettings } from '../../browser/settings.ts';
import { type App, createApp } from '../../core/app.ts';
import { systemClock } from '../../core/clock.ts';
import { MemorySecrets } from '../../core/memory-secrets.ts';
import type { Settings } from '../../core/ports.ts';
import type { StateSource } from '../../core/when.ts';
import { takeFolder } from './folder.ts';
import { HeadlessHost, noPrograms } from './host.ts';

declare const __VERSION__: string;

/** Connections that do not close by themselves. */
const STOP_MS = 5000;

/** The app without a window, in this process and a data folder of its own. It is not started yet. */
export interface OwnApp {
  readonly app: App;
  readonly settings: Settings;
  readonly source: StateSource;
  stop(): Promise<void>;
}

export interface OwnAppStart {
  readonly appFolder: string;
  readonly demo: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly home?: string;
}

export async function ownApp(start: OwnAppStart): Promise<OwnApp> {
  const { appFolder, demo, env = process.env, home = homedir() } = start;
  const { folder, log, instance } = await takeFolder(appFolder);
  const settings = confSettings(folder, log);
  forgetWanted(settings);
  const app = createApp({
    host: new HeadlessHost(),
    secrets: new MemorySecrets('the memory of this process'),
    settings,
    clock: systemClock,
    shell: noPrograms,
    log,
    env,
    home,
    userDataDir: folder,
    version: __VERSION__,
    demo,
  });
  instance.serve({ show() {} });
  return {
    app,
    settings,
    source: {
      get state() {
        return app.state;
      },
      listen: (changed) => app.onEvent(changed),
    },
    async stop() {
      instance.leave();
      await within(STOP_MS, app.stop());
      instance.release();
    },
  };
}

/** A run is about one session: those of earlier runs in this folder are not connected again. */
function forgetWanted(settings: Settings): void {
  const servers = Object.entries(settings.get('servers'));
  settings.set(
    'servers',
    Object.fromEntries(
      servers.map(([api, remembered]) => [api, { ...remembered, wanted: [], attached: [] }]),
    ),
  );
}

/** Undefined where it takes longer. */
async function within<T>(ms: number, promise: Promise<T>): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(resolve, ms, undefined);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
