import { beforeEach, describe, expect, it } from 'vitest';
import { NAP_MS, Power } from '../../../main/core/power.ts';
import { Store } from '../../../main/core/store.ts';
import { HandClock } from '../../doubles/clock.ts';
import { silentLog } from '../../doubles/log.ts';
import { appState } from '../../doubles/state.ts';

describe('sleep, waking and another network', () => {
  let clock: HandClock;
  let store: Store;
  let told: string[];
  let power: Power;

  beforeEach(() => {
    clock = new HandClock();
    store = new Store(appState());
    told = [];
    const note = (what: string) => () => void told.push(what);
    power = new Power({
      store,
      clock,
      log: silentLog,
      sessions: { sleep: note('sleep'), wake: note('wake'), networkChanged: note('network') },
      poller: { pause: note('pause'), resume: note('poll') },
    });
  });
  const offline = () => {
    const server = {
      at: 'offline' as const,
      info: { api: '', web: '', files: '', source: 'file' as const },
      since: 0,
      problem: { code: 'unreachable' as const, message: 'No network.' },
    };
    store.update((s) => ({ ...s, server }));
  };

  it('stop the asking and begin it anew', () => {
    power.asleep();
    expect([told, store.state.asleep]).toEqual([['pause', 'sleep'], true]);
    power.awake();
    expect([told.slice(2), store.state.asleep]).toEqual([['wake', 'poll'], false]);
  });

  it('ask an unreachable server again once there may be a way to it', () => {
    offline();
    power.networkChanged();
    clock.advance(500);
    power.networkChanged();
    clock.advance(900);
    expect(told).toEqual(['network', 'network']);
    clock.advance(100);
    expect(told).toEqual(['network', 'network', 'poll']);
  });

  it('ask no server that answers, and nobody during a sleep', () => {
    power.networkChanged();
    clock.advance(2000);
    offline();
    power.asleep();
    power.networkChanged();
    clock.advance(2000);
    expect(told).not.toContain('poll');
  });

  it('are simulated for ten seconds, once at a time', () => {
    power.simulateSuspend();
    clock.advance(NAP_MS / 2);
    power.simulateSuspend();
    expect(store.state.asleep).toBe(true);
    clock.advance(NAP_MS / 2);
    expect(store.state.asleep).toBe(false);
    expect(told).toEqual(['pause', 'sleep', 'wake', 'poll']);
    power.simulateSuspend();
    power.awake();
    expect(clock.pending).toBe(0);
  });

  it('leave no timer behind', () => {
    power.simulateSuspend();
    power.networkChanged();
    power.stop();
    expect(clock.pending).toBe(0);
  });
});
