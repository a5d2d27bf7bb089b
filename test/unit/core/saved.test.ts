import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confSettings } from '../../../main/browser/settings.ts';
import type { Saved } from '../../../main/core/ports.ts';
import {
  cachedSettings,
  NOTHING_REMEMBERED,
  openSettings,
  SAVED_DEFAULTS,
} from '../../../main/core/saved.ts';
import { memoryOf } from '../../../main/core/session/memory.ts';
import { DEFAULT_PREFERENCES } from '../../../preload/contract/preferences.ts';
import { silentLog } from '../../doubles/log.ts';
import { ID } from '../../doubles/state.ts';

const API = 'http://127.0.0.1:8008';

describe('the settings', () => {
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'settings-'));
    file = join(folder, 'settings.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const open = () => confSettings(folder, silentLog);

  it('are those of the last run', () => {
    const servers = { [API]: { ...NOTHING_REMEMBERED, wanted: [ID(1)], ports: { [ID(1)]: { ssh: 8022 } } } };
    open().set('servers', servers);
    expect(open().get('servers')).toEqual(servers);
  });

  it('are not written before something was set', () => {
    expect(open().get('preferences')).toEqual(SAVED_DEFAULTS.preferences);
    expect(readdirSync(folder)).toEqual([]);
  });

  it.each([
    ['no JSON', 'api {'],
    ['nothing', ''],
    ['a list', '[]'],
    ['a word', 'null'],
  ])('start anew beside a file that holds %s, which is kept', (_, text) => {
    writeFileSync(file, text);
    const settings = open();
    expect(settings.get('servers')).toEqual({});
    settings.set('lastLaunch', {});
    expect(readdirSync(folder).sort()).toEqual([
      'settings.json',
      expect.stringMatching(/^settings\.json\.broken-/),
    ]);
  });

  it('start anew beside a folder in their place', () => {
    mkdirSync(file);
    expect(open().get('window')).toBeNull();
  });

  it.each<[string, Partial<Record<keyof Saved, unknown>>]>([
    ['a text for a list', { servers: { [API]: { ...NOTHING_REMEMBERED, wanted: 'all' } } }],
    ['a port that is none', { servers: { [API]: { ...NOTHING_REMEMBERED, ports: { x: { ssh: 99_999 } } } } }],
    ['half of what is remembered', { servers: { [API]: { wanted: [] } } }],
    ['null', { servers: null }],
  ])('hold the default where a value is %s, and the rest as it is', (_, damage) => {
    const preferences = { theme: 'dark', terminal: '', notifications: false };
    writeFileSync(file, JSON.stringify({ ...damage, preferences }));
    const settings = open();
    expect(settings.get('servers')).toEqual({});
    expect(settings.get('preferences')).toEqual({ ...DEFAULT_PREFERENCES, ...preferences });
  });

  it('keep each preference that can be read, beside those that are broken or of another version', () => {
    const preferences = { theme: 'pink', terminal: 'kitty {ssh}', quiet: 'all', fromTheFuture: 1 };
    writeFileSync(file, JSON.stringify({ preferences }));
    expect(open().get('preferences')).toEqual({ ...DEFAULT_PREFERENCES, terminal: 'kitty {ssh}' });
  });

  it('are the default preferences where the file holds something else in their place', () => {
    writeFileSync(file, JSON.stringify({ preferences: ['dark'] }));
    expect(open().get('preferences')).toEqual(DEFAULT_PREFERENCES);
  });

  it('of an earlier version are kept, which remembered less of a server', () => {
    const { logins: _, waits: __, cleanedAt: ___, aliases: ____, ...earlier } = NOTHING_REMEMBERED;
    const remembered = { ...earlier, wanted: ['a'] };
    writeFileSync(file, JSON.stringify({ servers: { [API]: remembered } }));
    const settings = open();
    expect(settings.get('servers')[API]).toEqual(remembered);
    const memory = memoryOf(settings, { api: API, source: 'file' });
    expect(memory.value).toEqual({ ...NOTHING_REMEMBERED, wanted: ['a'] });
  });

  it('hold what cannot be written until the app ends', () => {
    const full = () => {
      throw new Error('ENOSPC');
    };
    const settings = cachedSettings({ store: {}, set: full }, silentLog);
    settings.set('window', { width: 1, height: 2 });
    expect(settings.get('window')).toEqual({ width: 1, height: 2 });
  });

  it('are the defaults where there is not even a folder to read from', () => {
    const broken = () => {
      throw new Error('EIO');
    };
    expect(openSettings(file, broken, silentLog).get('lastLaunch')).toEqual({});
  });
});
