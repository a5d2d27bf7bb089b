import { expect, it } from 'vitest';
import { harmless, runsAtOnce } from '../../../renderer/views/terminal/paste.ts';

it.each([
  ['tabs, lines and letters of all kinds', 'a\tb\r\nçé 語 🙂', 'a\tb\r\nçé 語 🙂'],
  ['the end of a bracketed paste', 'echo a\x1b[201~\rrm -rf x\r', 'echo a[201~\rrm -rf x\r'],
  ['the same in one byte', 'a\x9b201~', 'a201~'],
  ['keys of a shell', 'a\x0fb\x03c\x7f', 'abc'],
])('of text with %s only what types letters is left', (_, text, left) => {
  expect(harmless(text)).toBe(left);
});

it.each([
  ['one line', 'ls', false, false],
  ['one line with its end', 'ls\n', false, true],
  ['lines', 'a\rb', false, true],
  ['lines of which the shell is told', 'a\nb\n', true, false],
])('%s are run at once or not: %j', (_, text, isTold, expected) => {
  expect(runsAtOnce(text, isTold)).toBe(expected);
});
