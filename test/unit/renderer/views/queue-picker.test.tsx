import { describe, expect, it } from 'vitest';
import type { QueueView } from '../../../../preload/contract/state.ts';
import { QueuePicker } from '../../../../renderer/views/launch/QueuePicker.tsx';
import { agentsWords } from '../../../../renderer/views/launch/words.ts';
import { ID } from '../../../doubles/state.ts';
import { mount } from '../mount.tsx';

const queue = (n: number, different: Partial<QueueView>): QueueView => ({
  id: ID(n),
  name: `queue ${n}`,
  waiting: 0,
  agents: 0,
  idle: 0,
  tags: [],
  systemTags: [],
  workers: [],
  ...different,
});

describe('the queues to choose from', () => {
  it('show their tags, their agents and what is wrong with them', async () => {
    const queues = [
      queue(1, {
        agents: 2,
        idle: 1,
        waiting: 1,
        tags: ['gpu', 'shared'],
        workers: [
          { name: 'a:0', at: 'busy', gpu: 'A100' },
          { name: 'b:0', at: 'idle' },
          { name: 'c:0', at: 'silent' },
        ],
      }),
      queue(2, { workers: [{ name: 'd:0', at: 'silent' }] }),
    ];
    const { root } = await mount(<QueuePicker queues={queues} chosen="queue 1" onChoose={() => {}} />);
    const [first, second] = root.querySelectorAll('.queue');
    const texts = [...(first?.querySelectorAll('.queue-tag') ?? [])].map((tag) => tag.textContent?.trim());
    expect(texts).toEqual(['gpu', 'shared']);
    expect([...(first?.querySelectorAll('.dots i') ?? [])].map((dot) => dot.className)).toEqual([
      'silent',
      'busy',
      'idle',
      'waits',
    ]);
    expect(first?.querySelector('.dots')?.getAttribute('title')).toBe(
      'a:0: busy, A100\nb:0: idle\nc:0: silent',
    );
    expect(second?.querySelector('.warn')?.textContent).toMatch(/silent and probably dead/);
  });

  it('have agents with names, of which the first ones are told', () => {
    const idle = Array.from({ length: 10 }, (_, n) => ({ name: `i${n}`, at: 'idle' }) as const);
    const workers = [
      { name: 'a:0', at: 'busy', gpu: 'A100' } as const,
      ...idle,
      { name: 'c', at: 'silent' } as const,
    ];
    expect(agentsWords(queue(1, { workers }))).toBe(
      'Idle agents: i0, i1, i2, i3, i4, i5, i6, i7 and 2 more. Busy agents: a:0 (A100). Silent agents: c.',
    );
  });
});
