const SECOND = 1000;

/** A stopwatch: "0:07", "12:30", "1:02:03". Clocks of two machines may disagree, so it never goes below zero. */
export function stopwatch(ms: number): string {
  const total = Math.max(0, Math.floor(ms / SECOND));
  const seconds = String(total % 60).padStart(2, '0');
  const minutes = Math.floor(total / 60) % 60;
  const hours = Math.floor(total / 3600);
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}` : `${minutes}:${seconds}`;
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const day = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** "14:05". */
export const timeOfDay = (at: number): string => clock.format(at);
/** "3 Nov 2026, 14:05". */
export const dateTime = (at: number): string => day.format(at);
