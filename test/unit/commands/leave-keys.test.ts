import { expect, it } from 'vitest';
import { LeaveKeys } from '../../../main/commands/exec/leave-keys.ts';

async function typed(...pieces: readonly string[]) {
  let left = 0;
  const keys = new LeaveKeys(() => left++);
  for (const piece of pieces) keys.write(piece);
  keys.end();
  return { passedOn: String(Buffer.concat(await keys.toArray())), left };
}

it.each([
  ['keys', ['ls\r', '\x03'], 'ls\r\x03'],
  ['a tilde within a line', ['cd ~.\r'], 'cd ~.\r'],
  ['a tilde at its beginning that means itself', ['~/bin\r~', 'x'], '~/bin\r~x'],
  ['one of two', ['~~.\r'], '~.\r'],
  ['a letter of several bytes', ['\r~ü'], '\r~ü'],
])('passes %s on', async (_, pieces, expected) => {
  expect(await typed(...pieces)).toEqual({ passedOn: expected, left: 0 });
});

it.each([[['~.']], [['ls\r~', '.']], [['ls\n~.']]])(
  'is left with ~. at the beginning of a line: %j',
  async (pieces) => {
    const { passedOn, left } = await typed(...pieces);
    expect(left).toBe(1);
    expect(passedOn).not.toContain('~');
  },
);
