import { describe, expect, it } from 'vitest';
import { LOST_AFTER_MS, notifyModel } from '../../../main/core/notify-model.ts';
import type { AppState, SessionView } from '../../../preload/contract/state.ts';
import { appState, session } from '../../doubles/state.ts';

const problem = { code: 'unreachable', message: 'Nobody answered.' } as const;
const lostAt = 1_700_000_090_000;
const waiting = { at: 'waiting', attempt: 1, retryAt: 0, lostAt, reason: problem } as const;
const connecting = { at: 'connecting', attempt: 1, since: 0 } as const;
const { connectedAt: _, ...never } = session();
const opening: SessionView = { ...never, link: connecting };

const between = (before: SessionView, after: SessionView, notifications = true) => {
  const preferences = { ...appState().preferences, notifications };
  return notifyModel(
    appState({ preferences, sessions: [before] }),
    appState({ preferences, sessions: [after] }),
  );
};
const titles = (before: SessionView, after: SessionView): string[] =>
  between(before, after).show.map(({ notice }) => notice.title);

describe('notifications', () => {
  it('say that a session is ready, with the ways into it', () => {
    const notice = between(opening, session()).show[0]?.notice;
    expect(notice?.title).toBe('notebook is ready');
    expect(notice?.actions.map((a) => a.label)).toEqual(['Open JupyterLab', 'Open VS Code', 'Shell']);
  });

  it('wait for the tools that were asked for', () => {
    const half = session({ jupyter: 'pending' });
    expect(titles(opening, half)).toEqual([]);
    expect(titles(half, session())).toEqual(['notebook is ready']);
  });

  it('say what did not come up', () => {
    const notice = between(opening, session({ vscode: 'failed' })).show[0]?.notice;
    expect(notice?.body).toBe('Connected. VS Code could not start.');
    expect(notice?.actions.map((a) => a.label)).not.toContain('Open VS Code');
  });

  it('tell a loss once, if it lasts, and its return', () => {
    expect(titles(session(), session({ link: waiting }))).toEqual(['notebook: connection lost']);
    expect(between(session(), session({ link: waiting })).show[0]?.afterMs).toBe(LOST_AFTER_MS);
    expect(titles(session({ link: waiting }), session({ link: { ...waiting, attempt: 2 } }))).toEqual([]);
    expect(titles(session({ link: waiting }), session({ link: { ...connecting, attempt: 2 } }))).toEqual([]);
    const [back] = between(session({ link: { ...connecting, attempt: 2 } }), session()).show;
    expect(back).toMatchObject({ isReturn: true, notice: { title: 'notebook is connected again' } });
  });

  it('do not tell again of a link that was up for moments only', () => {
    const flapped = session({ link: { ...waiting, lostAt: 1_700_000_055_000, attempt: 2 } });
    expect(titles(session(), flapped)).toEqual([]);
    const later = session({ link: { ...waiting, lostAt: 1_700_000_070_000 } });
    expect(titles(session(), later)).toEqual(['notebook: connection lost']);
  });

  it('do not call it a loss when the machine of a session that is shut down goes', () => {
    const ending = session({ ending: 'shut-down' });
    expect(titles(ending, { ...ending, link: waiting })).toEqual([]);
    const stopping = session({ status: 'stopping' });
    expect(titles(stopping, { ...stopping, link: { at: 'failed', reason: problem } })).toEqual([]);
  });

  it('call a session that was connected before connected again, not ready', () => {
    const { show } = between(session({ link: connecting }), session());
    expect(show.map((news) => news.isReturn)).toEqual([true]);
  });

  it('leave out the kinds that the person does not want', () => {
    const preferences = { ...appState().preferences, quiet: ['ended'] as const };
    const change = (after: SessionView) =>
      notifyModel(appState({ sessions: [session()] }), appState({ preferences, sessions: [after] })).show;
    expect(change(session({ status: 'finished' }))).toEqual([]);
    expect(change(session({ status: 'failed' }))).toHaveLength(1);
  });

  it('say why a connection was given up', () => {
    const failed = session({ link: { at: 'failed', reason: { ...problem, hint: 'Look at the VPN.' } } });
    expect(between(opening, failed).show[0]?.notice.body).toBe('Nobody answered. Look at the VPN.');
  });

  it.each([
    ['ended elsewhere', session(), session({ status: 'finished' }), ['notebook has ended']],
    [
      'failed',
      session(),
      session({ status: 'failed', note: 'The image was not found.' }),
      ['notebook failed'],
    ],
    ['ended by a click of ours', session({ ending: 'shut-down' }), session({ status: 'finished' }), []],
    [
      "a stranger's session ended",
      session({ mine: false, link: { at: 'off' } }),
      session({ mine: false, status: 'finished', link: { at: 'off' } }),
      [],
    ],
  ])('for a session that %s', (_, before, after, expected) => {
    expect(titles(before, after)).toEqual(expected);
  });

  it('are quiet when the person wants none', () => {
    expect(between(opening, session(), false).show).toEqual([]);
  });

  it('say that a connected session was deleted', () => {
    const change = notifyModel(appState({ sessions: [session()] }), appState());
    expect(change.show.map(({ notice }) => notice.title)).toEqual(['notebook is gone']);
  });

  describe('of an idle session', () => {
    const state = (idle: AppState['idle']) => appState({ sessions: [session()], idle });
    const change = (before: AppState['idle'], after: AppState['idle']) => {
      const { show, withdraw } = notifyModel(state(before), state(after));
      return { bodies: show.map(({ notice }) => notice.body), withdraw };
    };
    const id = session().id;
    const none = { bodies: [], withdraw: [] };

    it('are told once, offer both ways, and are taken back once it is used', () => {
      const [news] = notifyModel(state({}), state({ [id]: { since: 1 } })).show;
      expect(news).toMatchObject({
        kind: 'idle',
        notice: {
          key: `idle:${id}`,
          title: 'notebook is idle',
          body: 'Not used from here for more than 2 h, and its machine reports no work.',
          actions: [{ command: { do: 'keepSession', id } }, { command: { do: 'shutDown', id } }],
        },
      });
      expect(change({ [id]: { since: 1 } }, { [id]: { since: 1 } })).toEqual(none);
      expect(change({ [id]: { since: 1 } }, {})).toEqual({ bodies: [], withdraw: [`idle:${id}`] });
    });

    it('are told again when it is going to be shut down', () => {
      const shutDownAt = new Date(2026, 10, 21, 14, 5).getTime();
      const due = { [id]: { since: 1, shutDownAt } };
      expect(change({ [id]: { since: 1 } }, due).bodies).toEqual([
        expect.stringMatching(/reports no work\. It is shut down at .*05/),
      ]);
      expect(change(due, { [id]: { since: 1, shutDownAt: shutDownAt + 1 } })).toEqual(none);
    });
  });

  it.each([
    ['that was not connected is gone', session({ link: { at: 'off' } }), appState()],
    ['that was cancelled is gone', session({ ending: 'cancel' }), appState()],
    ['belongs to a server that was left', session(), appState({ loaded: false })],
  ])('are withdrawn when a session %s', (_, gone, after) => {
    const change = notifyModel(appState({ sessions: [gone] }), after);
    expect(change).toEqual({ show: [], withdraw: [`session:${gone.id}`] });
  });
});
