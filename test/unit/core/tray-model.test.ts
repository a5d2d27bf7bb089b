import { describe, expect, it } from 'vitest';
import type { RecentProblem } from '../../../main/core/recent-problems.ts';
import { trayModel as modelOf } from '../../../main/core/tray-model.ts';
import type { TrayItem } from '../../../preload/contract/api.ts';
import type { AppState, SessionView } from '../../../preload/contract/state.ts';
import { appState, ID, session } from '../../doubles/state.ts';

const problem = { code: 'unreachable', message: 'Nobody answered.' } as const;
const waiting = { at: 'waiting', attempt: 1, retryAt: 0, lostAt: 0, reason: problem } as const;

const NOW = new Date(2026, 10, 21, 14, 5).getTime();
const trayModel = (state: AppState, problems: readonly RecentProblem[] = []) =>
  modelOf(state, { now: NOW, problems });

const labels = (items: readonly TrayItem[]): string[] =>
  items.map((i) =>
    i.kind === 'separator' ? '-' : i.kind === 'item' && !i.enabled ? `(${i.label})` : i.label,
  );

const menuOf = (s: SessionView): string[] => {
  const { items } = trayModel(appState({ sessions: [s] }));
  const menu = items.find((i) => i.kind === 'menu' && i.label.startsWith(`${s.name}:`));
  return menu?.kind === 'menu' ? labels(menu.items) : [];
};

describe('the tray', () => {
  it.each([
    ['idle without sessions', [], 'idle'],
    ['ok while everything is connected', [session()], 'ok'],
    [
      'busy while one waits in a queue',
      [session(), session({ id: ID(2), status: 'queued', link: { at: 'off' } })],
      'busy',
    ],
    ['busy while it dials', [session({ link: { at: 'connecting', attempt: 1, since: 0 } })], 'busy'],
    [
      'asking for attention while a link is down',
      [session(), session({ id: ID(2), link: waiting })],
      'attention',
    ],
    [
      'asking for attention when a link has given up',
      [session({ link: { at: 'failed', reason: problem } })],
      'attention',
    ],
    [
      'idle while one that is shut down loses its link',
      [session({ ending: 'shut-down', link: waiting })],
      'idle',
    ],
    ['idle when all have finished', [session({ status: 'finished', link: { at: 'off' } })], 'idle'],
  ] as const)('is %s', (_, sessions, icon) => {
    expect(trayModel(appState({ sessions })).icon).toBe(icon);
  });

  it('asks for attention when the server does not answer', () => {
    const { server } = appState();
    if (server.at !== 'online') throw new Error('unexpected');
    const model = trayModel(appState({ server: { at: 'offline', info: server.info, since: 0, problem } }));
    expect(model.icon).toBe('attention');
    expect(labels(model.items)).toContain('ClearML does not answer');
    expect(labels(model.items)).toContain('(New session…)');
  });

  it('offers everything for a connected session', () => {
    expect(menuOf(session())).toEqual([
      'Open JupyterLab',
      'Open VS Code',
      'Shell',
      'Copy SSH command',
      '-',
      'Reconnect',
      'Disconnect',
      'Shut down…',
    ]);
  });

  it('offers the editors of this computer once ssh knows the sessions by name', () => {
    const editors = [{ id: 'cursor', name: 'Cursor' }] as const;
    const menu = (included: boolean): string[] => {
      const state = appState({ sessions: [session()], ssh: { included, aliases: {} } });
      const { items } = trayModel({ ...state, app: { ...state.app, editors } });
      return items.flatMap((i) => (i.kind === 'menu' ? labels(i.items) : []));
    };
    expect(menu(false)).not.toContain('Open in Cursor');
    expect(menu(true)).toContain('Open in Cursor');
  });

  it('offers to save a workspace where there is one', () => {
    expect(menuOf(session({ workspace: '~/work' }))).toContain('Save workspace');
  });

  it('offers the first presets to launch again', () => {
    const presets = ['a', 'b', 'c', 'd'].map((name) => ({ id: name, name, description: '', options: {} }));
    const menu = trayModel(appState({ presets })).items.find((i) => i.kind === 'menu');
    expect(menu?.kind === 'menu' && labels(menu.items)).toEqual(['a', 'b', 'c']);
  });

  it('offers to pause what is connected, and to resume what was paused', () => {
    expect(labels(trayModel(appState({ sessions: [session()] })).items)).toContain('Pause all');
    const paused = [ID(1), ID(2)];
    const off = session({ link: { at: 'off' }, ports: {} });
    const sessions = [off, { ...off, id: ID(2), status: 'finished' as const }];
    expect(labels(trayModel(appState({ sessions, paused })).items)).toContain('Resume one');
    expect(labels(trayModel(appState({ sessions, paused })).items)).not.toContain('Pause all');
  });

  it('offers to cancel, and nothing that needs a connection, while a session starts', () => {
    expect(menuOf(session({ status: 'starting', link: { at: 'off' }, ports: {} }))).toEqual([
      '(Open JupyterLab)',
      '(Open VS Code)',
      '(Shell)',
      '(Copy SSH command)',
      '-',
      '(Reconnect)',
      '(Disconnect)',
      'Cancel launch',
    ]);
  });

  it('offers to connect one that runs without a connection', () => {
    expect(menuOf(session({ link: { at: 'off' } }))).toContain('Connect');
  });

  it('does not offer a VS Code that could not start', () => {
    expect(menuOf(session({ vscode: 'failed' }))).toContain('(Open VS Code)');
  });

  it("leaves out other people's sessions until they are connected", () => {
    const stranger = session({ mine: false, link: { at: 'off' } });
    expect(menuOf(stranger)).toEqual([]);
    expect(menuOf({ ...stranger, link: { at: 'up', since: 0 } })).not.toEqual([]);
  });

  it('stays short with forty sessions', () => {
    const sessions = Array.from({ length: 40 }, (_, n) => session({ id: ID(n), name: `s${n}` }));
    const model = trayModel(appState({ sessions }));
    expect(model.items.length).toBeLessThan(24);
    expect(labels(model.items)).toContain('and 28 more in the window');
  });

  it('stays narrow with a name that is long', () => {
    const { items } = trayModel(appState({ sessions: [session({ name: 'x'.repeat(5000) })] }));
    expect(Math.max(...labels(items).map((label) => label.length))).toBeLessThan(80);
  });

  it('has a line for each session in its tooltip', () => {
    const sessions = [session(), session({ id: ID(2), name: 'n'.repeat(200), link: { at: 'off' } })];
    expect(trayModel(appState({ sessions })).tooltip).toBe(`notebook: Connected\n${'n'.repeat(31)}…: Ready`);
  });

  it('says when a lost connection is tried again by itself', () => {
    const items = trayModel(appState({ sessions: [session({ link: { ...waiting, retryAt: 7 } })] })).items;
    const menu = items.find((i) => i.kind === 'menu');
    expect(menu?.kind === 'menu' && menu.items).toContainEqual({
      kind: 'item',
      label: 'Reconnect now',
      enabled: true,
      command: { do: 'reconnect', id: ID(1) },
      dueAt: 7,
    });
  });

  it('offers a time without notifications, and its end', () => {
    const menu = (different: Partial<AppState>) =>
      trayModel(appState(different)).items.flatMap((i) =>
        i.kind === 'menu' ? [i.label, ...labels(i.items)] : [],
      );
    expect(menu({})).toEqual(['Pause notifications', 'For an hour', 'Until tomorrow']);
    expect(menu({ quietUntil: NOW + 60_000 })).toEqual([
      expect.stringMatching(/^Notifications paused until .*06/),
      'Resume now',
    ]);
    const preferences = { ...appState().preferences, notifications: false };
    expect(menu({ preferences })).toEqual([]);
  });

  it('marks a session that is idle, and says when it is shut down', () => {
    const state = appState({ sessions: [session()], idle: { [ID(1)]: { since: NOW, shutDownAt: NOW + 1 } } });
    const model = trayModel(state);
    expect([model.icon, model.tooltip]).toEqual(['attention', 'notebook: Connected, idle']);
    const menu = model.items.find((i) => i.kind === 'menu' && i.label === 'notebook: Connected, idle');
    expect(menu?.kind === 'menu' && menu.items.slice(-2)).toEqual([
      { kind: 'item', label: 'Keep running', enabled: true, command: { do: 'keepSession', id: ID(1) } },
      {
        kind: 'item',
        label: 'Shut down…',
        enabled: true,
        command: { do: 'shutDown', id: ID(1) },
        dueAt: NOW + 1,
      },
    ]);
  });

  it('lists the last problems, which lead to their sessions', () => {
    const problems = [
      {
        at: NOW,
        session: ID(1),
        name: 'notebook',
        message: 'The remote machine stopped answering. '.repeat(3),
      },
      { at: NOW - 3 * 86_400_000, name: 'ClearML', message: 'Nobody answered.' },
    ];
    const menu = trayModel(appState(), problems).items.find((i) => i.kind === 'menu');
    const items = menu?.kind === 'menu' ? menu.items : [];
    const at = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' }).format(NOW);
    expect(labels(items)[0]).toMatch(new RegExp(`^${at}  notebook: The remote machine .*…$`));
    expect(labels(items)[0]?.length).toBeLessThanOrEqual(64);
    expect(labels(items)[1]).toMatch(/^Wed .*ClearML: Nobody answered\.$/);
    expect(items.map((i) => i.kind === 'item' && i.command)).toEqual([
      { do: 'showSession', id: ID(1) },
      { do: 'showWindow' },
    ]);
    expect(labels(trayModel(appState()).items)).not.toContain('Recent problems');
  });
});
