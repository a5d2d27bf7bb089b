import type { LinkHistory } from '../../link-history.ts';
import { count } from './units.ts';

const times = (n: number): string => ({ 0: 'never', 1: 'once', 2: 'twice' })[n] ?? count(n, 'time');

const minutesOf = ({ parts, partMs }: LinkHistory): number => Math.round((parts.length * partMs) / 60_000);

/** How a connection was lately. */
export const link = {
  heading: 'Link',
  now: (roundTripMs: number | undefined, history: LinkHistory): string =>
    [
      ...(roundTripMs === undefined ? [] : [`${Math.max(1, Math.round(roundTripMs))} ms round trip`]),
      ...(history.losses > 0 ? [`lost ${times(history.losses)} in ${minutesOf(history)} min`] : []),
    ].join(', '),
  down: 'down',
  /** What a chart shows, for those who do not see it. */
  summary: (history: LinkHistory, least: number | undefined, most: number | undefined): string => {
    const lost = `Lost ${times(history.losses)} in the last ${minutesOf(history)} minutes.`;
    if (least === undefined || most === undefined) return lost;
    return `${lost} Round trips of ${Math.round(least)} to ${Math.round(most)} ms.`;
  },
};
