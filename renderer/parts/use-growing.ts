import { useEffect, useState } from 'preact/hooks';

const STEP = 60;

/**
 * How many of `total` rows to draw: `first` at once, the rest in growing steps while the browser is idle.
 *
 * So a list of a thousand is there at once and still is a real list, which find-in-page and screen readers see whole.
 */
export function useGrowing(total: number, first: number): number {
  const [shown, setShown] = useState(first);
  useEffect(() => {
    if (shown >= total) return undefined;
    const timer = setTimeout(() => setShown(shown + Math.min(STEP, 2 * Math.max(1, shown))), 16);
    return () => clearTimeout(timer);
  }, [shown, total]);
  return Math.min(shown, total);
}
