import { describe, expect, it } from 'vitest';
import { observe, type Seen } from '../../../../main/core/clearml/facts.ts';
import {
  type MadeView,
  makeView,
  type Tracked,
  UNKNOWN,
  type ViewContext,
  viewOf,
} from '../../../../main/core/session/view.ts';
import { MINUTE, T0, task } from '../../clearml/tasks.ts';

const context = (now: number): ViewContext => ({
  me: 'u1',
  web: '',
  now,
  hasPublicKey: false,
  isCancelled: false,
});

describe('the view of a session', () => {
  const waiting = task({ status: 'queued' });
  const first: Seen = observe(undefined, waiting, T0);

  it.each([
    ['waits in its queue', {}, { status: 'queued' }],
    ['is being set up', {}, {}],
    ['is a clone with an old port', {}, { parent: 'p', properties: { internal_ssh_port: '10022' } }],
    [
      'has a tool that does not come',
      {},
      { properties: { internal_ssh_port: '10022', jupyter_port: '8888' } },
    ],
    ['is being shut down', { shutDownUntil: T0 + MINUTE }, { properties: { internal_ssh_port: '10022' } }],
    ['has ended', {}, { status: 'stopped' }],
  ])('is what it would be if it were made anew at each moment: one that %s', (_, local, changes) => {
    const now = task(changes);
    const tracked: Tracked = {
      task: now,
      seen: observe(first, now, T0 + 7),
      local: { ...UNKNOWN, ...local },
    };
    let made: MadeView | undefined;
    for (let at = T0; at < T0 + 20 * MINUTE; at += 997) {
      made = makeView(made, tracked, context(at));
      expect(made.view).toEqual(viewOf(tracked, context(at)));
    }
    // The clock was set back.
    expect(makeView(made, tracked, context(T0)).view).toEqual(viewOf(tracked, context(T0)));
  });

  it('is the same object until something in it changes', () => {
    const tracked: Tracked = { task: waiting, seen: first, local: UNKNOWN };
    const made = makeView(undefined, tracked, context(T0));
    const later = makeView(made, { ...tracked, local: { ...UNKNOWN, lines: ['one'] } }, context(T0 + 1));
    expect(later.view).toBe(made.view);
    expect(makeView(later, tracked, { ...context(T0 + 2), isCancelled: true }).view.ending).toBe('cancel');
  });
});
