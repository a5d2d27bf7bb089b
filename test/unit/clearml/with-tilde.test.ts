import { expect, it } from 'vitest';
import { withTilde } from '../../../main/core/clearml/with-tilde.ts';

it.each([
  ['/home/ada', '/home/ada/clearml.conf has no credentials.', '~/clearml.conf has no credentials.'],
  ['/home/ada', 'X names "/home/ada/a b", which is gone.', 'X names "~/a b", which is gone.'],
  ['/home/ada', '/home/adam/clearml.conf, line 1', '/home/adam/clearml.conf, line 1'],
  ['/root', '/mnt/root/clearml.conf', '/mnt/root/clearml.conf'],
  ['C:\\Users\\ada', 'C:\\Users\\ada\\clearml.conf exists', '~\\clearml.conf exists'],
])('with the home folder %s, a text "%s" says "%s"', (home, text, expected) => {
  expect(withTilde(text, home)).toBe(expected);
});
