import { signal } from '@preact/signals';
import { describe, expect, it } from 'vitest';
import type { SessionView } from '../../../preload/contract/state.ts';
import { announcements } from '../../../renderer/announce.ts';
import { ID, session } from '../../doubles/state.ts';

const waiting = {
  at: 'waiting',
  attempt: 1,
  retryAt: 0,
  lostAt: 0,
  reason: { code: 'unreachable', message: 'Gone.' },
} as const;

describe('announcements for screen readers', () => {
  it('say what an own session has become, and nothing about the first list', () => {
    const sessions = signal<readonly SessionView[]>([session()]);
    const said = announcements(sessions);
    expect(said.value).toBe('');
    sessions.value = [session({ link: waiting })];
    expect(said.value).toBe('notebook: Reconnecting.');
    sessions.value = [session({ link: { ...waiting, attempt: 2 } })];
    expect(said.value).toBe('notebook: Reconnecting.');
  });

  it('call a session connected once its tools are there, too', () => {
    const coming = session({ jupyter: 'pending', link: { at: 'connecting', attempt: 1, since: 0 } });
    const sessions = signal<readonly SessionView[]>([coming]);
    const said = announcements(sessions);
    sessions.value = [session({ jupyter: 'pending' })];
    expect(said.value).toBe('');
    sessions.value = [session()];
    expect(said.value).toBe('notebook: Connected.');
  });

  it('are silent about sessions of others that are not connected', () => {
    const other = session({ id: ID(2), mine: false, link: { at: 'off' } });
    const sessions = signal<readonly SessionView[]>([other]);
    const said = announcements(sessions);
    sessions.value = [{ ...other, status: 'finished' }];
    expect(said.value).toBe('');
  });
});
