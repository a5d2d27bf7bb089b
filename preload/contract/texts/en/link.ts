import type { LinkHistory } from '../../link-history.ts';
import { count } from './units.ts';

const times = (n: number): string => ({ 0: 'never', 1: 'once', 2: 'twice' })[n] ?? count(n, 'time');

/** How a connection was lately. */
export const link = {
  heading: 'Link',
  roundTrip: (ms: number): string => `${Math.max(1, Math.round(ms))} ms round trip`,
  noRoundTrip: 'not measured yet',
  down: 'down',
  /** What a chart shows, for those who do not see it. */
  summary: (history: LinkHistory, least: number | undefined, most: number | undefined): string => {
    const minutes = Math.round((history.parts.length * history.partMs) / 60_000);
    const lost = `Lost ${times(history.losses)} in the last ${minutes} minutes.`;
    if (least === undefined || most === undefined) return lost;
    return `${lost} Round trips of ${Math.round(least)} to ${Math.round(most)} ms.`;
  },
};
