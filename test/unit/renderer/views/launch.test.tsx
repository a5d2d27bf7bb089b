import { describe, expect, it, vi } from 'vitest';
import { DEFAULTS, type OptionName } from '../../../../preload/contract/options.ts';
import type { QueueView, SessionView } from '../../../../preload/contract/state.ts';
import type { Reply } from '../../../../preload/contract/wire.ts';
import { LaunchView } from '../../../../renderer/views/launch/LaunchView.tsx';
import { ID, queueView, session } from '../../../doubles/state.ts';
import { FakeWire } from '../fake-wire.ts';
import { mount, type } from '../mount.tsx';

const queue = (n: number, different: Partial<QueueView> = {}) =>
  queueView({ id: ID(n), name: `queue ${n}`, ...different });

async function wizard(queues: readonly QueueView[], lastQueue = '', wire = new FakeWire()) {
  wire.answer('queue.list', { queues });
  const mounted = await mount(
    <LaunchView />,
    {
      launchDefaults: {
        ...DEFAULTS,
        queue: lastQueue,
        docker: '',
        vscodeServer: false,
        sessionName: 'again',
      },
    },
    wire,
  );
  await vi.waitUntil(() => mounted.root.querySelectorAll('.queue').length === queues.length);
  const chosen = (): string | undefined =>
    mounted.root.querySelector<HTMLInputElement>('[name=queue]:checked')?.value;
  const field = (name: OptionName): HTMLInputElement | null =>
    mounted.root.querySelector(`[data-option=${name}] input`);
  return { ...mounted, chosen, field };
}

describe('the wizard', () => {
  it('opens with the last answers', async () => {
    const { root, wire, button, chosen } = await wizard([queue(1), queue(2)], 'queue 2');
    expect(chosen()).toBe('queue 2');
    wire.answer('session.launch', { id: ID(7) });
    button('Launch').click();
    await vi.waitUntil(() => wire.asked('session.launch').length === 1);
    expect(wire.asked('session.launch')).toEqual([
      {
        ...DEFAULTS,
        queue: 'queue 2',
        docker: '',
        vscodeServer: false,
        sessionName: 'again',
        remember: true,
      },
    ]);
    await vi.waitUntil(() => root.querySelector('.progress') !== null);
  });

  it('prefers a queue with an idle agent when the last one is gone', async () => {
    const queues = [queue(1, { agents: 0, idle: 0 }), queue(2, { idle: 0 }), queue(3)];
    expect((await wizard(queues, 'gone')).chosen()).toBe('queue 3');
    expect((await wizard(queues.slice(0, 2), 'gone')).chosen()).toBe('queue 2');
  });

  it('says what serves each queue, and warns of one that nobody serves', async () => {
    const { root } = await wizard([
      queue(1, { agents: 3, idle: 2, waiting: 4 }),
      queue(2, { agents: 1, idle: 0 }),
      queue(3, { agents: 0, idle: 0 }),
    ]);
    expect([...root.querySelectorAll('.queue-words')].map((w) => w.textContent)).toEqual([
      '3 agents, 2 idle, 4 waiting',
      '1 agent, 0 idle',
      'No agent serves this queue: the session would wait.',
    ]);
  });

  it('says what is wrong while typing and does not launch it', async () => {
    const { root, wire, button, field } = await wizard([queue(1)]);
    type(field('docker'), 'Not An Image');
    await vi.waitUntil(() => root.querySelector('.wrong')?.textContent?.startsWith('An image looks like'));
    button('Launch').click();
    expect(wire.asked('session.launch')).toEqual([]);
    await vi.waitUntil(() => document.activeElement === field('docker'));
  });

  it('can be cancelled while the session is being created', async () => {
    let answer: (reply: Reply) => void = () => {};
    const wire = new FakeWire().answerLater('session.launch', new Promise((resolve) => (answer = resolve)));
    const { app, button, buttons } = await wizard([queue(1)], 'queue 1', wire);
    button('Launch').click();
    await vi.waitUntil(() => buttons().includes('Creating…'));
    button('Cancel').click();
    await vi.waitUntil(() => wire.asked('session.cancel').length === 1);
    expect(wire.asked('session.cancel')).toEqual([{}]);
    answer({ ok: false, problem: { code: 'cancelled', message: 'Cancelled.' } });
    await vi.waitUntil(() => buttons().includes('Launch'));
    expect(app.toasts.shown.value).toEqual([]);
  });

  it('shows the stages of what it made, and the links once it is connected', async () => {
    const { root, wire, button, buttons } = await wizard([queue(1)], 'queue 1');
    wire.answer('session.launch', { id: ID(7) });
    button('Launch').click();
    await vi.waitUntil(() => root.querySelector('.progress') !== null);
    const starting = session({ id: ID(7), status: 'starting', link: { at: 'off' }, ports: {} });
    wire.tellSessions(2, [
      { ...starting, stages: [{ name: 'queued', status: 'active', detail: 'Position 2' }] },
    ]);
    await vi.waitUntil(() => root.textContent?.includes('Position 2'));
    expect(buttons()).toContain('Cancel launch');
    wire.tellSessions(3, [session({ id: ID(7) })]);
    await vi.waitUntil(() => buttons().includes('Open JupyterLab'));
  });

  it('says that it may be closed, takes the focus there, and says how the launch ended', async () => {
    const { root, wire, button } = await wizard([queue(1)], 'queue 1');
    wire.answer('session.launch', { id: ID(7) });
    button('Launch').click();
    await vi.waitUntil(() => document.activeElement?.tagName === 'H2');
    const head = (): string | null | undefined => root.querySelector('.progress-head')?.textContent;
    const become = (rev: number, different: Partial<SessionView>): void =>
      wire.tellSessions(rev, [session({ id: ID(7), ...different })]);
    become(2, { status: 'starting', link: { at: 'off' } });
    await vi.waitUntil(() => head()?.includes('You may close this'));
    become(3, { jupyter: 'pending' });
    become(4, {});
    await vi.waitUntil(() => head()?.startsWith('It is ready'));
    become(5, { link: { at: 'failed', reason: { code: 'host-key', message: 'Another key.' } } });
    await vi.waitUntil(() => head()?.startsWith('It runs, but cannot be connected'));
    become(6, { status: 'failed', link: { at: 'off' } });
    await vi.waitUntil(() => head()?.startsWith('The launch did not succeed'));
    wire.tellSessions(7, []);
    await vi.waitUntil(() => head()?.startsWith('The launch was cancelled'));
    button('Start another').click();
    await vi.waitUntil(() => root.querySelector('.wizard') !== null);
  });

  it('offers to read the queues again after a failure', async () => {
    const wire = new FakeWire().refuse('queue.list', { code: 'timeout', message: 'ClearML took too long.' });
    const { root, button } = await mount(<LaunchView />, {}, wire);
    await vi.waitUntil(() => root.textContent?.includes('ClearML took too long.'));
    wire.answer('queue.list', { queues: [queue(1)] });
    button('Try again').click();
    await vi.waitUntil(() => root.querySelectorAll('.queue').length === 1);
  });
});
