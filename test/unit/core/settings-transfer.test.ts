import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PreferenceKeeper } from '../../../main/core/preferences.ts';
import { Presets } from '../../../main/core/presets.ts';
import { SettingsTransfer } from '../../../main/core/settings-transfer.ts';
import { Store } from '../../../main/core/store.ts';
import { keyOf, OPTION_NAMES, SomeOptions } from '../../../preload/contract/options.ts';
import {
  DEFAULT_PREFERENCES,
  PREFERENCE_NAMES,
  SomePreferences,
} from '../../../preload/contract/preferences.ts';
import { PRESETS_AT_MOST } from '../../../preload/contract/presets.ts';
import { memorySettings, noShell } from '../../doubles/host.ts';
import { appState } from '../../doubles/state.ts';

/** A computer with its own settings. */
function computer() {
  const store = new Store(appState());
  const settings = memorySettings();
  const presets = new Presets({ store, settings });
  const preferences = new PreferenceKeeper({ store, settings, shell: noShell, log: { setLevel: () => {} } });
  const transfer = new SettingsTransfer({ store, settings, preferences, presets });
  const seen = () => ({
    preferences: settings.get('preferences'),
    lastLaunch: settings.get('lastLaunch'),
    presets: settings.get('presets').map(({ name, options }) => ({ name, options })),
  });
  return { store, settings, presets, preferences, transfer, seen };
}

/** One whose settings are nobody's defaults. */
function furnished() {
  const made = computer();
  made.preferences.set({ theme: 'dark', quiet: ['lost'], cleanup: { auto: true, days: 7 }, editor: 'zed' });
  made.settings.set('lastLaunch', { docker: 'mine:1', packages: 'torch\nlightning', forceDropbear: true });
  made.presets.save({ name: 'Training', description: 'One A100', options: { queue: 'gpu' } });
  return made;
}

const file = (value: unknown): string => JSON.stringify(value);

describe('settings', () => {
  it('are the same on the computer that they were taken to', () => {
    const from = furnished();
    const to = computer();
    to.transfer.load(from.transfer.export(), 'mine.json');
    expect(to.seen()).toEqual(from.seen());
    expect(to.store.state.launchDefaults.docker).toBe('mine:1');
    expect(to.transfer.preview(from.transfer.export(), 'mine.json')).toEqual({
      preferences: {},
      launch: {},
      presets: [],
      skipped: [],
    });
  });

  it('are shown by what differs, and nothing changes by looking', () => {
    const { transfer, seen } = furnished();
    const before = seen();
    const text = file({
      settings: { theme: 'dark', logLevel: 'off', colour: 'red', quiet: 'all' },
      launch: { docker: 'other:2', password: 'hunter2', force_dropbear: true },
      presets: [
        { name: 'Training', description: 'One A100', queue: 'gpu' },
        { name: 'Other', docker: 'x:1' },
      ],
    });
    const changes = transfer.preview(text, 'theirs.json');
    expect(changes).toMatchObject({
      preferences: { logLevel: 'off' },
      launch: { docker: 'other:2' },
      presets: [{ name: 'Other' }],
    });
    expect(changes.skipped.map(({ name }) => name)).toEqual(['colour', 'Notifications left out', 'password']);
    expect(JSON.stringify(changes)).not.toContain('hunter2');
    expect(seen()).toEqual(before);
  });

  it.each([
    ['no JSON', '{"settings":'],
    ['a list', '[]'],
    ['something else', file({ name: 'x' })],
    ['settings that are none', file({ settings: 'dark', launch: 1, presets: {} })],
  ])('are refused whole where the file holds %s', (_, text) => {
    const { transfer, seen } = furnished();
    const before = seen();
    expect(() => transfer.load(text, 'odd.json')).toThrow(/odd\.json/);
    expect(seen()).toEqual(before);
    expect(() => transfer.undo()).toThrow('no import');
  });

  it('are as before once the import is taken back, but for what was done since', () => {
    const { transfer, preferences, presets, settings, seen } = furnished();
    const before = seen();
    transfer.load(
      file({
        settings: { theme: 'light', startHidden: true },
        launch: { docker: 'other:2', session_name: 'theirs' },
        presets: [{ name: 'Training', docker: 'x:1' }],
      }),
      'theirs.json',
    );
    expect(seen().presets.map(({ name }) => name)).toEqual(['Training', 'Training 2']);
    preferences.set({ notifications: false });
    presets.save({ name: 'Since', description: '', options: { queue: 'cpu' } });
    transfer.undo();
    expect(seen()).toEqual({
      preferences: { ...before.preferences, notifications: false },
      lastLaunch: before.lastLaunch,
      presets: [...before.presets, { name: 'Since', options: { queue: 'cpu' } }],
    });
    expect(settings.get('preferences').startHidden).toBe(false);
    expect(() => transfer.undo()).toThrow('no import');
  });

  it('bring along no more presets than there is room for, and name the others', () => {
    const { transfer, presets, seen } = computer();
    for (let n = 2; n <= PRESETS_AT_MOST; n++) {
      presets.save({ name: `P${n}`, description: '', options: { queue: 'q' } });
    }
    const two = ['A', 'B'].map((name) => ({ name, docker: 'x:1' }));
    const changes = transfer.preview(file({ presets: two }), 'two.json');
    expect(changes.presets.map(({ name }) => name)).toEqual(['A']);
    expect(changes.skipped.map(({ name }) => name)).toEqual(['B']);
    transfer.load(file({ presets: two }), 'two.json');
    expect(seen().presets).toHaveLength(PRESETS_AT_MOST);
  });

  it('are never broken by a file, whatever is in it', () => {
    const { transfer, seen, settings } = furnished();
    const before = seen();
    const name = fc.constantFrom(...PREFERENCE_NAMES);
    const values = fc.dictionary(name, fc.anything({ withNullPrototype: false }));
    const options = fc.dictionary(fc.constantFrom(...OPTION_NAMES.map(keyOf)), fc.jsonValue());
    const portable = fc.record(
      {
        settings: fc.oneof(values, fc.jsonValue()),
        launch: fc.oneof(options, fc.jsonValue()),
        presets: fc.oneof(fc.array(options), fc.jsonValue()),
      },
      { requiredKeys: [] },
    );
    // A property without promises throws at once.
    void fc.assert(
      fc.property(fc.oneof(portable, fc.jsonValue()), (value) => {
        try {
          transfer.load(JSON.stringify(value) ?? '', 'odd.json');
        } catch (error) {
          expect(error).toMatchObject({ code: 'invalid' });
          expect(seen()).toEqual(before);
          return;
        }
        expect(SomePreferences.safeParse(settings.get('preferences')).success).toBe(true);
        expect(SomeOptions.safeParse(settings.get('lastLaunch')).success).toBe(true);
        transfer.undo();
        expect(seen()).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it('hold no secret, and nothing of this computer’s sessions', () => {
    const { transfer, settings } = furnished();
    settings.set('servers', { 'https://api.example': {} as never });
    const written = JSON.parse(transfer.export());
    expect(Object.keys(written)).toEqual(['settings', 'launch', 'presets']);
    expect(Object.keys(written.settings)).toEqual(Object.keys(DEFAULT_PREFERENCES));
  });
});
