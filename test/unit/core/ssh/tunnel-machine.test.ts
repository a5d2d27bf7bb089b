import { describe, expect, it } from 'vitest';
import {
  backoffMs,
  closedTunnel,
  linkOf,
  NETWORK_GRACE_MS,
  RESUME_GRACE_MS,
  routeMs,
  STABLE_MS,
  STALE_DIAL_MS,
  step,
  type Tunnel,
  type TunnelEffect,
  type TunnelEvent,
  YOUNG_DIAL_MS,
} from '../../../../main/core/ssh/tunnel-machine.ts';
import type { Problem } from '../../../../preload/contract/errors.ts';

const REFUSED: Problem = { code: 'unreachable', message: 'No SSH server answers.' };
const WRONG_KEY: Problem = { code: 'host-key', message: 'Another host key.' };

const START = 1000;

/** Plays events one after another; each at its time in ms after the start, or at that of the one before. */
function play(events: readonly (TunnelEvent | number)[], from: Tunnel = closedTunnel) {
  let now = START;
  let tunnel = from;
  let effects: readonly TunnelEffect[] = [];
  for (const event of events) {
    if (typeof event === 'number') now = START + event;
    else [tunnel, effects] = step(tunnel, event, { now, jitter: 1 });
  }
  return { tunnel, effects, link: linkOf(tunnel), runs: effects.map((e) => e.run) };
}

const open: TunnelEvent = { on: 'open' };
const due: TunnelEvent = { on: 'due' };
const connected = (dial: number): TunnelEvent => ({ on: 'connected', dial });
const lost = (dial: number): TunnelEvent => ({ on: 'lost', dial, reason: REFUSED, fatal: false });
const refusedKey = (dial: number): TunnelEvent => ({ on: 'lost', dial, reason: WRONG_KEY, fatal: true });

const NO_ROUTE: Problem = { code: 'unreachable', message: 'There is no way.' };
const noRoute = (dial: number): TunnelEvent => ({
  on: 'lost',
  dial,
  reason: NO_ROUTE,
  fatal: false,
  noRoute: true,
});

const up = [open, connected(1), STABLE_MS];
const DIAL = ['stop-waiting', 'hang-up', 'dial'];

describe('a tunnel', () => {
  it('is off until it is opened', () => {
    expect(linkOf(closedTunnel)).toEqual({ at: 'off' });
  });

  it('dials when it is opened, once', () => {
    expect(play([open])).toMatchObject({ link: { at: 'connecting', attempt: 1, since: START }, runs: DIAL });
    expect(play([open, open]).runs).toEqual([]);
  });

  it('is up once the dial is through, and takes the local connections', () => {
    expect(play([open, 40, connected(1)])).toMatchObject({
      link: { at: 'up', since: 1040 },
      runs: ['carry'],
    });
  });

  it('dials at once when a connection breaks', () => {
    const broken = play([...up, lost(1)]);
    expect(broken.link).toEqual({ at: 'waiting', attempt: 1, retryAt: 6000, lostAt: 6000, reason: REFUSED });
    expect(broken.effects).toEqual([{ run: 'hang-up' }, { run: 'wait', ms: 0 }]);
    expect(play([...up, lost(1), due])).toMatchObject({ link: { at: 'connecting', attempt: 2 }, runs: DIAL });
  });

  it('waits before the next attempt when a dial fails, and asks where the session is', () => {
    const failed = play([open, 30, lost(1)]);
    expect(failed.link).toEqual({ at: 'waiting', attempt: 1, retryAt: 1530, lostAt: 1030, reason: REFUSED });
    expect(failed.effects).toEqual([{ run: 'hang-up' }, { run: 'refresh' }, { run: 'wait', ms: 500 }]);
  });

  it('backs off further with every failure, and keeps telling when it was lost first', () => {
    const third = play([...up, lost(1), due, 6000, lost(2), 7000, due, 8000, lost(3)]);
    expect(third.link).toEqual({ at: 'waiting', attempt: 2, retryAt: 10_000, lostAt: 6000, reason: REFUSED });
    expect(play([...up, lost(1), due, 6000, lost(2), 7000, due]).link).toMatchObject({ attempt: 2 });
  });

  it('goes on backing off, and counting from the first loss, while the connection does not hold', () => {
    const events = [...up, lost(1), due, connected(2), 5000 + STABLE_MS - 1, lost(2)];
    const flapping = play(events);
    expect(flapping.link).toMatchObject({ at: 'waiting', lostAt: 6000 });
    expect(flapping.effects).toContainEqual({ run: 'wait', ms: 500 });
  });

  it('begins anew once a connection has held', () => {
    const events = [...up, lost(1), due, connected(2), 5000 + STABLE_MS, lost(2)];
    expect(play(events).link).toMatchObject({ at: 'waiting', attempt: 1, lostAt: 11_000 });
  });

  it('stops at a wrong host key or a refused login, and asks once more where the session is', () => {
    const failed = play([open, refusedKey(1)]);
    expect(failed.link).toEqual({ at: 'failed', reason: WRONG_KEY });
    expect(failed.runs).toEqual(['hang-up', 'refresh']);
    expect(play([open, refusedKey(1), due]).runs).toEqual([]);
  });

  it('hangs up and is off when it is closed, whatever it was doing', () => {
    for (const before of [[open], up, [open, lost(1)], [open, refusedKey(1)]]) {
      expect(play([...before, { on: 'close' }])).toMatchObject({
        link: { at: 'off' },
        runs: ['stop-waiting', 'hang-up'],
      });
    }
  });
});

describe('news that is late', () => {
  const states: [string, (TunnelEvent | number)[]][] = [
    ['while the next dial is under way', [open, lost(1), due]],
    ['while it is up again', [open, lost(1), due, connected(2)]],
    ['while it waits', [open, lost(1)]],
    ['after it failed for good', [open, refusedKey(1)]],
    ['after it was closed', [open, { on: 'close' }]],
  ];

  it.each(states)('of an older dial is ignored %s', (_when, before) => {
    const { tunnel } = play(before);
    for (const event of [connected(1), lost(1), refusedKey(1)])
      expect(step(tunnel, event, { now: 9999, jitter: 1 })).toEqual([tunnel, []]);
  });

  it.each<[string, TunnelEvent]>([
    ['a reconnection', { on: 'reconnect' }],
    ['another address', { on: 'retargeted' }],
    ['waking', { on: 'resume' }],
    ['going to sleep', { on: 'suspend' }],
    ['a timer', due],
    ['closing', { on: 'close' }],
    ['a changed network', { on: 'network-changed' }],
  ])('opens no closed tunnel: %s', (_what, event) => {
    const { link, runs } = play([...up, { on: 'close' }, event]);
    expect([link, runs]).toEqual([{ at: 'off' }, []]);
  });
});

describe('reconnecting by hand', () => {
  it.each<[string, (TunnelEvent | number)[]]>([
    ['while it connects', [open]],
    ['while it is up', up],
    ['while it waits', [open, lost(1)]],
    ['after it failed for good', [open, refusedKey(1)]],
    ['while it sleeps', [open, lost(1), { on: 'suspend' }]],
  ])('dials at once %s', (_when, before) => {
    expect(play([...before, { on: 'reconnect' }])).toMatchObject({ link: { at: 'connecting' }, runs: DIAL });
  });

  it('begins the back-off anew and keeps when it was lost', () => {
    const events = [open, lost(1), 500, due, 1000, lost(2), 2000, { on: 'reconnect' } as const];
    expect(play([...events, 3000, lost(3)])).toMatchObject({
      link: { at: 'waiting', lostAt: START, retryAt: 4500 },
    });
  });
});

describe('another address from the server', () => {
  it.each<[string, (TunnelEvent | number)[]]>([
    ['while it connects', [open]],
    ['while it waits', [open, lost(1)]],
    ['after it failed for good', [open, refusedKey(1)]],
  ])('is dialled at once %s', (_when, before) => {
    expect(play([...before, { on: 'retargeted' }]).runs).toEqual(DIAL);
  });

  it('does not disturb a connection that is up', () => {
    expect(play([...up, { on: 'retargeted' }])).toMatchObject({ link: { at: 'up' }, runs: [] });
  });

  it('does not make an endless loop of addresses that change with every failure', () => {
    const moving = [open, lost(1), { on: 'retargeted' } as const, lost(2)];
    expect(play(moving).effects).toContainEqual({ run: 'wait', ms: 1000 });
  });
});

describe('a closed lid', () => {
  const suspend: TunnelEvent = { on: 'suspend' };
  const resume: TunnelEvent = { on: 'resume' };

  it('burns no attempts', () => {
    expect(play([open, lost(1), suspend]).runs).toEqual(['stop-waiting']);
    expect(play([open, lost(1), suspend, due]).runs).toEqual([]);
    expect(play([open, suspend])).toMatchObject({ link: { at: 'waiting' }, runs: ['hang-up'] });
    expect(play([...up, suspend, lost(1)]).runs).toEqual(['hang-up']);
  });

  it('leaves a connection that survived it, and probes with patience', () => {
    expect(play([...up, suspend]).runs).toEqual([]);
    expect(play([...up, suspend, 60_000, resume])).toMatchObject({
      link: { at: 'up' },
      effects: [{ run: 'probe', graceMs: RESUME_GRACE_MS }],
    });
  });

  it.each<[string, (TunnelEvent | number)[]]>([
    ['while it connected', [open, suspend, 60_000, resume]],
    ['while it waited', [open, lost(1), suspend, 60_000, resume]],
    ['while it was up, and the connection broke', [...up, suspend, lost(1), 60_000, resume]],
    ['while it connected, and sleep was not announced', [open, 60_000, resume]],
    ['while it waited, and sleep was not announced', [open, lost(1), 60_000, resume]],
  ])('gives the network a moment after waking when it shut %s', (_when, events) => {
    const woken = play(events);
    expect(woken.link).toMatchObject({ at: 'waiting', retryAt: START + 60_000 + RESUME_GRACE_MS });
    expect(woken.effects).toEqual([{ run: 'hang-up' }, { run: 'wait', ms: RESUME_GRACE_MS }]);
  });

  it('may be told twice, both ways', () => {
    const events = [open, lost(1), suspend, suspend, 60_000, resume, 60_500, resume];
    const woken = play(events);
    expect(woken.effects).toEqual([{ run: 'hang-up' }, { run: 'wait', ms: RESUME_GRACE_MS }]);
    expect(play([...events, 63_500, due]).runs).toEqual(DIAL);
    expect(play([...up, suspend, suspend, resume, resume]).runs).toEqual(['probe']);
  });

  it('retries quickly after waking, however often it had failed', () => {
    const failing = [open, lost(1), due, lost(2), due, lost(3), due, lost(4), due, lost(5)];
    expect(play(failing).effects).toContainEqual({ run: 'wait', ms: 8000 });
    const woken = [...failing, suspend, 60_000, resume, 63_000, due, 63_100, lost(6)];
    expect(play(woken).effects).toContainEqual({ run: 'wait', ms: 500 });
  });
});

describe('without a way to the machine', () => {
  /** Up, then lost, then nothing leaves this computer. */
  const looking = (times: number) => [
    ...up,
    lost(1),
    ...Array.from({ length: times }, (_, n) => [due, noRoute(n + 2)]).flat(),
  ];

  it('looks again soon, counts no attempt, and does not ask the server', () => {
    const first = play(looking(1));
    expect(first.link).toMatchObject({ at: 'waiting', attempt: 1, reason: NO_ROUTE });
    expect(first.effects).toEqual([{ run: 'hang-up' }, { run: 'wait', ms: 2000 }]);
    expect(play([...looking(10), due]).runs).toEqual(DIAL);
    // What a person sees does not flicker with each look.
    expect(play([...looking(10), due]).link).toEqual(play(looking(10)).link);
    expect(play([...looking(10), due, connected(12)]).link.at).toBe('up');
  });

  it('begins its attempts at the shortest wait once there is one', () => {
    expect(play([...looking(10), due, lost(12)]).effects).toContainEqual({ run: 'wait', ms: 500 });
    expect(play([...looking(30), due, connected(32), 20_000, lost(32)]).effects).toContainEqual({
      run: 'wait',
      ms: 0,
    });
  });

  it('keeps the attempts that did fail', () => {
    const failing = [open, lost(1), due, lost(2), due, lost(3), due, noRoute(4), due];
    expect(play([...failing, lost(5)]).effects).toContainEqual({ run: 'wait', ms: 4000 });
  });

  it('looks seldom after half a minute', () => {
    expect(play(looking(15)).effects).toContainEqual({ run: 'wait', ms: 2000 });
    expect(play(looking(16)).effects).toContainEqual({ run: 'wait', ms: 30_000 });
    expect([routeMs(1, 0), routeMs(16, 0)]).toEqual([1000, 15_000]);
  });

  it.each<[string, TunnelEvent, number]>([
    ['a network comes', { on: 'network-changed' }, NETWORK_GRACE_MS],
    ['the computer wakes', { on: 'resume' }, RESUME_GRACE_MS],
  ])('looks again soon when %s', (_what, event, ms) => {
    const events = [...looking(20), event];
    expect(play(events).effects).toContainEqual({ run: 'wait', ms });
    expect(play([...events, due, noRoute(22)]).effects).toContainEqual({ run: 'wait', ms: 2000 });
  });

  it('looks at once when the person asks', () => {
    const asked = [...looking(20), { on: 'reconnect' } as const];
    expect(play(asked).runs).toEqual(DIAL);
    expect(play([...asked, noRoute(22)]).effects).toContainEqual({ run: 'wait', ms: 2000 });
  });

  it('waits for no timer while the computer sleeps', () => {
    expect(play([open, { on: 'suspend' }, { on: 'reconnect' }, noRoute(2)]).runs).toEqual(['hang-up']);
  });
});

describe('a changed network', () => {
  const changed: TunnelEvent = { on: 'network-changed' };

  it('makes a connection that is up prove itself', () => {
    expect(play([...up, changed]).effects).toEqual([{ run: 'probe', graceMs: 0 }]);
  });

  it('shortens a wait', () => {
    const failing = [open, lost(1), due, lost(2), due, lost(3), due, lost(4), due, lost(5)];
    expect(play([...failing, changed]).effects).toContainEqual({ run: 'wait', ms: NETWORK_GRACE_MS });
  });

  it('drops a dial that went unanswered over the old network, but not a young one', () => {
    expect(play([open, STALE_DIAL_MS - 1, changed]).effects).toEqual([{ run: 'wait', ms: YOUNG_DIAL_MS }]);
    expect(play([open, STALE_DIAL_MS, changed]).runs).toEqual(['hang-up', 'wait']);
  });

  it('dials anew when a young dial does not get through', () => {
    const young = [open, 500, changed, 500 + YOUNG_DIAL_MS];
    expect(play([...young, due])).toMatchObject({ link: { at: 'connecting', attempt: 1 }, runs: DIAL });
    expect(play([...young, connected(1), due]).runs).toEqual([]);
  });

  it('wakes nobody', () => {
    expect(play([open, lost(1), { on: 'suspend' }, changed]).runs).toEqual([]);
  });

  it('leaves what failed for good', () => {
    expect(play([open, refusedKey(1), changed]).runs).toEqual([]);
  });
});

describe('the back-off', () => {
  it.each([
    [0, 0, 0],
    [1, 250, 500],
    [2, 500, 1000],
    [3, 1000, 2000],
    [6, 8000, 16_000],
    [7, 15_000, 30_000],
    [500, 15_000, 30_000],
  ])('after %i failures lies between %i and %i ms', (failures, least, most) => {
    expect(backoffMs(failures, 0)).toBe(least);
    expect(backoffMs(failures, 1)).toBe(most);
  });
});
