import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../../preload/contract/errors.ts';
import {
  keyOf,
  OPTION_NAMES,
  OPTIONS,
  type OptionName,
  rememberedOf,
  type SomeOptions,
} from '../../preload/contract/options.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { confSettings } from '../browser/settings.ts';
import { claimFolder } from '../core/instance.ts';
import type { Log } from '../core/ports.ts';
import { isRecord, readOptions } from '../core/preset-file.ts';
import { cachedSettings } from '../core/saved.ts';
import { isHeadlessFolder } from './headless/folder.ts';

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
      const handOver = { do: 'remember', options: rememberedOf(options) };
      try {
        mkdirSync(appFolder, { recursive: true, mode: 0o700 });
        const claim = await claimFolder(appFolder, { host: 'headless', show: false, handOver, log });
        if ('running' in claim) return;
        // An app that is started in this moment asks again.
        claim.ours.leave();
        claim.ours.serve({ show() {} });
        confSettings(appFolder, log).set('lastLaunch', handOver.options);
        claim.ours.release();
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

const OPTION_OF = new Map<string, OptionName>(OPTION_NAMES.map((name) => [keyOf(name), name]));

/**
 * Those in a state file of clearml-session, in its own words; what else stands in it stays. Throws AppError `invalid`
 * where it is none.
 */
export function fileChoices(file: string, { lastUsed }: Choices, log: Log): Choices {
  const before = existsSync(file) ? parseFile(file) : {};
  return {
    last: readOptions(before, (key) => OPTION_OF.get(key)).options,
    lastUsed,
    async remember(options, id) {
      const now = Object.entries(rememberedOf(options)).map(([name, value]) => [
        keyOf(name as OptionName),
        written(name as OptionName, value),
      ]);
      try {
        const aside = `${file}.${process.pid}`;
        const text = JSON.stringify({ ...before, ...Object.fromEntries(now), task_id: id }, null, 2);
        writeFileSync(aside, `${text}\n`, { mode: 0o600 });
        renameSync(aside, file);
      } catch (error) {
        log.write('warn', 'The choices of a launch are not remembered', { file, error });
      }
    },
  };
}

const written = (name: OptionName, value: unknown): unknown =>
  OPTIONS[name].kind === 'lines' && typeof value === 'string' ? value.split('\n').filter(Boolean) : value;

function parseFile(file: string): Readonly<Record<string, unknown>> {
  const value = readObject(file);
  if (value) return value;
  throw new AppError('invalid', `--config-file: ${file} is no state file of clearml-session.`, {
    field: 'configFile',
  });
}

/** Undefined where there is anything else than an object in it. */
function readObject(file: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isRecord(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
