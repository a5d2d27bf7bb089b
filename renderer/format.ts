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

/** A stopwatch: "0:07", "12:30", "1:02:03". Clocks of two machines may disagree, so it never goes below zero. */
export function stopwatch(ms: number): string {
  const total = Math.max(0, Math.floor(ms / SECOND));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

/** "4 s" or "12 min" until something happens; never less than a second, since zero looks stuck. */
export const countdown = (ms: number): string =>
  ms > 2 * MINUTE ? `${Math.ceil(ms / MINUTE)} min` : `${Math.max(1, Math.ceil(ms / SECOND))} s`;

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** "14:05". */
export const timeOfDay = (at: number): string => clock.format(at);
/** "3 Nov 2026, 14:05". */
export const dateTime = (at: number): string => day.format(at);

/** "1 agent", "3 agents". */
export const count = (n: number, one: string, many = `${one}s`): string => `${n} ${n === 1 ? one : many}`;
