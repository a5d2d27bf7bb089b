import { describe, expect, it } from 'vitest';
import { type RecentProblem, withProblems } from '../../../main/core/recent-problems.ts';
import type { AppState, SessionView } from '../../../preload/contract/state.ts';
import { appState, ID, session } from '../../doubles/state.ts';

const reason = { code: 'unreachable', message: 'Nobody answered.' } as const;
const waiting = { at: 'waiting', attempt: 1, retryAt: 0, lostAt: 0, reason } as const;
const failed = { at: 'failed', reason } as const;

const changed = (before: AppState, now: AppState, known: readonly RecentProblem[] = [], at = 5) =>
  withProblems(known, before, now, at);
const change = (was: SessionView, is: SessionView) =>
  changed(appState({ sessions: [was] }), appState({ sessions: [is] })).map(({ message }) => message);

describe('the recent problems', () => {
  it.each([
    ['a lost connection', session(), session({ link: waiting }), ['Nobody answered.']],
    ['one that was given up', session({ link: waiting }), session({ link: failed }), ['Nobody answered.']],
    ['a session that failed', session(), session({ status: 'failed', note: 'No image.' }), ['No image.']],
    ['one that failed and says nothing', session(), session({ status: 'failed' }), ['It failed.']],
    ['no further attempt', session({ link: waiting }), session({ link: { ...waiting, attempt: 2 } }), []],
    ['no return', session({ link: waiting }), session(), []],
    ['no session that is shut down', session(), session({ ending: 'shut-down', link: waiting }), []],
    ['no end', session(), session({ status: 'finished', link: { at: 'off' } }), []],
    [
      'no failure of a stranger',
      session({ mine: false, link: { at: 'off' } }),
      session({ mine: false, link: { at: 'off' }, status: 'failed' }),
      [],
    ],
  ])('are %s', (_, was, is, expected) => {
    expect(change(was, is)).toEqual(expected);
  });

  it('tell of the server, once until it is back', () => {
    const online = appState();
    if (online.server.at !== 'online') throw new Error('unexpected');
    const offline = appState({
      server: { at: 'offline', info: online.server.info, since: 0, problem: reason },
    });
    const known = changed(online, offline);
    expect(known).toEqual([{ at: 5, name: 'ClearML', message: 'Nobody answered.' }]);
    expect(changed(offline, { ...offline }, known)).toBe(known);
  });

  it('are forgotten with the server that they were of', () => {
    const here = appState();
    if (here.server.at !== 'online') throw new Error('unexpected');
    const there = appState({
      server: { at: 'connecting', info: { ...here.server.info, api: 'http://other' } },
    });
    const known = [{ at: 1, name: 'ClearML', message: 'Nobody answered.' }];
    expect(changed(here, there, known)).toEqual([]);
    expect(changed(here, appState({ server: { at: 'unconfigured' } }), known)).toEqual([]);
    expect(changed(appState({ server: { at: 'starting' } }), there, known)).toBe(known);
  });

  it('are the last five, the newest first, and one that comes again only once', () => {
    let known: readonly RecentProblem[] = [];
    for (const n of [1, 2, 3, 4, 5, 6, 3]) {
      const was = session({ id: ID(n), name: String(n) });
      known = changed(
        appState({ sessions: [was] }),
        appState({ sessions: [{ ...was, link: waiting }] }),
        known,
        n,
      );
    }
    expect(known.map(({ name }) => name)).toEqual(['3', '6', '5', '4', '2']);
  });
});
