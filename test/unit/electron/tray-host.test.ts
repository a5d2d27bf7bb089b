import { describe, expect, it, vi } from 'vitest';
import { type Answer, showsTrayIcons } from '../../../main/electron/tray-host.ts';

const answers = (...given: Answer[]) => vi.fn(async () => given.shift() ?? 'no');
const pause = async (): Promise<void> => {};

describe('a place for tray icons', () => {
  it.each(['darwin', 'win32'] as const)('is always there on %s', async (platform) => {
    const ask = answers('no');
    expect(await showsTrayIcons(platform, ask, pause)).toBe(true);
    expect(ask).not.toHaveBeenCalled();
  });

  it.each([
    ['is there when the panel says so', ['yes'], true, 1],
    ['is taken for granted when nobody can be asked', ['unknown'], true, 1],
    ['is waited for while the panel starts', ['no', 'no', 'yes'], true, 3],
    ['is given up after a while', [], false, 15],
  ] as const)('%s', async (_, given, expected, asked) => {
    const ask = answers(...given);
    expect(await showsTrayIcons('linux', ask, pause)).toBe(expected);
    expect(ask).toHaveBeenCalledTimes(asked);
  });
});
