import { describe, expect, it } from 'vitest';
import { memoryOf } from '../../../../main/core/session/memory.ts';
import { memorySettings } from '../../../doubles/host.ts';
import { ID } from '../../../doubles/state.ts';

describe('what is remembered of sessions', () => {
  const ours = { api: 'https://api.example.com', source: 'file' };
  const theirs = { api: 'http://127.0.0.1:8008', source: 'pasted' };

  it('is kept apart by server', () => {
    const settings = memorySettings();
    const [here, there] = [memoryOf(settings, ours), memoryOf(settings, theirs)];
    here.update('wanted', (ids) => [...ids, ID(1)]);
    there.update('wanted', (ids) => [...ids, ID(2)]);
    expect(memoryOf(settings, ours).value.wanted).toEqual([ID(1)]);
    expect(memoryOf(settings, theirs).value.wanted).toEqual([ID(2)]);
  });

  it('is the same whoever of one server changes it', () => {
    const settings = memorySettings();
    const [early, late] = [memoryOf(settings, ours), memoryOf(settings, ours)];
    early.update('wanted', () => [ID(1)]);
    late.update('launches', () => ['x']);
    early.update('launches', () => []);
    expect(late.value).toMatchObject({ wanted: [ID(1)], launches: [] });
  });

  it('is written only when it changes', () => {
    const settings = memorySettings();
    const before = settings.get('servers');
    memoryOf(settings, ours).update('wanted', (ids) => ids);
    expect(settings.get('servers')).toBe(before);
  });

  it('does not outlive the built-in demo', () => {
    const settings = memorySettings();
    const memory = memoryOf(settings, { api: 'http://127.0.0.1:1', source: 'demo' });
    memory.update('wanted', () => [ID(1)]);
    expect(memory.value.wanted).toEqual([ID(1)]);
    expect(settings.get('servers')).toEqual({});
  });
});
