import { expect, it } from 'vitest';
import { terminalCommand } from '../../../renderer/views/terminal/keys.ts';

const pressed = (keys: string) => {
  const parts = keys.split('+');
  return {
    code: parts.at(-1) ?? '',
    ctrlKey: parts.includes('Ctrl'),
    shiftKey: parts.includes('Shift'),
    metaKey: parts.includes('Meta'),
    altKey: parts.includes('Alt'),
  };
};

it.each([
  ['Ctrl+Shift+KeyC', 'copy', undefined],
  ['Ctrl+Shift+KeyF', 'search', undefined],
  ['Ctrl+Shift+ArrowRight', 'next', undefined],
  ['Ctrl+Shift+ArrowLeft', 'previous', undefined],
  ['Meta+KeyF', undefined, 'search'],
  ['Meta+Shift+ArrowRight', undefined, 'next'],
  // Of the browser there.
  ['Meta+KeyC', undefined, undefined],
  ['Ctrl+Shift+KeyV', undefined, undefined],
  // Of the shell.
  ['Ctrl+KeyC', undefined, undefined],
  ['Ctrl+KeyF', undefined, undefined],
  ['Ctrl+ArrowRight', undefined, undefined],
  ['Shift+ArrowRight', undefined, undefined],
  ['Ctrl+Shift+Alt+KeyC', undefined, undefined],
])('%s in a terminal means %s, and on a Mac %s', (keys, other, mac) => {
  expect([terminalCommand(pressed(keys), 'other'), terminalCommand(pressed(keys), 'mac')]).toEqual([
    other,
    mac,
  ]);
});
