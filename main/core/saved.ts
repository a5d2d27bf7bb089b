import { existsSync, readFileSync, renameSync } from 'node:fs';
import type { Log, Saved, Settings } from './ports.ts';

/** What a first run starts from. */
export const SAVED_DEFAULTS: Saved = {
  preferences: { theme: 'system', terminal: '', notifications: true },
  lastLaunch: null,
  ports: {},
  wanted: [],
  attached: [],
  hostKeys: {},
  launches: [],
  discard: [],
  window: null,
};

/** Moves an unreadable settings file aside, so that the app starts and nothing of it is lost. */
export function setAsideIfBroken(file: string, log: Log): void {
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
export function cachedSettings(store: {
  readonly store: Saved;
  set<K extends keyof Saved>(key: K, value: Saved[K]): void;
}): Settings {
  const values: { -readonly [K in keyof Saved]: Saved[K] } = { ...SAVED_DEFAULTS, ...store.store };
  return {
    get: (key) => values[key],
    set(key, value) {
      store.set(key, value);
      values[key] = value;
    },
  };
}
