import { describe, expect, it } from 'vitest';
import type { Log } from '../../../main/core/ports.ts';
import { writePresets } from '../../../main/core/preset-file.ts';
import { Presets, readSavedPresets, uniqueName } from '../../../main/core/presets.ts';
import { cachedSettings } from '../../../main/core/saved.ts';
import { Store } from '../../../main/core/store.ts';
import { DEFAULTS, OPTION_NAMES, rememberedOf } from '../../../preload/contract/options.ts';
import { PRESETS_AT_MOST, type Preset } from '../../../preload/contract/presets.ts';
import { memorySettings } from '../../doubles/host.ts';
import { silentLog } from '../../doubles/log.ts';
import { appState } from '../../doubles/state.ts';

const preset = (name: string, more: Partial<Preset> = {}): Preset => ({
  id: name.toLowerCase(),
  name,
  description: '',
  options: { docker: 'python:3.12' },
  ...more,
});

function presets(...list: readonly Preset[]) {
  const store = new Store(appState({ presets: list }));
  const settings = memorySettings({ presets: list });
  return {
    store,
    settings,
    all: new Presets({ store, settings }),
    names: () => store.state.presets.map(({ name }) => name),
  };
}

describe('presets', () => {
  it('are kept in the settings and shown in the state', () => {
    const { all, store, settings } = presets();
    const saved = all.save({ name: 'Training', description: 'Two GPUs', options: { queue: 'gpu' } });
    expect(store.state.presets).toEqual([saved]);
    expect(settings.get('presets')).toEqual([saved]);
    expect(saved).toMatchObject({ name: 'Training', description: 'Two GPUs', options: { queue: 'gpu' } });
  });

  it('hold nothing secret, nothing about one session, and no queue that was not chosen', () => {
    const { all } = presets();
    const { options } = all.save({
      name: 'All',
      description: '',
      options: { ...DEFAULTS, password: 'hunter2', uploadFiles: ['/etc/passwd'], gitCredentials: true },
    });
    const { queue: _, ...kept } = rememberedOf(DEFAULTS);
    expect(options).toEqual(kept);
    expect(JSON.stringify(options)).not.toContain('hunter2');
  });

  it('are changed in their place', () => {
    const { all, names } = presets(preset('A'), preset('B'), preset('C'));
    all.save({ id: 'b', name: 'B2', description: 'x', options: {} });
    expect(names()).toEqual(['A', 'B2', 'C']);
  });

  it('get a number where the name is taken, whatever the case', () => {
    const { all, names } = presets(preset('Training'), preset('Other'));
    all.save({ name: 'training', description: '', options: {} });
    all.save({ name: 'Training', description: '', options: {} });
    all.save({ id: 'other', name: 'TRAINING', description: '', options: {} });
    expect(names()).toEqual(['Training', 'TRAINING 4', 'training 2', 'Training 3']);
    expect(uniqueName('Run 2', [{ name: 'run 2' }])).toBe('Run 3');
    expect(uniqueName('x'.repeat(80), [{ name: 'X'.repeat(80) }])).toBe(`${'x'.repeat(78)} 2`);
  });

  it('come back in their place after a delete', () => {
    const { all, names, store } = presets(preset('A'), preset('B'), preset('C'));
    const before = store.state.presets;
    const { preset: deleted, at } = all.delete('b');
    expect(names()).toEqual(['A', 'C']);
    all.save(deleted, at);
    expect(store.state.presets).toEqual(before);
  });

  it.each([
    ['a', 0, 'ABC'],
    ['a', 1, 'BAC'],
    ['a', 2, 'BCA'],
    ['c', 0, 'CAB'],
    ['b', 99, 'ACB'],
  ])('move: %s to place %i makes %s', (id, to, order) => {
    const { all, names } = presets(preset('A'), preset('B'), preset('C'));
    all.move(id, to);
    expect(names().join('')).toBe(order);
  });

  it('are duplicated right behind, as presets of their own', () => {
    const { all, names, store } = presets(preset('A'), preset('B'));
    all.duplicate('a');
    expect(names()).toEqual(['A', 'A 2', 'B']);
    expect(store.state.presets[1]?.options).toEqual({ docker: 'python:3.12' });
    expect(new Set(store.state.presets.map(({ id }) => id)).size).toBe(3);
  });

  it('that are gone are said to be', () => {
    const { all } = presets();
    expect(() => all.delete('x')).toThrow('That preset is no longer there.');
    expect(() => all.move('x', 0)).toThrow('That preset is no longer there.');
    expect(() => all.duplicate('x')).toThrow('That preset is no longer there.');
  });

  it('are no more than a person can look through', () => {
    const { all } = presets(...Array.from({ length: PRESETS_AT_MOST }, (_, n) => preset(`P${n}`)));
    expect(() => all.duplicate('p0')).toThrow(`There are ${PRESETS_AT_MOST} presets already.`);
    expect(all.save({ ...preset('P0'), name: 'New' }).name).toBe('New');
    all.delete('p1');
    const text = writePresets([preset('X'), preset('Y')]);
    const { added, skipped } = all.load(text, 'x.json');
    expect(added.map(({ name }) => name)).toEqual(['X']);
    expect(skipped).toEqual([{ name: 'Y', why: `At most ${PRESETS_AT_MOST} presets.` }]);
  });

  it('that were exported are the same once imported', () => {
    const options = {
      ...rememberedOf(DEFAULTS),
      queue: 'gpu',
      packages: '# why\n\ntorch==2.5.1\n',
      sessionTags: ['a'],
    };
    const from = presets(preset('A', { options, description: 'Ümläut' }), preset('B'), preset('C'));
    const to = presets(preset('B'));
    const { added, skipped } = to.all.load(from.all.export(['b', 'a']), 'mine.json');
    expect(skipped).toEqual([]);
    expect(added.map(({ id: _, ...rest }) => rest)).toEqual([
      { name: 'A', description: 'Ümläut', options },
      { name: 'B 2', description: '', options: { docker: 'python:3.12' } },
    ]);
    expect(to.names()).toEqual(['B', 'A', 'B 2']);
  });
});

describe('presets in the settings file', () => {
  const lines: string[] = [];
  const log: Log = { ...silentLog, write: (_, message) => void lines.push(message) };

  it('that are broken are dropped one by one, and said to be', () => {
    lines.length = 0;
    const good = preset('Good');
    const kept = readSavedPresets(
      [
        good,
        null,
        'text',
        { ...good, id: '../x' },
        { ...good, id: 'n', name: '' },
        { ...good, id: 'o', options: [] },
        { ...good, name: 'The same id' },
        { ...good, id: 'd', description: 7 },
      ],
      log,
    );
    expect(kept).toEqual([good, { ...good, id: 'd' }]);
    expect(lines).toHaveLength(6);
  });

  it('lose only the option that is broken, unknown or secret', () => {
    const options = { docker: 'python:3.12', remoteSshPort: 'x', later: 1, password: 'x', jupyterLab: 'no' };
    expect(readSavedPresets([preset('A', { options: options as never })], silentLog)).toEqual([preset('A')]);
  });

  it('are none where there is no list', () => {
    const store = { store: { presets: 'all' as never }, set: () => {} };
    expect(cachedSettings(store, silentLog).get('presets')).toEqual([]);
    expect(cachedSettings({ ...store, store: {} }, silentLog).get('presets')).toEqual([]);
  });

  it('hold every option that is remembered', () => {
    const options = { ...rememberedOf(DEFAULTS), queue: 'gpu' };
    const [read] = readSavedPresets([preset('A', { options })], silentLog);
    expect(read?.options).toEqual(options);
    expect(OPTION_NAMES.length).toBeGreaterThan(Object.keys(options).length);
  });
});
