const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long something has been there, roughly: "< 1 min", "5 min", "3 h 20 min", "2 d 4 h". */
export function age(ms: number): string {
  if (ms < MINUTE) return '< 1 min';
  if (ms < HOUR) return `${Math.floor(ms / MINUTE)} min`;
  if (ms < DAY) return both(Math.floor(ms / HOUR), 'h', Math.floor((ms % HOUR) / MINUTE), 'min');
  return both(Math.floor(ms / DAY), 'd', Math.floor((ms % DAY) / HOUR), 'h');
}

const both = (big: number, bigUnit: string, small: number, smallUnit: string): string =>
  small === 0 ? `${big} ${bigUnit}` : `${big} ${bigUnit} ${small} ${smallUnit}`;

/** "4 s" or "12 min" until something happens; never less than a second, since zero looks stuck. */
export const countdown = (ms: number): string =>
  ms > 2 * MINUTE ? `${Math.ceil(ms / MINUTE)} min` : `${Math.max(1, Math.ceil(ms / SECOND))} s`;

/** "1 agent", "3 agents". */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
