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
    expect(agentsWords(queues[0] ?? queue(9, {}))).toBe('Agents: a:0: busy, A100; b:0: idle; c:0: silent');
    expect(second?.querySelector('.warn')?.textContent).toMatch(/silent and probably dead/);
  });
});
