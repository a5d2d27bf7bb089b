import { DEFAULTS } from './options.ts';
import { DEFAULT_PREFERENCES } from './preferences.ts';
import type { AppState } from './state.ts';

/** Before anything is known. */
export const BLANK_STATE: AppState = {
  app: { version: '', host: 'browser', terminals: [], editors: [] },
  server: { at: 'starting' },
  loaded: false,
  sessions: [],
  leftovers: [],
  preferences: DEFAULT_PREFERENCES,
  launchDefaults: DEFAULTS,
  presets: [],
  cleaned: null,
  asleep: false,
  creating: null,
  transfers: [],
  update: { at: 'off', why: 'checkout' },
  ssh: { included: false, aliases: {} },
  paused: [],
  idle: {},
  quietUntil: null,
};
