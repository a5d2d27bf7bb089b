interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

interface Size {
  readonly width: number;
  readonly height: number;
}

/** What is kept free at the edges of the window, in px. */
const EDGE = 8;
const GAP = 4;

/**
 * Where a menu goes: below what it belongs to and in line with its start or end, above it where there is no room, never
 * outside of the window.
 */
export function placeMenu(
  anchor: Box,
  menu: Size,
  window: Size,
  { side, dir }: { readonly side: 'start' | 'end'; readonly dir: 'ltr' | 'rtl' },
): { left: number; top: number } {
  const left = (side === 'start') === (dir === 'ltr') ? anchor.left : anchor.right - menu.width;
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - menu.height;
  const fits = below + menu.height <= window.height - EDGE || above < EDGE;
  return {
    left: within(left, window.width - menu.width),
    top: within(fits ? below : above, window.height - menu.height),
  };
}

const within = (at: number, most: number): number => Math.max(EDGE, Math.min(at, most - EDGE));
