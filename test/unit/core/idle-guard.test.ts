import { beforeEach, describe, expect, it, vi } from 'vitest';
import { IdleGuard } from '../../../main/core/idle-guard.ts';
import { Store } from '../../../main/core/store.ts';
import type { Notice } from '../../../preload/contract/api.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import type { Preferences } from '../../../preload/contract/preferences.ts';
import type { SessionView } from '../../../preload/contract/state.ts';
import { HandClock } from '../../doubles/clock.ts';
import { silentLog } from '../../doubles/log.ts';
import { appState, ID, session } from '../../doubles/state.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

describe('the idle guard', () => {
  let clock: HandClock;
  let store: Store;
  let guard: IdleGuard;
  let told: Notice[];
  const shutDown = vi.fn<(session: SessionView) => Promise<void>>();

  const preferences = (idleGuard: Preferences['idleGuard']) =>
    store.update((s) => ({ ...s, preferences: { ...s.preferences, idleGuard } }));
  const sessions = (...list: SessionView[]) => store.update((s) => ({ ...s, sessions: list }));
  const idle = () => store.state.idle;
  const look = (isBusy: boolean | undefined = false) => guard.looked(new Map([[ID(1), isBusy]]));

  beforeEach(() => {
    clock = new HandClock();
    store = new Store(appState());
    told = [];
    shutDown.mockReset().mockResolvedValue();
    guard = new IdleGuard({ store, clock, log: silentLog, tell: (n) => told.push(n), shutDown });
    store.listen((_, after, before) => guard.follow(after, before));
    sessions(session());
  });

  it('notices a session that nobody has used, once the server has said that its machine rests', () => {
    const since = clock.now();
    clock.advance(105 * MINUTE - 1);
    expect(guard.toLookAt).toEqual([]);
    clock.advance(1);
    expect(guard.toLookAt).toEqual([ID(1)]);
    look();
    expect(idle()).toEqual({});
    clock.advance(15 * MINUTE);
    expect(idle()).toEqual({ [ID(1)]: { since } });
  });

  it('waits for the server, however long it does not answer', () => {
    clock.advance(9 * HOUR);
    expect(idle()).toEqual({});
    look();
    expect(Object.keys(idle())).toEqual([ID(1)]);
  });

  it('takes a machine that computes for one in use, and one that says nothing for one that rests', () => {
    clock.advance(2 * HOUR);
    look(true);
    expect(idle()).toEqual({});
    clock.advance(2 * HOUR);
    look(undefined);
    expect(Object.keys(idle())).toEqual([ID(1)]);
    look(true);
    expect(idle()).toEqual({});
  });

  it('leaves one alone that is connected to, and begins to count at the end of the last connection', () => {
    guard.setOpen(ID(1), true);
    clock.advance(9 * HOUR);
    look();
    expect([guard.toLookAt, idle()]).toEqual([[], {}]);
    guard.setOpen(ID(1), false);
    clock.advance(2 * HOUR - 1);
    look();
    expect(idle()).toEqual({});
    clock.advance(1);
    expect(Object.keys(idle())).toEqual([ID(1)]);
    guard.setOpen(ID(1), true);
    expect(idle()).toEqual({});
  });

  it('leaves one alone for as long again that the person keeps', () => {
    clock.advance(2 * HOUR);
    look();
    guard.keep(ID(1));
    expect(idle()).toEqual({});
    clock.advance(2 * HOUR);
    look();
    expect(Object.keys(idle())).toEqual([ID(1)]);
  });

  it('counts anew from a clock that was set back', () => {
    clock.set(-24 * HOUR);
    sessions(session({ name: 'again' }));
    clock.advance(2 * HOUR);
    look();
    expect(idle()[ID(1)]?.since).toBe(clock.now() - 2 * HOUR);
  });

  it.each([
    ['of somebody else', session({ mine: false })],
    ['that starts', session({ status: 'starting' })],
    ['that is shut down', session({ ending: 'shut-down' })],
    ['that is over', session({ status: 'finished' })],
  ])('watches none %s', (_, other) => {
    sessions(other);
    clock.advance(9 * HOUR);
    expect(guard.toLookAt).toEqual([]);
  });

  it('watches none where the person wants none, and goes by what they want', () => {
    preferences({ hours: null, shutDownAfterMinutes: 10 });
    clock.advance(9 * HOUR);
    look();
    expect([guard.toLookAt, idle(), clock.pending]).toEqual([[], {}, 0]);
    preferences({ hours: 8, shutDownAfterMinutes: null });
    look();
    expect(Object.keys(idle())).toEqual([ID(1)]);
    preferences({ hours: 24, shutDownAfterMinutes: null });
    expect(idle()).toEqual({});
  });

  describe('that may shut down', () => {
    const due = () => idle()[ID(1)]?.shutDownAt;
    beforeEach(() => {
      preferences({ hours: 2, shutDownAfterMinutes: 30 });
      clock.advance(2 * HOUR);
      look();
    });

    it('does so after a last time to object, and says so', async () => {
      expect(due()).toBe(clock.now() + 30 * MINUTE);
      clock.advance(30 * MINUTE - 1);
      expect(shutDown).not.toHaveBeenCalled();
      clock.advance(1);
      expect(shutDown).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ id: ID(1) }));
      await expect.poll(() => told.map(({ title }) => title)).toEqual(['notebook was shut down']);
    });

    it('does not do it twice, nor again where it failed, until the session is used', async () => {
      shutDown.mockRejectedValue(new AppError('timeout', 'The workspace could not be saved.'));
      clock.advance(30 * MINUTE);
      await expect.poll(() => told.map(({ body }) => body)).toEqual(['The workspace could not be saved.']);
      look();
      clock.advance(9 * HOUR);
      look();
      expect(shutDown).toHaveBeenCalledOnce();
      expect(due()).toBeUndefined();
      guard.keep(ID(1));
      clock.advance(2 * HOUR);
      look();
      expect(due()).toBeDefined();
    });

    it('does not when it is used meanwhile, or kept, or computes', () => {
      clock.advance(29 * MINUTE);
      look(true);
      clock.advance(HOUR);
      expect(shutDown).not.toHaveBeenCalled();
    });

    it('gives the time to object anew after a sleep through it', () => {
      clock.sleep(9 * HOUR);
      expect(shutDown).not.toHaveBeenCalled();
      expect(due()).toBe(clock.now() + 30 * MINUTE);
      clock.advance(30 * MINUTE);
      expect(shutDown).toHaveBeenCalledOnce();
    });

    it('does not touch one that this app is not connected to: it may be used from elsewhere', () => {
      sessions(session({ link: { at: 'off' }, ports: {} }));
      expect(due()).toBeUndefined();
      clock.advance(9 * HOUR);
      expect(shutDown).not.toHaveBeenCalled();
      sessions(session());
      expect(due()).toBe(clock.now() + 30 * MINUTE);
    });

    it('takes a shorter time at once that the person has chosen meanwhile', () => {
      preferences({ hours: 2, shutDownAfterMinutes: 10 });
      expect(due()).toBe(clock.now() + 10 * MINUTE);
    });

    it('waits for a connection that is lost, and gives the time to object anew', () => {
      const reason = { code: 'unreachable', message: 'Nobody answered.' } as const;
      sessions(session({ link: { at: 'waiting', attempt: 1, retryAt: 0, lostAt: 0, reason } }));
      clock.advance(30 * MINUTE);
      expect(shutDown).not.toHaveBeenCalled();
      clock.advance(5 * MINUTE);
      sessions(session());
      expect(shutDown).not.toHaveBeenCalled();
      expect(due()).toBe(clock.now() + 30 * MINUTE);
    });

    it('does not any more where the person has changed their mind', () => {
      preferences({ hours: 2, shutDownAfterMinutes: null });
      expect(due()).toBeUndefined();
      clock.advance(9 * HOUR);
      expect(shutDown).not.toHaveBeenCalled();
    });
  });
});
