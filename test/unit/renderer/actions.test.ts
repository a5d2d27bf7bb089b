import { beforeEach, describe, expect, it, vi } from 'vitest';
import {
  type AppState,
  canCancel,
  canConnect,
  canDisconnect,
  canOpen,
  canReconnect,
  canSaveWorkspace,
  canShutDown,
  type Link,
  type SessionStatus,
  type SessionView,
} from '../../../preload/contract/state.ts';
import { perform } from '../../../renderer/actions/action.ts';
import { appActions } from '../../../renderer/actions/app-actions.ts';
import { recent } from '../../../renderer/actions/recent.ts';
import { sessionActions } from '../../../renderer/actions/session-actions.ts';
import { makeApp } from '../../../renderer/app.ts';
import { entriesOf, search } from '../../../renderer/views/commands/entries.ts';
import { fitOf, wordsOf } from '../../../renderer/views/commands/find.ts';
import { appState, ID, session } from '../../doubles/state.ts';
import { FakeWire } from './fake-wire.ts';

async function page(state: Partial<AppState> = {}, wire = new FakeWire()) {
  const app = makeApp(wire.holds(appState(state)));
  await vi.waitUntil(() => app.store.mirror.value.at === 'live');
  return { app, wire };
}

const REASON = { code: 'unreachable', message: 'The machine does not answer.' } as const;
const LINKS: readonly Link[] = [
  { at: 'off' },
  { at: 'connecting', attempt: 1, since: 0 },
  { at: 'connecting', attempt: 2, since: 0 },
  { at: 'up', since: 0 },
  { at: 'waiting', attempt: 1, retryAt: 1, lostAt: 0, reason: REASON },
  { at: 'failed', reason: { code: 'host-key', message: 'Another key.' } },
];
const STATUSES: readonly SessionStatus[] = [
  'queued',
  'starting',
  'running',
  'stopping',
  'failed',
  'finished',
];

/** Every state that a session can be in: before it runs there is nothing to connect to. */
const STATES: readonly SessionView[] = STATUSES.flatMap((status) =>
  LINKS.filter(({ at }) => at === 'off' || !/queued|starting/.test(status)).flatMap((link) =>
    [true, false].flatMap((mine) =>
      (['pending', 'ready'] as const).flatMap((jupyter) =>
        [undefined, 'shut-down' as const].map((ending) =>
          session({ status, link, mine, jupyter, workspace: '~/w', ...(ending ? { ending } : {}) }),
        ),
      ),
    ),
  ),
);

describe('the actions of a session', () => {
  const RULES: Record<string, (s: SessionView) => boolean> = {
    connect: canConnect,
    reconnect: canReconnect,
    disconnect: canDisconnect,
    cancel: canCancel,
    shutDown: canShutDown,
    saveWorkspace: canSaveWorkspace,
    openJupyter: (s) => canOpen(s, 'jupyter'),
    openVscode: (s) => canOpen(s, 'vscode'),
    openShell: (s) => canOpen(s, 'ssh'),
    openTab: (s) => canOpen(s, 'ssh'),
  };

  it('are never ones that main would refuse', async () => {
    const { app } = await page();
    const wrong = STATES.flatMap((s) =>
      sessionActions(app, s)
        .filter(({ id, refused }) => !refused && RULES[id]?.(s) === false)
        .map(({ id }) => [id, s.status, s.link.at]),
    );
    expect(wrong).toEqual([]);
  });

  it('leave out nothing that is possible', async () => {
    const { app } = await page();
    const missing = STATES.flatMap((s) => {
      const offered = sessionActions(app, s).filter(({ refused }) => !refused);
      return Object.entries(RULES)
        .filter(([id, can]) => can(s) && !offered.some((one) => one.id === id))
        .map(([id]) => [id, s.status, s.link.at]);
    });
    // What failed to connect is reconnected.
    expect([...new Set(missing.map(([id, , link]) => `${id} ${link}`))]).toEqual(['connect failed']);
  });

  it('are those of the editors of this computer, too', async () => {
    const { app, wire } = await page({
      app: { ...appState().app, editors: [{ id: 'zed', name: 'Zed' }] },
      ssh: { included: true, aliases: {} },
    });
    wire.answer('sshConfig.preview', { file: '~/.ssh/config', exists: true, included: true, lines: [] });
    const zed = sessionActions(app, session()).find(({ label }) => label === 'Open in Zed');
    await zed?.run();
    expect(wire.asked('session.openEditor')).toEqual([{ id: ID(1), editor: 'zed' }]);
  });
});

describe('the actions of the app', () => {
  const labels = async (state: Partial<AppState>) => {
    const { app } = await page(state);
    return appActions(app).flatMap(({ label, refused }) => (refused ? [] : [label]));
  };

  it('pause what is connected, and resume what was paused', async () => {
    const off = session({ link: { at: 'off' } });
    expect(await labels({ sessions: [session()] })).toContain('Pause all connections');
    expect(await labels({ sessions: [off] })).not.toContain('Pause all connections');
    expect(await labels({ sessions: [off], paused: [ID(1)] })).toContain('Resume all connections');
    expect(await labels({ sessions: [off] })).not.toContain('Resume all connections');
  });

  it('offer no theme that is there already', async () => {
    expect((await labels({})).filter((label) => /theme/i.test(label))).toEqual(['Light theme', 'Dark theme']);
  });

  it('are few before there is a server', async () => {
    expect(await labels({ server: { at: 'unconfigured' } })).not.toContain('New session');
    expect(await labels({ server: { at: 'unconfigured' } })).toContain('Settings');
  });

  it('simulate a sleep in the demo only', async () => {
    const label = 'Simulate a sleep of ten seconds';
    const { server } = appState();
    if (server.at !== 'online') throw new Error('The double is online');
    expect(await labels({})).not.toContain(label);
    expect(await labels({ server: { ...server, info: { ...server.info, source: 'demo' } } })).toContain(
      label,
    );
  });

  it('launch a preset through main, which asks first', async () => {
    const { app, wire } = await page({
      presets: [{ id: 'p1', name: 'Training', description: '', options: {} }],
    });
    const launch = appActions(app).find(({ label }) => label === 'Launch the preset “Training”');
    await launch?.run();
    expect(wire.asked('command.run')).toEqual([{ do: 'launchPreset', preset: 'p1' }]);
  });
});

describe('finding', () => {
  it.each<[string, string, boolean]>([
    ['jup', 'open jupyterlab protein', true],
    ['prot jup', 'open jupyterlab protein', true],
    ['jlp', 'open jupyterlab protein', true],
    ['rcn', 'reconnect protein', true],
    ['xyz', 'open jupyterlab protein', false],
    ['jup xyz', 'open jupyterlab protein', false],
    ['', 'open jupyterlab protein', true],
  ])('“%s” in “%s”: %s', (typed, text, found) => {
    expect(fitOf(wordsOf(typed), text) > 0).toBe(found);
  });

  it('prefers the beginning of a word to the middle of one, and both to letters that stand apart', () => {
    const texts = ['a restart', 'reset all', 'art', 'smart', 'a red truck'];
    const by = (typed: string) =>
      texts
        .map((text) => [fitOf(wordsOf(typed), text), text] as const)
        .filter(([fits]) => fits > 0)
        .sort((a, b) => b[0] - a[0])
        .map(([, text]) => text);
    expect(by('art')).toEqual(['art', 'a restart', 'smart', 'a red truck']);
  });
});

describe('the palette', () => {
  beforeEach(() => {
    recent.value = [];
  });

  it('offers what can be done, with the app and with each session', async () => {
    const { app } = await page({
      sessions: [session(), session({ id: ID(2), name: 'other', link: { at: 'off' } })],
    });
    const found = search(entriesOf(app), 'connect', []).map(({ action, of }) => [action.label, of]);
    expect(found).toContainEqual(['Reconnect', 'notebook · Connected']);
    expect(found).toContainEqual(['Connect', 'other · Ready']);
    expect(found).not.toContainEqual(['Reconnect', 'other · Ready']);
  });

  it('puts what ends something after its equals', async () => {
    const starting = session({ status: 'starting', link: { at: 'off' }, stages: [] });
    const { app } = await page({ sessions: [starting] });
    const labels = search(entriesOf(app), 'c', []).map(({ action }) => action.label);
    expect(labels).toContain('Cancel launch');
    expect(labels.indexOf('Cancel launch')).toBeGreaterThan(labels.indexOf('Copy session ID'));
  });

  it('puts what was used lately before its equals', async () => {
    const { app } = await page({ sessions: [session()] });
    const first = () => search(entriesOf(app), '', recent.value)[0]?.action.label;
    expect(first()).toBe('New session');
    const settings = entriesOf(app).find(({ action }) => action.label === 'Settings');
    if (settings) perform(app, settings.action);
    expect(first()).toBe('Settings');
  });

  it.each([40, 1000])('finds among %i sessions within a frame', async (count) => {
    const sessions = Array.from({ length: count }, (_, n) =>
      session({ id: ID(n + 1), name: `session ${n}` }),
    );
    const { app } = await page({ sessions });
    const entries = entriesOf(app);
    for (const typed of ['r', 're', 'rec', 'rec 3', 'rec 39']) {
      // The quickest of some, since other programs run here, too.
      let quickest = Number.POSITIVE_INFINITY;
      for (let tries = 0; tries < 100 && quickest >= 16; tries++) {
        const from = performance.now();
        expect(search(entries, typed, []).length).toBeGreaterThan(0);
        quickest = Math.min(quickest, performance.now() - from);
      }
      expect(quickest, typed).toBeLessThan(16);
    }
  });
});

describe('what cannot be done just now', () => {
  it('says why, and is not done', async () => {
    const { app, wire } = await page();
    const closed = session({ vscode: 'pending' });
    const open = sessionActions(app, closed).find(({ id }) => id === 'openVscode');
    if (open) perform(app, open);
    expect(app.toasts.shown.value.map(({ title }) => title)).toEqual(['VS Code is still starting']);
    expect(wire.asked('session.openVscode')).toEqual([]);
  });
});
