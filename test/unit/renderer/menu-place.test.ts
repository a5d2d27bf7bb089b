import { describe, expect, it } from 'vitest';
import { placeMenu } from '../../../renderer/parts/menu-place.ts';

const WINDOW = { width: 1000, height: 800 };
const MENU = { width: 200, height: 300 };
const at = (left: number, top: number) => ({ left, right: left + 32, top, bottom: top + 32 });

describe('a menu', () => {
  it.each([
    ['below its button, in line with its end', at(900, 100), 'end', 'ltr', { left: 732, top: 136 }],
    ['from right to left in line with the other end', at(100, 100), 'end', 'rtl', { left: 100, top: 136 }],
    ['in line with the start of what it belongs to', at(400, 100), 'start', 'ltr', { left: 400, top: 136 }],
    ['from right to left in line with that start', at(400, 100), 'start', 'rtl', { left: 232, top: 136 }],
    ['above it where there is no room below', at(900, 700), 'end', 'ltr', { left: 732, top: 396 }],
    ['never beyond the left edge', at(0, 100), 'end', 'ltr', { left: 8, top: 136 }],
    ['never beyond the right edge', at(950, 100), 'start', 'ltr', { left: 792, top: 136 }],
  ] as const)('lies %s', (_, anchor, side, dir, place) => {
    expect(placeMenu(anchor, MENU, WINDOW, { side, dir })).toEqual(place);
  });

  it('lies at the upper edge of a window that is lower than it', () => {
    const low = { width: 1000, height: 200 };
    expect(placeMenu(at(900, 100), MENU, low, { side: 'end', dir: 'ltr' }).top).toBe(8);
  });
});
