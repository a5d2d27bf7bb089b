import { describe, expect, it, vi } from 'vitest';
import type { Link, SessionView } from '../../../../preload/contract/state.ts';
import { now } from '../../../../renderer/now.ts';
import { route } from '../../../../renderer/route.ts';
import { reveal } from '../../../../renderer/views/sessions/reveal.ts';
import { SessionList } from '../../../../renderer/views/sessions/SessionList.tsx';
import { SessionRow } from '../../../../renderer/views/sessions/SessionRow.tsx';
import { Server } from '../../../../renderer/views/settings/Server.tsx';
import { ID, session } from '../../../doubles/state.ts';
import { mount, type } from '../mount.tsx';

const row = (different: Partial<SessionView>) => mount(<SessionRow session={session(different)} />);
const OFF: Link = { at: 'off' };
const CONNECTING: Link = { at: 'connecting', attempt: 1, since: 0 };

describe('the row of a session', () => {
  it('is named after the session and says its state as a word', async () => {
    const { root } = await row({});
    const article = root.querySelector('article');
    const label = article?.getAttribute('aria-labelledby') ?? '';
    expect(root.querySelector(`[id="${label}"]`)?.textContent).toBe('notebook');
    expect(root.querySelector('.word')?.textContent).toBe('Connected');
  });

  it.each<[string, Partial<SessionView>, readonly string[]]>([
    [
      'connected',
      {},
      [
        'More actions',
        'Details',
        'Copy SSH command',
        'Open JupyterLab',
        'Open VS Code',
        'Shell',
        'Shell in a tab',
        'Reconnect',
        'Disconnect',
        'Shut down',
      ],
    ],
    ['ready', { link: OFF, ports: {} }, ['More actions', 'Details', 'Connect', 'Shut down']],
    [
      'queued',
      { status: 'queued', link: OFF, ports: {}, stages: [{ name: 'queued', status: 'active' }] },
      ['More actions', 'Details', 'Show log', 'Cancel launch'],
    ],
    ['finished', { status: 'finished', link: OFF, ports: {} }, ['More actions', 'Details']],
    [
      'without JupyterLab',
      { jupyter: 'off', webUrl: 'http://127.0.0.1/task' },
      [
        'More actions',
        'Details',
        'Copy SSH command',
        'Open VS Code',
        'Shell',
        'Shell in a tab',
        'Reconnect',
        'Disconnect',
        'Shut down',
      ],
    ],
  ])('when %s, offers exactly what is possible', async (_, different, names) => {
    expect((await row(different)).buttons()).toEqual(names);
  });

  it('says why a tool cannot be opened', async () => {
    const { button } = await row({ vscode: 'failed', jupyter: 'pending' });
    expect([button('Open VS Code').disabled, button('Open VS Code').title]).toEqual([
      true,
      'VS Code did not start on the machine',
    ]);
    expect(button('Open JupyterLab').title).toBe('JupyterLab is still starting');
    expect(button('Shell').disabled).toBe(false);
  });

  it('counts down to the next attempt and tells the reason', async () => {
    const reason = { code: 'unreachable', message: 'The machine does not answer.' } as const;
    const link: Link = { at: 'waiting', attempt: 2, retryAt: now.value + 3600, lostAt: 0, reason };
    const { root, wire, button, buttons } = await row({ link });
    const note = root.querySelector('.link-note');
    expect(note?.textContent).toMatch(/^The machine does not answer\. Reconnecting, next attempt in 4 s/);
    now.value += 1000;
    await vi.waitFor(() => expect(note?.textContent).toContain('next attempt in 3 s'));
    // Seconds that a screen reader would read out one by one.
    expect(note?.closest('[aria-live], [role=status], [role=alert], [role=timer]')).toBeNull();
    expect(buttons()).not.toContain('Reconnect');
    button('Reconnect now').click();
    expect(wire.asked('session.reconnect')).toEqual([{ id: ID(1) }]);
  });

  it('keeps the place of the countdown while it tries', async () => {
    const { root, buttons } = await row({ link: { at: 'connecting', attempt: 3, since: 0 } });
    expect(root.querySelector('.link-note')?.textContent).toContain('Reconnecting now.');
    expect(buttons().filter((name) => name.startsWith('Reconnect'))).toEqual(['Reconnect now']);
  });

  it('tells which connections a loss has cost, and why others would end with it', async () => {
    const link: Link = { at: 'up', since: 0, plain: 'the machine has no Python', cut: 'Two were closed.' };
    const { root, button } = await row({ link });
    expect(root.querySelector('.link-note')?.textContent).toBe('Two were closed.');
    button('Details').click();
    await vi.waitFor(() =>
      expect(root.querySelector('.details')?.textContent).toContain(
        'end when the network is lost: the machine has no Python',
      ),
    );
  });

  it('says that programs of the person are asked for the password, where the key is not taken', async () => {
    const { root } = await row({ link: { at: 'up', since: 0, passwordOnly: true } });
    expect(root.querySelector('.link-note')?.textContent).toContain('does not take the SSH key of this app');
  });

  it('asks before it shuts down, and does nothing on a no', async () => {
    const { app, wire, button } = await row({});
    button('Shut down').click();
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const asked = app.dialogs.open.value[0];
    expect(asked?.kind === 'confirm' && asked.question.title).toBe('Shut down “notebook”?');
    if (asked?.kind === 'confirm') asked.answer(false);
    await vi.waitUntil(() => button('Shut down').getAttribute('aria-busy') === null);
    expect(wire.asked('session.shutDown')).toEqual([]);

    button('Shut down').click();
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const again = app.dialogs.open.value[0];
    if (again?.kind === 'confirm') again.answer(true);
    await vi.waitUntil(() => wire.asked('session.shutDown').length === 1);
    expect(wire.asked('session.shutDown')).toEqual([{ id: ID(1) }]);
  });

  it('trusts another host key only after a careful question', async () => {
    const reason = { code: 'host-key', message: 'Another key.' } as const;
    const { app, wire, button } = await row({ link: { at: 'failed', reason } });
    button('Trust this machine anyway').click();
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const first = app.dialogs.open.value[0];
    if (first?.kind === 'confirm') first.answer(false);
    await vi.waitUntil(() => button('Trust this machine anyway').getAttribute('aria-busy') === null);
    expect(wire.asked('session.trustHostKey')).toEqual([]);
    button('Trust this machine anyway').click();
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    const asked = app.dialogs.open.value[0];
    if (asked?.kind === 'confirm') asked.answer(true);
    await vi.waitUntil(() => wire.asked('session.trustHostKey').length === 1);
  });

  it('asks for the password that a machine wants', async () => {
    const reason = { code: 'ssh-auth', message: 'Refused.' } as const;
    const { root, wire, button } = await row({ link: { at: 'failed', reason } });
    type(root.querySelector<HTMLInputElement>('input[type=password]'), 'Cu7-secret');
    button('Log in').click();
    await vi.waitUntil(() => wire.asked('session.attach').length === 1);
    expect(wire.asked('session.attach')).toEqual([{ text: ID(1), options: { password: 'Cu7-secret' } }]);
    await vi.waitUntil(() => root.querySelector<HTMLInputElement>('input[type=password]')?.value === '');
  });

  it('shows the command where no terminal can be opened', async () => {
    const { app, wire, button } = await row({});
    wire.answer('session.openShell', { opened: false, command: 'ssh -p 8022 root@127.0.0.1' });
    button('Shell').click();
    await vi.waitUntil(() => app.dialogs.open.value.length === 1);
    expect(app.dialogs.open.value[0]).toMatchObject({
      kind: 'text',
      text: { text: 'ssh -p 8022 root@127.0.0.1' },
    });
  });

  it('asks main once, however often it is clicked before the answer', async () => {
    const { wire, button } = await row({});
    wire.answerLater('session.reconnect', new Promise(() => {}));
    button('Reconnect').click();
    await vi.waitUntil(() => button('Reconnect').getAttribute('aria-busy') === 'true');
    button('Reconnect').click();
    expect(wire.asked('session.reconnect')).toHaveLength(1);
  });

  it('tells a refused call in a toast', async () => {
    const { app, wire, button } = await row({});
    wire.refuse('session.reconnect', { code: 'conflict', message: 'It is being shut down.' });
    button('Reconnect').click();
    await vi.waitUntil(() => app.toasts.shown.value.length === 1);
    expect(app.toasts.shown.value[0]?.title).toBe('It is being shut down.');
  });

  it('reads the log when it is opened, and again when a stage moves', async () => {
    const stages = [{ name: 'environment', status: 'active' }] as const;
    const starting = session({ status: 'starting', link: OFF, ports: {}, stages });
    const { wire, app, button, root } = await mount(<SessionList />, { sessions: [starting] });
    wire.answer('session.log', { lines: ['one', 'two'] });
    expect(wire.asked('session.log')).toEqual([]);
    button('Show log').click();
    await vi.waitUntil(() => root.querySelector('pre')?.textContent === 'one\ntwo');
    wire.tellSessions(2, [{ ...starting, stages: [{ name: 'ssh', status: 'active' }] }]);
    await vi.waitUntil(() => wire.asked('session.log').length === 2);
    expect(app.toasts.shown.value).toEqual([]);
  });
});

describe('the stages of a launch', () => {
  it('tell their names, their times and what matters at the moment', async () => {
    const { root } = await row({
      status: 'starting',
      link: OFF,
      ports: {},
      stages: [
        { name: 'queued', status: 'done', startedAt: 0, endedAt: 62_000 },
        { name: 'environment', status: 'active', startedAt: Date.now(), detail: 'Collecting torch' },
        { name: 'vscode', status: 'skipped' },
      ],
    });
    const steps = [...root.querySelectorAll('.stage')].map((s) => s.textContent);
    expect(steps).toEqual(['Queuedone1:02', 'Environmentin progress0:00', 'VS Codeskipped']);
    expect(root.querySelector('[aria-current=step]')?.textContent).toContain('Environment');
    expect(root.querySelector('.stage-detail')?.textContent).toBe('Collecting torch');
  });

  it.each<[string, Partial<SessionView>, boolean]>([
    ['in the queue', { status: 'queued', link: OFF }, true],
    ['connecting again', { link: CONNECTING }, false],
    ['connected, with JupyterLab to come', { jupyter: 'pending' }, false],
    ['connected and complete', {}, false],
    ['somebody else’s', { status: 'starting', mine: false, link: OFF }, false],
    ['ready, but not wanted', { jupyter: 'pending', link: OFF }, false],
  ])('are shown where they tell more than the word: %s', async (_, different, shown) => {
    const { root } = await row({ stages: [{ name: 'ssh', status: 'done' }], ...different });
    expect(root.querySelector('.stages') !== null).toBe(shown);
  });

  it('are shown until the first connection is there', async () => {
    const { connectedAt: _, ...before } = session({ stages: [{ name: 'connected', status: 'active' }] });
    const { root } = await mount(<SessionRow session={{ ...before, link: CONNECTING }} />);
    expect(root.querySelector('.stage-detail')?.textContent).toBe('Connecting to the machine.');
  });

  it('say what happens until main knows more', async () => {
    const stages = [{ name: 'environment', status: 'active' }] as const;
    const { root } = await row({ status: 'starting', link: OFF, ports: {}, stages });
    expect(root.querySelector('.stage-detail')?.textContent).toBe('The agent prepares the environment.');
  });

  it('give way to the ports, which say what is still to come', async () => {
    const { root } = await row({
      jupyter: 'pending',
      ports: { ssh: 8022, vscode: 8898 },
      stages: [{ name: 'jupyter', status: 'active', startedAt: Date.now() }],
    });
    expect([...root.querySelectorAll('.ports > li')].map((port) => port.textContent)).toEqual([
      'SSH 8022',
      'JupyterLab starting 0:00',
      'VS Code 8898',
    ]);
  });

  it('do not say twice what the note says', async () => {
    const stages = [{ name: 'environment', status: 'failed', detail: 'pip failed.' }] as const;
    const { root } = await row({ status: 'starting', link: OFF, note: 'pip failed.', stages });
    expect(root.textContent?.split('pip failed.')).toHaveLength(2);
  });

  it('tell a failure rather than what goes on beside it', async () => {
    const { root } = await row({
      status: 'starting',
      stages: [
        { name: 'ssh', status: 'active', detail: 'waiting' },
        { name: 'jupyter', status: 'failed', detail: 'It did not start.' },
      ],
    });
    expect(root.querySelector('.stage-detail')?.textContent).toBe('It did not start.');
  });
});

describe('the list', () => {
  it('has own sessions first and folds away what is over', async () => {
    const { root, button } = await mount(<SessionList />, {
      sessions: [
        session({ name: 'mine' }),
        session({ id: ID(2), name: 'theirs', mine: false }),
        session({ id: ID(3), name: 'over', status: 'finished', link: OFF }),
      ],
    });
    const names = (): (string | null)[] => [...root.querySelectorAll('h3')].map((h) => h.textContent);
    expect(names()).toEqual(['mine', 'theirs']);
    button('Earlier (1)').click();
    await vi.waitUntil(() => names().length === 3);
    expect(names()).toEqual(['mine', 'theirs', 'over']);
  });

  it('keeps an own failure of today in sight', async () => {
    const failed = session({ name: 'broken', status: 'failed', link: OFF, endedAt: Date.now() - 60_000 });
    const { root } = await mount(<SessionList />, { sessions: [failed] });
    expect(root.querySelector('h3')?.textContent).toBe('broken');
  });

  it('filters by name, queue, owner and machine once it is long', async () => {
    const sessions = Array.from({ length: 12 }, (_, n) => session({ id: ID(n + 1), name: `session ${n}` }));
    const { root } = await mount(<SessionList />, { sessions });
    type(root.querySelector<HTMLInputElement>('input[type=search]'), 'SESSION 11');
    await vi.waitUntil(() => root.querySelectorAll('h3').length === 1);
    const told = () => root.querySelector('p[role=status]')?.textContent;
    expect(told()).toBe('1 session found.');
    type(root.querySelector<HTMLInputElement>('input[type=search]'), 'nothing like it');
    await vi.waitUntil(() => told() === 'No session matches “nothing like it”.');
    type(root.querySelector<HTMLInputElement>('input[type=search]'), '');
    await vi.waitUntil(() => told() === '');
  });

  it('finds by what stands in the rows besides: how a session is, and its GPU', async () => {
    const sessions = [
      ...Array.from({ length: 12 }, (_, n) => session({ id: ID(n + 1), name: `session ${n}` })),
      session({ id: ID(20), name: 'broken', status: 'failed', link: OFF, endedAt: Date.now() }),
      session({ id: ID(21), name: 'large', machine: { gpuType: 'NVIDIA H200', gpus: 8 } }),
    ];
    const { root } = await mount(
      <main>
        <SessionList />
      </main>,
      { sessions },
    );
    const field = root.querySelector<HTMLInputElement>('input[type=search]');
    const names = () => [...root.querySelectorAll('h3')].map((name) => name.textContent);
    type(field, 'failed');
    await vi.waitUntil(() => names().join() === 'broken');
    type(field, 'h200');
    await vi.waitUntil(() => names().join() === 'large');
    field?.dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true }));
    expect(document.activeElement?.textContent).toBe('large');
  });

  it('counts the failures of today with the others', async () => {
    const failed = session({ name: 'broken', status: 'failed', link: OFF, endedAt: Date.now() - 60_000 });
    const over = session({ id: ID(3), status: 'finished', link: OFF });
    const { root } = await mount(<SessionList />, { sessions: [session({ id: ID(2) }), failed, over] });
    expect(root.querySelector('.summary')?.textContent).toBe('1 connected, 1 failed');
  });

  it('shows a session that is wanted, whatever hides it', async () => {
    const sessions = [
      ...Array.from({ length: 12 }, (_, n) => session({ id: ID(n + 1), name: `session ${n}` })),
      session({ id: ID(20), name: 'over', status: 'finished', link: OFF }),
    ];
    const { root } = await mount(<SessionList />, { sessions });
    type(root.querySelector<HTMLInputElement>('input[type=search]'), 'session 11');
    await vi.waitUntil(() => root.querySelectorAll('h3').length === 1);
    await reveal(ID(3));
    expect(document.activeElement?.textContent).toBe('session 2');
    await reveal(ID(20));
    expect(document.activeElement?.textContent).toBe('over');
  });

  it('draws a screenful at once and the rest while the browser is idle', async () => {
    const sessions = Array.from({ length: 80 }, (_, n) => session({ id: ID(n + 1) }));
    const { root } = await mount(<SessionList />, { sessions });
    expect(root.querySelectorAll('article').length).toBeLessThan(30);
    await vi.waitUntil(() => root.querySelectorAll('article').length === 80);
  });

  it('invites when nothing runs', async () => {
    const { root, button } = await mount(<SessionList />);
    expect(root.querySelector('h2')?.textContent).toBe('No session is running');
    button('Start a session');
  });

  it('shows bones, not emptiness, before the first answer', async () => {
    const { root } = await mount(<SessionList />, { loaded: false });
    expect(root.querySelector('.skeleton')).not.toBeNull();
    expect(root.textContent).not.toContain('No session is running');
  });

  it('invites to nothing that cannot be done while the server is away', async () => {
    const info = { api: 'http://a', web: 'http://w', files: 'http://f', source: 'file' } as const;
    const { button } = await mount(<SessionList />, { server: { at: 'connecting', info } });
    expect(button('Start a session').disabled).toBe(true);
  });

  it('keeps the last list while the server is offline', async () => {
    const info = { api: 'http://a', web: 'http://w', files: 'http://f', source: 'file' } as const;
    const problem = { code: 'unreachable', message: 'ClearML does not answer.' } as const;
    const { root, wire, button } = await mount(<SessionList />, {
      server: { at: 'offline', info, since: 0, problem },
      sessions: [session()],
    });
    expect(root.querySelector('.banner')?.textContent).toContain('ClearML does not answer.');
    expect(root.querySelectorAll('article')).toHaveLength(1);
    button('Try again').click();
    await vi.waitUntil(() => wire.asked('setup.retry').length === 1);
  });

  it('leads to where other credentials are entered when these are refused', async () => {
    const info = { api: 'http://a', web: 'http://w', files: 'http://f', source: 'file' } as const;
    const problem = { code: 'unauthorized', message: 'Refused.' } as const;
    const server = { at: 'offline', info, since: 0, problem } as const;
    const { button } = await mount(<SessionList />, { server });
    button('Use other credentials').click();
    await vi.waitUntil(() => route.value === 'settings');
    route.value = 'sessions';
    const { root } = await mount(<Server />, { server });
    expect(root.querySelector('textarea')).not.toBeNull();
  });

  it('offers to delete or keep an interrupted launch', async () => {
    const { wire, button } = await mount(<SessionList />, {
      leftovers: [{ id: ID(9), name: 'half-made', createdAt: 0 }],
    });
    button('Delete').click();
    button('Keep').click();
    await vi.waitUntil(() => wire.asked('leftover.keep').length === 1);
    expect(wire.asked('leftover.delete')).toEqual([{ id: ID(9) }]);
  });
});

describe('attaching', () => {
  it('asks for something to paste, and sends what was pasted without blanks', async () => {
    const { root, wire, button } = await mount(<SessionList />);
    button('Attach').click();
    await vi.waitUntil(() => root.querySelector('[role=alert]')?.textContent !== '');
    const field = root.querySelector<HTMLInputElement>('.attach input');
    type(field, '  https://app.clear.ml/projects/x  ');
    button('Attach').click();
    await vi.waitUntil(() => wire.asked('session.attach').length === 1);
    expect(wire.asked('session.attach')).toEqual([{ text: 'https://app.clear.ml/projects/x' }]);
    await vi.waitUntil(() => field?.value === '');
  });

  it('sends the options that were filled in, and forgets them after', async () => {
    const { root, wire, button } = await mount(<SessionList />);
    type(root.querySelector<HTMLInputElement>('.attach input'), 'abc');
    button('Options of attaching').click();
    await vi.waitUntil(() => root.querySelector('.attach-options input') !== null);
    const fields = [...root.querySelectorAll<HTMLInputElement>('.attach-options input')];
    type(fields[0] ?? null, 'ada lovelace');
    button('Attach').click();
    await vi.waitUntil(() => root.querySelector('.attach-options .wrong') !== null);
    expect(wire.asked('session.attach')).toEqual([]);
    type(fields[0] ?? null, 'ada');
    type(fields[1] ?? null, 'pw');
    await vi.waitUntil(() => root.querySelector('.attach-options .wrong') === null);
    button('Attach').click();
    await vi.waitUntil(() => wire.asked('session.attach').length === 1);
    expect(wire.asked('session.attach')).toEqual([
      { text: 'abc', options: { username: 'ada', password: 'pw' } },
    ]);
    await vi.waitUntil(() => root.querySelector('.attach-options input') === null);
  });

  it('says beside the field what is wrong with it', async () => {
    const { root, wire, button } = await mount(<SessionList />);
    wire.refuse('session.attach', { code: 'not-found', message: 'There is no such session.' });
    type(root.querySelector<HTMLInputElement>('.attach input'), 'abc');
    button('Attach').click();
    await vi.waitUntil(() => root.querySelector('[role=alert]')?.textContent === 'There is no such session.');
  });
});
