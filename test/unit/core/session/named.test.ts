import { describe, expect, it } from 'vitest';
import { namedSession } from '../../../../main/core/session/named.ts';
import { session } from '../../../doubles/state.ts';

const id = (digit: string): string => digit.repeat(32);
const SESSIONS = [
  session({ id: id('a'), name: 'training' }),
  session({ id: id('b'), name: 'training 2' }),
  session({ id: id('c'), name: 'Notebook', mine: false }),
  session({ id: id('d'), name: 'old', status: 'finished' }),
];

describe('a session that is named', () => {
  it.each([
    ['its name', 'training', 'a'],
    ['its name in another case', 'NOTEBOOK', 'c'],
    ['the beginning of its name', 'note', 'c'],
    ['the beginning of its id', 'bbb', 'b'],
    ['its whole id, known or not', id('e'), 'e'],
    ['the address of its page', `https://app.example.com/projects/x/experiments/${id('c')}/output/log`, 'c'],
  ])('is found by %s', (_, text, found) => {
    expect(namedSession(SESSIONS, text)).toBe(id(found));
  });

  it('is rather one of their own than of somebody else', () => {
    const mine = session({ id: id('f'), name: 'Notebook' });
    expect(namedSession([...SESSIONS, mine], 'Notebook')).toBe(id('f'));
  });

  it.each([
    ['several may be meant', 'train', `training (${id('a')}), training 2 (${id('b')}).`],
    ['it has ended', 'old', 'There is no session "old"'],
    ['nothing is named', ' ', 'There is no session'],
  ])('is refused where %s', (_, text, message) => {
    expect(() => namedSession(SESSIONS, text)).toThrow(message);
  });

  it('is hinted at where it was mistyped', () => {
    expect(() => namedSession(SESSIONS, 'Notbook')).toThrow(
      expect.objectContaining({ hint: 'Did you mean Notebook?' }),
    );
  });
});
