import { existsSync, readFileSync, renameSync } from 'node:fs';
import * as z from 'zod/mini';
import { SomeOptions } from '../../preload/contract/options.ts';
import { DEFAULT_PREFERENCES } from '../../preload/contract/preferences.ts';
import type { Log, Remembered, Saved, Settings } from './ports.ts';
import { readSavedPreferences } from './preferences.ts';
import { readSavedPresets } from './presets.ts';

/** What a first run starts from. */
export const SAVED_DEFAULTS: Saved = {
  preferences: DEFAULT_PREFERENCES,
  lastLaunch: {},
  presets: [],
  servers: {},
  quietUntil: null,
  window: null,
};

/** What is remembered of a server that was never spoken to. */
export const NOTHING_REMEMBERED: Remembered = {
  ports: {},
  wanted: [],
  attached: [],
  hostKeys: {},
  launches: [],
  discard: [],
  logins: {},
  aliases: {},
  waits: [],
  cleanedAt: 0,
};

const Port = z.optional(z.int().check(z.gte(1), z.lte(65_535)));
const Texts = z.array(z.string());

/** What each value must look like: a person may have edited the file, or another version written it. */
const SHAPES: Readonly<Record<keyof Saved, z.ZodMiniType>> = {
  // Read one by one: see readSavedPreferences.
  preferences: z.record(z.string(), z.unknown()),
  lastLaunch: SomeOptions,
  // Read one by one: see readSavedPresets.
  presets: z.array(z.unknown()),
  servers: z.record(
    z.string(),
    z.object({
      ports: z.record(z.string(), z.object({ ssh: Port, jupyter: Port, vscode: Port })),
      wanted: Texts,
      attached: Texts,
      hostKeys: z.record(
        z.string(),
        z.object({
          fingerprint: z.string(),
          line: z.string(),
          source: z.enum(['generated', 'task', 'vault', 'first-use', 'confirmed']),
        }),
      ),
      launches: Texts,
      discard: Texts,
      // Those that an earlier version did not write.
      aliases: z.optional(z.record(z.string(), z.string())),
      logins: z.optional(
        z.record(
          z.string(),
          z.object({
            username: z.optional(z.string()),
            userFolder: z.optional(z.string()),
            anyHostKey: z.optional(z.literal(true)),
            hasPassword: z.optional(z.literal(true)),
          }),
        ),
      ),
      cleanedAt: z.optional(z.number()),
      waits: z.optional(
        z.array(z.object({ id: z.string(), queue: z.string(), at: z.number(), ms: z.number() })),
      ),
    }),
  ),
  quietUntil: z.nullable(z.number()),
  window: z.nullable(z.object({ width: z.number(), height: z.number() })),
};

/** A store over a file, as conf and electron-store are. Both of its members may throw. */
export interface FileStore {
  readonly store: Partial<Saved>;
  set<K extends keyof Saved>(key: K, value: Saved[K]): void;
}

/**
 * Settings in `file`. The app starts whatever is wrong with it: one that cannot be read is moved aside, a value of a
 * wrong shape is the default's, and what cannot be written is kept until the app ends.
 */
export function openSettings(file: string, open: () => FileStore, log: Log): Settings {
  try {
    setAsideIfBroken(file, log);
    return cachedSettings(open(), log);
  } catch (error) {
    log.write('warn', 'The settings cannot be read; they are the defaults until the app ends', { error });
    return cachedSettings({ store: {}, set: () => {} }, log);
  }
}

function setAsideIfBroken(file: string, log: Log): void {
  if (!existsSync(file)) return;
  try {
    const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return;
  } catch {
    // Falls through to the move: whatever is wrong with it, it cannot be used.
  }
  const aside = `${file}.broken-${Date.now()}`;
  renameSync(file, aside);
  log.write('warn', 'The settings file could not be read and was moved aside', { aside });
}

/** Settings over a store that would read its file again at every look; this process is the only writer. */
export function cachedSettings(store: FileStore, log: Log): Settings {
  const values: { -readonly [K in keyof Saved]: Saved[K] } = {
    ...SAVED_DEFAULTS,
    ...sound(store.store, log),
  };
  return {
    get: (key) => values[key],
    set(key, value) {
      values[key] = value;
      try {
        store.set(key, value);
      } catch (error) {
        log.write('warn', 'A setting cannot be written; it holds until the app ends', {
          setting: key,
          error,
        });
      }
    },
  };
}

function sound(stored: Partial<Saved>, log: Log): Partial<Saved> {
  const names = Object.keys(SHAPES) as (keyof Saved)[];
  const known = names.filter((name) => stored[name] !== undefined);
  const good = known.filter((name) => SHAPES[name].safeParse(stored[name]).success);
  for (const name of known) {
    if (!good.includes(name)) log.write('warn', 'A setting is not what it should be', { setting: name });
  }
  return {
    ...Object.fromEntries(good.map((name) => [name, stored[name]])),
    preferences: readSavedPreferences(stored.preferences, log),
    presets: readSavedPresets(stored.presets ?? [], log),
  };
}
