import { describe, expect, it } from 'vitest';
import { Questions } from '../../../main/core/questions.ts';
import type { Question } from '../../../preload/contract/api.ts';

describe('questions', () => {
  const start = () => {
    const asked: string[] = [];
    const taken: string[] = [];
    const questions = new Questions({ ask: ({ key }) => asked.push(key), unask: (key) => taken.push(key) });
    const quit: Question = { key: 'quit', title: 'Quit?', detail: 'Now?', yes: 'Quit' };
    return { asked, taken, questions, quit };
  };

  it('are asked once, however often a person clicks', async () => {
    const { asked, taken, questions, quit } = start();
    const answers = [questions.ask(quit), questions.ask(quit)];
    questions.answer('quit', true);
    expect(await Promise.all(answers)).toEqual([true, true]);
    expect([asked, taken]).toEqual([['quit'], ['quit']]);
  });

  it('are settled by the first answer, and may be asked again', async () => {
    const { asked, questions, quit } = start();
    const first = questions.ask(quit);
    questions.answer('quit', false);
    questions.answer('quit', true);
    expect(await first).toBe(false);
    const second = questions.ask(quit);
    questions.answer('quit', true);
    expect(await second).toBe(true);
    expect(asked).toHaveLength(2);
  });
});
