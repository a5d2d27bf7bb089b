import { describe, expect, it } from 'vitest';
import {
  finishedSessions,
  type OwnSession,
  ownFiles,
  ownSession,
  pathOn,
  removableAlone,
} from '../../../main/core/cleanup-plan.ts';
import { ID } from '../../doubles/state.ts';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-20T12:00:00Z');
const ago = (days: number): string => new Date(NOW - days * DAY).toISOString();

const file = (key: string, uri: string, more: object = {}) => ({ key, uri, mode: 'output', ...more });

function own(n: number, more: object = {}): OwnSession {
  const session = ownSession({ id: ID(n), name: `s${n}`, status: 'completed', completed: ago(n), ...more });
  if (!session) throw new Error('no session');
  return session;
}
const saved = (n: number, uri: string, more: object = {}): OwnSession =>
  own(n, {
    execution: { artifacts: [file('workspace', uri, { mode: 'input', content_size: 1000 })] },
    ...more,
  });

describe('the sessions that may be cleaned up', () => {
  it('are those that are over, the oldest first, with the size of their files', () => {
    const artifacts = [file('a', 'u1', { content_size: 5 }), file('b', 'u2', { content_size: 7 })];
    const list = finishedSessions([
      own(1, { status: 'failed' }),
      own(3, { execution: { artifacts } }),
      own(2, { status: 'in_progress' }),
    ]);
    expect(list).toMatchObject([
      { id: ID(3), bytes: 12, workspace: false, failed: false, endedAt: NOW - 3 * DAY },
      { id: ID(1), bytes: 0, failed: true },
    ]);
  });

  it('are protected where their workspace is the newest, by the time when it was saved', () => {
    const isProtected = (...sessions: OwnSession[]) =>
      finishedSessions(sessions)
        .filter((s) => s.isProtected)
        .map(({ id }) => id);
    expect(isProtected(own(1), saved(2, 'a'), saved(3, 'b'))).toEqual([ID(2)]);
    const late = file('workspace', 'b', { timestamp: NOW / 1000 });
    expect(isProtected(saved(2, 'a'), own(3, { execution: { artifacts: [late] } }))).toEqual([ID(3)]);
    expect(isProtected(own(1))).toEqual([]);
  });

  it('name what was made out of them, also what still runs', () => {
    const [first] = finishedSessions([own(9), own(1, { status: 'in_progress', parent: ID(9) })]);
    expect(first?.parentOf).toEqual(['s1']);
  });

  it('go by themselves only when they are old and have no workspace', () => {
    const finished = finishedSessions([own(10), own(31), saved(40, 'a'), saved(50, 'b')]);
    expect(removableAlone(finished, 30, NOW)).toEqual([ID(31)]);
    expect(removableAlone(finished, 31, NOW)).toEqual([]);
  });
});

describe('the files of a session', () => {
  it('are left where another one needs them, as a clone does the workspace of its parent', () => {
    const parent = own(2, {
      execution: { artifacts: [file('workspace', 'w'), file('session-files', 'f')] },
    });
    expect(ownFiles(parent, [saved(1, 'w')])).toEqual(['f']);
    expect(ownFiles(parent, [saved(1, 'x')])).toEqual(['w', 'f']);
  });

  it.each([
    ['http://f:8081/DevOps/My%20s.1/a.zip', '/DevOps/My s.1/a.zip'],
    ['http://f:8081/100%/a.zip', '/100%/a.zip'],
    ['http://f:80811/a.zip', undefined],
    ['s3://bucket/a.zip', undefined],
  ])('at %s are deleted at %s', (uri, path) => {
    expect(pathOn('http://f:8081/', uri)).toBe(path);
  });
});
