const clock = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' });
const weekday = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: 'numeric', minute: '2-digit' });

/** "14:05", and of another day than `now` with its name: "Mon 14:05". */
export const timeText = (at: number, now: number): string =>
  (new Date(at).toDateString() === new Date(now).toDateString() ? clock : weekday).format(at);

/** A text of at most `most` characters, whole or with an ellipsis. */
export const cut = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1).trimEnd()}…`;
