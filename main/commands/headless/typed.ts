/** What can be typed while a session is looked after. */
export type Typed = 'reconnect' | 'shell' | 'shutdown' | 'quit' | 'help';

const WORDS = new Map<string, Typed>([
  ['r', 'reconnect'],
  ['reconnect', 'reconnect'],
  ['s', 'shell'],
  ['shell', 'shell'],
  ['shutdown', 'shutdown'],
  ['quit', 'quit'],
]);

export const typed = (text: string): Typed => WORDS.get(text.trim().toLowerCase()) ?? 'help';

export const COMMANDS: readonly string[] = [
  'Commands:',
  '  r, reconnect   connect anew, for instance after the computer was suspended',
  '  s, shell       open a shell in the session',
  '  shutdown       shut the session down and free its machine',
  '  quit, Ctrl-C   leave; the session goes on running',
];
