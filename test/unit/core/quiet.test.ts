import { beforeEach, describe, expect, it } from 'vitest';
import { Quiet, quietUntil } from '../../../main/core/quiet.ts';
import { Store } from '../../../main/core/store.ts';
import { HandClock } from '../../doubles/clock.ts';
import { memorySettings } from '../../doubles/host.ts';
import { appState } from '../../doubles/state.ts';

const HOUR = 3_600_000;
const at = (day: number, hour: number, minute = 0): number => new Date(2026, 10, day, hour, minute).getTime();

describe('no notifications', () => {
  it.each([
    ['for an hour', 'hour', at(21, 14, 5), at(21, 15, 5)],
    ['until tomorrow, in the afternoon', 'tomorrow', at(21, 14, 5), at(22, 8)],
    ['until tomorrow, late at night', 'tomorrow', at(21, 1, 30), at(21, 8)],
    ['until tomorrow, early in the morning', 'tomorrow', at(21, 7), at(22, 8)],
    ['until tomorrow, on the last of the month', 'tomorrow', at(30, 20), new Date(2026, 11, 1, 8).getTime()],
  ] as const)('%s', (_, how, now, until) => {
    expect(quietUntil(how, now)).toBe(until);
  });
});

describe('a time of quiet', () => {
  let clock: HandClock;
  beforeEach(() => {
    clock = new HandClock();
  });
  const begun = (until: number | null = null) => {
    const store = new Store(appState({ quietUntil: until }));
    const settings = memorySettings({ quietUntil: until });
    const quiet = new Quiet({ store, settings, clock });
    quiet.start();
    return { store, settings, quiet };
  };

  it('ends by itself, and is remembered until then', () => {
    const { store, settings, quiet } = begun();
    quiet.begin('hour');
    expect(settings.get('quietUntil')).toBe(clock.now() + HOUR);
    clock.advance(HOUR - 1);
    expect(store.state.quietUntil).not.toBeNull();
    clock.advance(1);
    expect([store.state.quietUntil, settings.get('quietUntil')]).toEqual([null, null]);
    expect(clock.pending).toBe(0);
  });

  it('goes on after a restart, and is over where it ended meanwhile', () => {
    const { store } = begun(clock.now() + 30 * HOUR);
    clock.advance(29 * HOUR);
    expect(store.state.quietUntil).not.toBeNull();
    clock.advance(HOUR);
    expect(store.state.quietUntil).toBeNull();
    expect(begun(clock.now() - 1).store.state.quietUntil).toBeNull();
  });

  it('is over soon after a sleep that was longer', () => {
    const { store, quiet } = begun();
    quiet.begin('tomorrow');
    clock.sleep(48 * HOUR);
    expect(store.state.quietUntil).toBeNull();
  });

  it('ends when the person says so', () => {
    const { store, quiet } = begun();
    quiet.begin('tomorrow');
    quiet.end();
    expect(store.state.quietUntil).toBeNull();
    expect(clock.pending).toBe(0);
  });
});
