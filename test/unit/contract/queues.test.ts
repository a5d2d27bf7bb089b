import { describe, expect, it } from 'vitest';
import { choosableQueues, queueWarning } from '../../../preload/contract/queues.ts';
import type { QueueView } from '../../../preload/contract/state.ts';
import { queueView } from '../../doubles/state.ts';

const queue = (name: string, different: Partial<QueueView> = {}) =>
  queueView({ id: name, name, ...different });

const names = (queues: readonly QueueView[], include: string[] = [], exclude: string[] = []) =>
  choosableQueues(queues, { queueIncludeTag: include, queueExcludedTag: exclude }).map((q) => q.name);

describe('the queues that are offered', () => {
  const plain = queue('plain');
  const gpu = queue('gpu', { tags: ['gpu', 'fast'] });
  const services = queue('services', { systemTags: ['internal'] });
  const sessions = queue('sessions', { systemTags: ['interactive'], tags: ['gpu'] });

  it('are those for sessions, else all but internal ones, by name', () => {
    expect(names([plain, services, sessions, gpu])).toEqual(['sessions']);
    expect(names([plain, services, gpu])).toEqual(['gpu', 'plain']);
  });

  it('are limited by tags of people and of the system', () => {
    expect(names([plain, services, sessions, gpu], ['gpu'])).toEqual(['gpu', 'sessions']);
    expect(names([plain, services, sessions, gpu], ['gpu', 'internal'])).toEqual(['gpu', 'sessions']);
    expect(names([plain, services, sessions, gpu], ['gpu'], ['fast'])).toEqual(['sessions']);
    expect(names([plain, services, sessions, gpu], [], ['interactive'])).toEqual([
      'gpu',
      'plain',
      'services',
    ]);
  });
});

describe('a queue that nothing would pick a session up from', () => {
  it('is warned about', () => {
    expect(queueWarning(queue('a'))).toBeUndefined();
    expect(queueWarning(queue('a', { agents: 0 }))).toBe(
      'No agent serves this queue: the session would wait.',
    );
    const workers = [{ name: 'w:0', at: 'silent' }] as const;
    expect(queueWarning(queue('a', { agents: 0, workers }))).toMatch(/silent and probably dead/);
  });
});
