const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** A line of the log for people: "10:22:05 warn ssh: No route. {…}"; whatever is no such line stays as it is. */
export function readableLine(line: string): string {
  const { at, level, scope, message, ...rest } = parse(line);
  if (typeof at !== 'string' || typeof message !== 'string' || Number.isNaN(Date.parse(at))) return line;
  const more = Object.keys(rest).length > 0 ? ` ${JSON.stringify(rest)}` : '';
  return `${TIME.format(new Date(at))} ${level} ${scope}: ${message}${more}`;
}

function parse(line: string): Readonly<Record<string, unknown>> {
  try {
    return { ...JSON.parse(line) };
  } catch {
    return {};
  }
}
