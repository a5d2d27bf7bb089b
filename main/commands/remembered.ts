import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { rememberedOf, type SomeOptions } from '../../preload/contract/options.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { confSettings } from '../browser/settings.ts';
import type { Log } from '../core/ports.ts';
import { cachedSettings } from '../core/saved.ts';
import { askApp } from './ask-app.ts';
import { isHeadlessFolder } from './headless/folder.ts';
import { readObject, readStateFile, writeStateFile } from './state-file.ts';

/** What is remembered from one launch to the next, and of the sessions of each server. */
export interface Choices {
  readonly last: SomeOptions;
  /** The sessions of a server that were connected, the latest first. */
  readonly lastUsed: (api: string) => readonly SessionId[];
  /** Makes the choices of a launch the next defaults. Never rejects: the session is there already. */
  remember(options: SomeOptions, id: SessionId): Promise<void>;
}

/** Those of the app, in its data folder. They are only read, unless no app has the folder; else the app is told. */
export function appChoices(appFolder: string, log: Log): Choices {
  // Now, before this run begins to write them.
  const folders = settingsIn(appFolder, log);
  return {
    last: folders.find(({ folder }) => folder === appFolder)?.saved.get('lastLaunch') ?? {},
    lastUsed: (api) => folders.flatMap(({ saved }) => saved.get('servers')[api]?.wanted.toReversed() ?? []),
    async remember(options) {
      const handOver = { do: 'remember', options: rememberedOf(options) } as const;
      try {
        await askApp(appFolder, handOver, {
          log,
          alone: () => confSettings(appFolder, log).set('lastLaunch', handOver.options),
        });
      } catch (error) {
        log.write('warn', 'The choices of a launch are not remembered', { error });
      }
    },
  };
}

/** The settings of the app and of headless runs, those that were written last first. */
function settingsIn(appFolder: string, log: Log) {
  const inside = existsSync(appFolder) ? readdirSync(appFolder) : [];
  const headless = inside.filter((name) => isHeadlessFolder(name)).map((name) => join(appFolder, name));
  return [appFolder, ...headless]
    .flatMap((folder) => {
      const file = join(folder, 'settings.json');
      const writtenAt = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
      if (writtenAt === undefined) return [];
      const store = readObject(file) ?? {};
      return [{ folder, writtenAt, saved: cachedSettings({ store, set() {} }, log) }];
    })
    .sort((a, b) => b.writtenAt - a.writtenAt);
}

/** Those in a state file of clearml-session. Throws AppError `invalid` where it is none. */
export function fileChoices(file: string, { lastUsed }: Choices, log: Log): Choices {
  return {
    last: readStateFile(file),
    lastUsed,
    async remember(options, id) {
      try {
        writeStateFile(file, rememberedOf(options), id);
      } catch (error) {
        log.write('warn', 'The choices of a launch are not remembered', { file, error });
      }
    },
  };
}
