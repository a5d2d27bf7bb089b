import { describe, expect, it } from 'vitest';
import {
  canCancel,
  canConnect,
  canDisconnect,
  canOpen,
  canReconnect,
  canShutDown,
  isConnected,
  isLive,
  isOver,
  type Link,
  type SessionStatus,
  type SessionView,
  type SessionWord,
  sessionWord,
} from '../../../preload/contract/state.ts';
import { session } from '../../doubles/state.ts';

const reason = { code: 'unreachable', message: 'Gone.' } as const;
const OFF: Link = { at: 'off' };
const FIRST: Link = { at: 'connecting', attempt: 1, since: 0 };
const AGAIN: Link = { at: 'connecting', attempt: 2, since: 0 };
const UP: Link = { at: 'up', since: 0 };
const WAITING: Link = { at: 'waiting', attempt: 1, retryAt: 0, lostAt: 0, reason };
const FAILED: Link = { at: 'failed', reason };

describe('the word of a session', () => {
  it.each<[SessionStatus, Link, SessionView['ending'], SessionWord]>([
    ['queued', OFF, undefined, 'Queued'],
    ['starting', OFF, undefined, 'Starting'],
    ['running', OFF, undefined, 'Ready'],
    ['running', FIRST, undefined, 'Connecting'],
    ['running', AGAIN, undefined, 'Reconnecting'],
    ['running', UP, undefined, 'Connected'],
    ['running', WAITING, undefined, 'Reconnecting'],
    ['running', FAILED, undefined, 'Cannot connect'],
    ['stopping', UP, undefined, 'Stopping'],
    ['queued', OFF, 'cancel', 'Cancelling'],
    ['running', UP, 'shut-down', 'Stopping'],
    ['failed', OFF, 'cancel', 'Failed'],
    ['finished', OFF, 'shut-down', 'Finished'],
  ])('%s, link %o, ending %s: %s', (status, link, ending, word) => {
    expect(sessionWord(session({ status, link, ...(ending ? { ending } : {}) }))).toBe(word);
  });
});

describe('what is allowed', () => {
  const rules = { canConnect, canReconnect, canDisconnect, canShutDown, canCancel };
  const allowed = (s: SessionView): string[] =>
    Object.entries(rules).flatMap(([name, rule]) => (rule(s) ? [name] : []));

  it.each<[string, Partial<SessionView>, readonly string[]]>([
    ['queued', { status: 'queued', link: OFF }, ['canCancel']],
    ['starting', { status: 'starting', link: OFF }, ['canCancel']],
    ['somebody else’s queued one', { status: 'queued', link: OFF, mine: false }, []],
    ['being cancelled', { status: 'starting', link: OFF, ending: 'cancel' }, []],
    ['ready', { link: OFF }, ['canConnect', 'canShutDown']],
    ['connecting', { link: FIRST }, ['canReconnect', 'canDisconnect', 'canShutDown']],
    ['connected', { link: UP }, ['canReconnect', 'canDisconnect', 'canShutDown']],
    ['waiting', { link: WAITING }, ['canReconnect', 'canDisconnect', 'canShutDown']],
    ['failed to connect', { link: FAILED }, ['canConnect', 'canReconnect', 'canDisconnect', 'canShutDown']],
    ['being shut down', { link: UP, ending: 'shut-down' }, ['canDisconnect']],
    ['stopping', { status: 'stopping', link: UP }, ['canDisconnect']],
    ['failed', { status: 'failed', link: OFF }, []],
    ['finished', { status: 'finished', link: OFF }, []],
  ])('%s', (_, different, expected) => expect(allowed(session(different))).toEqual(expected));

  it('opens a tool only through a port of a connection that is up', () => {
    expect(canOpen(session({ link: UP, ports: { ssh: 8022 } }), 'ssh')).toBe(true);
    expect(canOpen(session({ link: UP, ports: { ssh: 8022 } }), 'jupyter')).toBe(false);
    expect(canOpen(session({ link: WAITING }), 'ssh')).toBe(false);
  });

  it.each<[SessionStatus, boolean, boolean]>([
    ['queued', true, false],
    ['starting', true, false],
    ['running', true, false],
    ['stopping', false, false],
    ['failed', false, true],
    ['finished', false, true],
  ])('%s: live %s, over %s', (status, live, over) => {
    expect([isLive(session({ status })), isOver(session({ status }))]).toEqual([live, over]);
  });

  it('calls connected only what is up', () => {
    expect([OFF, FIRST, UP, WAITING, FAILED].map((link) => isConnected(session({ link })))).toEqual([
      false,
      false,
      true,
      false,
      false,
    ]);
  });
});
