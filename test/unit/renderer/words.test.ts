import { describe, expect, it } from 'vitest';
import { OPTION_NAMES } from '../../../preload/contract/options.ts';
import { differenceOf, hintOf, queueWords, valueWords } from '../../../renderer/views/launch/words.ts';

describe('the words of the wizard', () => {
  it.each([
    ['vscodeServer', false, 'off'],
    ['packages', 'a\nb\n', '2 lines'],
    ['initScript', 'echo', '1 line'],
    ['sessionTags', ['a', 'b'], 'a, b'],
    ['uploadFiles', ['/a'], '1 file or folder'],
    ['password', 'hunter2', 'set'],
    ['remoteGateway', '', 'the address of the machine'],
  ] as const)('sum %s up', (name, value, words) => {
    expect(valueWords(name, value)).toBe(words);
  });

  it('cut a long value in a summary', () => {
    expect(differenceOf('dockerArgs', 'x'.repeat(100))).toBe(`Docker arguments: ${'x'.repeat(40)}…`);
  });

  it('name for every option what it does and what its default is', () => {
    for (const name of OPTION_NAMES.filter((n) => n !== 'queue')) {
      expect(hintOf(name)).toMatch(/^\S.*\. Default: \S.*\.$/);
    }
  });

  it('tell of a queue what serves it and how long one waits', () => {
    const queue = { id: 'q', name: 'q', waiting: 3, agents: 2, idle: 1, tags: [], systemTags: [] };
    const workers = [
      { name: 'a', at: 'idle', gpu: 'A100' },
      { name: 'b', at: 'busy', gpu: 'A100' },
      { name: 'c', at: 'silent', gpu: 'V100' },
    ] as const;
    expect(queueWords({ ...queue, workers, typicalWaitMs: 240_000 })).toBe(
      '2 agents, 1 idle, 3 waiting · A100 · usually starts in 4 min',
    );
    expect(queueWords({ ...queue, agents: 0, workers: [] })).toMatch(/^No agent serves this queue/);
  });
});
