import { describe, expect, it } from 'vitest';
import {
  allLive,
  countRequest,
  POLL_START,
  type PollPhase,
  type PollRequest,
  type PollState,
  type PollWorld,
  pollPhase,
  pollPlan,
  pollSoon,
  takePage,
} from '../../../main/core/clearml/poll.ts';
import { readTask, type SessionTask } from '../../../main/core/clearml/task.ts';

const HOUR = 3_600_000;
const START = 1_700_000_000_000;

const session = (n: number, phase: PollPhase) => ({ id: `s${n}`, phase, queue: `q${n % 3}` });
const sessions = (count: number, phase: PollPhase) =>
  Array.from({ length: count }, (_, n) => session(n, phase));
const world = (followed: PollWorld['followed'], more: Partial<PollWorld> = {}): PollWorld => ({
  followed,
  ask: [],
  idle: [],
  pages: 1,
  unread: false,
  failures: 0,
  ...more,
});

/** Polls for an hour; the world may depend on the time since the start. */
function hour(worldAt: (ms: number) => PollWorld, begin: PollState = POLL_START) {
  const sent: { at: number; request: PollRequest }[] = [];
  let state = begin;
  let now = START;
  let plans = 0;
  while (now < START + HOUR) {
    const plan = pollPlan(state, worldAt(now - START), now);
    for (const request of plan.requests) sent.push({ at: now, request });
    expect(plan.nextAt).toBeGreaterThan(now);
    state = plan.state;
    // Timers are never exact.
    now = plan.nextAt + (plans++ % 7);
  }
  return { sent, plans };
}

/** The most requests within any 60 s. */
function busiestMinute(sent: readonly { at: number }[]): number {
  return Math.max(0, ...sent.map(({ at }) => sent.filter((s) => s.at >= at && s.at < at + 60_000).length));
}

const kinds = (sent: readonly { request: PollRequest }[]) => {
  const counts: Record<string, number> = {};
  for (const { request } of sent) counts[request.get] = (counts[request.get] ?? 0) + 1;
  return counts;
};

function longestGap(sent: readonly { at: number; request: PollRequest }[], get: PollRequest['get']): number {
  const times = [START, ...sent.filter((s) => s.request.get === get).map((s) => s.at), START + HOUR];
  return Math.max(...times.slice(1).map((at, i) => at - (times[i] ?? at)));
}

describe('the budget of an hour', () => {
  it.each([0, 1, 10, 40])('is at most 4 requests in any minute with %i sessions that run', (count) => {
    const { sent } = hour(() => world(sessions(count, 'steady')));
    expect(busiestMinute(sent)).toBeLessThanOrEqual(4);
    expect(longestGap(sent, 'live')).toBeLessThan(20_100);
    expect(kinds(sent)).toEqual({ live: expect.any(Number), finished: 6 });
    expect(sent.length).toBeLessThanOrEqual(200);
  });

  it.each<[string, PollWorld['followed']]>([
    ['1 that waits', sessions(1, 'queued')],
    ['1 that starts', sessions(1, 'starting')],
    ['1 that ends', sessions(1, 'ending')],
    ['40 that wait', sessions(40, 'queued')],
    ['40 that start', sessions(40, 'starting')],
    ['10 of each', [...sessions(10, 'queued'), ...sessions(10, 'starting'), ...sessions(10, 'steady')]],
  ])('is at most 15 requests in any minute with %s', (_, followed) => {
    const { sent } = hour(() => world(followed, { ask: ['x'] }));
    expect(busiestMinute(sent)).toBeLessThanOrEqual(15);
    expect(longestGap(sent, 'live')).toBeLessThan(6_100);
  });

  it('holds with sessions that must be asked for by id, and with lists of several pages', () => {
    const idle = hour(() => world(sessions(3, 'steady'), { ask: ['x', 'y'], pages: 3 }));
    expect(busiestMinute(idle.sent)).toBeLessThanOrEqual(4);
    expect(longestGap(idle.sent, 'tasks')).toBeLessThan(61_000);
    const pages = idle.sent.flatMap(({ request }) => (request.get === 'live' ? [request.page] : []));
    expect(pages.slice(0, 7)).toEqual([0, 1, 2, 0, 1, 2, 0]);
  });

  it('holds while sessions seem to be idle, whose machines are asked for every ten minutes, all at once', () => {
    const idle = ['s0', 's1'];
    const { sent } = hour(() => world(sessions(3, 'steady'), { idle }));
    expect(busiestMinute(sent)).toBeLessThanOrEqual(4);
    expect(kinds(sent)).toEqual({ live: expect.any(Number), finished: expect.any(Number), loads: 6 });
    expect(longestGap(sent, 'loads')).toBeLessThan(661_000);
    expect(sent.find(({ request }) => request.get === 'loads')?.request).toEqual({ get: 'loads', ids: idle });
  });

  it('holds with requests that others send', () => {
    let state = pollPlan(POLL_START, world([]), START).state;
    for (let i = 0; i < 4; i++) state = countRequest(state, START + 1000 * i);
    const { sent } = hour(() => world([]), state);
    expect(sent[0]?.at).toBeGreaterThanOrEqual(START + 60_000);
    expect(busiestMinute(sent)).toBeLessThanOrEqual(4);
  });

  it('holds when the plan is asked for too early', () => {
    let { state } = pollPlan(POLL_START, world([]), START);
    for (let i = 0; i < 2; i++) state = countRequest(state, START + 1000);
    expect(pollPlan({ ...state, asked: ['x'] }, world([], { ask: ['x'] }), START + 21_000).requests).toEqual(
      [],
    );
  });

  it('is the quiet one as soon as it is quiet, without a pause', () => {
    const { sent } = hour((ms) => world(sessions(1, ms < 120_000 ? 'starting' : 'steady')));
    const after = sent.filter(({ at }) => at >= START + 120_000);
    expect(after[0]?.at).toBeLessThan(START + 145_000);
    expect(busiestMinute(after)).toBeLessThanOrEqual(4);
  });
});

describe('what is asked for', () => {
  const first = (w: PollWorld) => pollPlan(POLL_START, w, START).requests;

  it('is the list and what is over in the beginning', () => {
    expect(first(world([]))).toEqual([{ get: 'live', page: 0 }, { get: 'finished' }]);
  });

  it('are the queues of all waiting sessions in one request, and the consoles of starting ones in turns', () => {
    const followed = [
      session(0, 'queued'),
      session(1, 'queued'),
      session(2, 'starting'),
      session(3, 'starting'),
      session(4, 'steady'),
    ];
    const { sent } = hour(() => world(followed));
    const sides = sent.map(({ request }) => request).filter(({ get }) => get === 'queues' || get === 'log');
    expect(sides.slice(0, 5)).toEqual([
      { get: 'queues', ids: ['q0', 'q1'] },
      { get: 'log', id: 's2' },
      { get: 'queues', ids: ['q0', 'q1'] },
      { get: 'log', id: 's3' },
      { get: 'queues', ids: ['q0', 'q1'] },
    ]);
  });

  it('is the console of each starting session when nothing waits', () => {
    const { sent } = hour(() =>
      world([session(1, 'starting'), session(2, 'starting'), session(3, 'starting')]),
    );
    const ids = sent.flatMap(({ request }) => (request.get === 'log' ? [request.id] : []));
    expect(ids.slice(0, 6)).toEqual(['s1', 's2', 's3', 's1', 's2', 's3']);
  });

  it('is the place of a session in its queue as soon as it is known to wait', () => {
    const { state } = pollPlan(POLL_START, world([]), START);
    const { requests } = pollPlan(state, world([session(1, 'queued')]), START + 100);
    expect(requests).toEqual([{ get: 'queues', ids: ['q1'] }]);
  });

  it('is a session that vanished from the list, at once', () => {
    const { state } = pollPlan(POLL_START, world([]), START);
    expect(pollPlan(state, world([], { ask: ['gone'] }), START + 10).requests).toEqual([
      { get: 'tasks', ids: ['gone'] },
    ]);
  });

  it('is a session that vanished, was found, and vanished again', () => {
    let { state } = pollPlan(POLL_START, world([]), START);
    for (const [ask, expected] of [
      [['s1'], 1],
      [[], 0],
      [['s1'], 1],
    ] as const) {
      const plan = pollPlan(state, world([], { ask }), START + 10);
      expect(plan.requests).toHaveLength(expected);
      state = plan.state;
    }
  });

  it('is the list at once after something was asked for, however much was sent before', () => {
    let { state } = pollPlan(POLL_START, world([]), START);
    for (let i = 0; i < 9; i++) state = countRequest(state, START);
    expect(pollPlan(state, world([]), START + 1).requests).toEqual([]);
    expect(pollPlan(pollSoon(state), world([]), START + 1).requests).toEqual([{ get: 'live', page: 0 }]);
  });

  it('is only the list, ever more slowly, while the server does not answer', () => {
    const gaps: number[] = [];
    let state = pollSoon(POLL_START);
    let now = START;
    for (let failures = 1; failures <= 6; failures++) {
      const plan = pollPlan(state, world(sessions(2, 'starting'), { failures }), now);
      expect(plan.requests).toEqual([{ get: 'live', page: 0 }]);
      gaps.push(plan.nextAt - now);
      state = plan.state;
      now = plan.nextAt + (failures < 6 ? 30_000 : 0);
    }
    expect(gaps).toEqual([5_000, 10_000, 20_000, 30_000, 30_000, 30_000]);
  });

  it.each<[string, object, Parameters<typeof pollPhase>[1], PollPhase]>([
    ['waits', { status: 'queued' }, { status: 'queued', jupyter: 'pending', vscode: 'off' }, 'queued'],
    [
      'starts',
      { status: 'in_progress' },
      { status: 'starting', jupyter: 'pending', vscode: 'off' },
      'starting',
    ],
    [
      'runs without its tools',
      { status: 'in_progress' },
      { status: 'running', jupyter: 'ready', vscode: 'pending' },
      'starting',
    ],
    ['runs', { status: 'in_progress' }, { status: 'running', jupyter: 'ready', vscode: 'failed' }, 'steady'],
    ['stops', { status: 'in_progress' }, { status: 'stopping', jupyter: 'ready', vscode: 'off' }, 'ending'],
    ['is over', { status: 'failed' }, { status: 'failed', jupyter: 'off', vscode: 'off' }, 'steady'],
    [
      'waits for nothing',
      { status: 'created' },
      { status: 'queued', jupyter: 'pending', vscode: 'off' },
      'steady',
    ],
  ])('follows a session that %s', (_, raw, facts, phase) => {
    expect(pollPhase(readTask({ id: 'x', ...raw }) as SessionTask, facts)).toBe(phase);
  });
});

describe('a session that vanished from the list', () => {
  it('is asked for at once, however much was asked within the minute', () => {
    const sent = [START - 9_000, START - 9_000, START - 9_000, START];
    const state: PollState = { ...POLL_START, sent, listAt: START, otherAt: START, finishedAt: START };
    expect(pollPlan(state, world([]), START + 1).requests).toEqual([]);
    const gone = world([], { ask: ['x'] });
    const plan = pollPlan(state, gone, START + 1);
    expect(plan.requests).toEqual([{ get: 'tasks', ids: ['x'] }]);
    expect(pollPlan(plan.state, gone, START + 2).requests).toEqual([]);
  });
});

describe('the pages of the list', () => {
  it('are read one right after the other at first, within the budget', () => {
    let state = POLL_START;
    const read: number[] = [];
    for (let now = START; now < START + 30_000; now += 100) {
      const plan = pollPlan(state, world([], { pages: read.length + 1, unread: read.length < 3 }), now);
      state = plan.state;
      for (const request of plan.requests) if (request.get === 'live') read.push(request.page);
    }
    expect(read).toEqual([0, 1, 2]);
    expect(state.sent).toHaveLength(4);
  });

  const task = (id: string) => readTask({ id }) as SessionTask;
  const [a, b, c] = [task('a'), task('b'), task('c')];

  it('are one when the first is not full', () => {
    const pages = takePage([], 0, { tasks: [a, b], full: false });
    expect(allLive(pages)).toEqual([a, b]);
    expect(allLive([])).toBeUndefined();
  });

  it('are all needed before anything can be said to be missing', () => {
    const one = takePage([], 0, { tasks: [a, b], full: true });
    expect(one).toHaveLength(2);
    expect(allLive(one)).toBeUndefined();
    expect(allLive(takePage(one, 1, { tasks: [b, c], full: false }))).toEqual([a, b, c]);
  });

  it('become fewer again', () => {
    const two = takePage(takePage([], 0, { tasks: [a], full: true }), 1, { tasks: [b], full: false });
    expect(allLive(takePage(two, 0, { tasks: [c], full: false }))).toEqual([c]);
  });
});
