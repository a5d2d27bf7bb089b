/** How numbers are summed up and shown. Pure: bench.ts prints and writes. */

export type Unit = 'ms' | 'MB' | 'kB' | 'per minute' | 'requests' | 'MiB/s' | 's/GiB' | '×' | '%';

/** One line of the table. */
export interface Row {
  readonly part: string;
  readonly quantity: string;
  readonly unit: Unit;
  readonly n: number;
  readonly median: number;
  readonly min: number;
  readonly max: number;
  /** Where there is one, less is better. */
  readonly goal?: number;
  readonly met?: boolean;
}

export type Measured = Omit<Row, 'part'>;

export interface Goal {
  readonly goal: number;
  /** What is held against it: the median, unless the goal says "at most". */
  readonly atMost?: true;
}

export function measured(
  quantity: string,
  unit: Unit,
  samples: readonly number[],
  aim?: Goal,
  n = samples.length,
): Measured {
  const sorted = [...samples].sort((a, b) => a - b);
  const [min, max] = [sorted[0] ?? Number.NaN, sorted.at(-1) ?? Number.NaN];
  const middle = median(sorted);
  const summed = { quantity, unit, n, median: middle, min, max };
  if (!aim) return summed;
  return { ...summed, goal: aim.goal, met: (aim.atMost ? max : middle) <= aim.goal };
}

export function median(samples: readonly number[]): number {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(at)] ?? Number.NaN) + (sorted[Math.ceil(at)] ?? Number.NaN)) / 2;
}

/** How many of `times` (ms) lie in the minute that begins at each whole second between `from` and `to`. */
export function slidingMinutes(times: readonly number[], from: number, to: number): number[] {
  const starts = Math.max(0, Math.floor((to - from - 60_000) / 1000)) + 1;
  return Array.from({ length: starts }, (_, second) => {
    const start = from + second * 1000;
    return times.filter((at) => at >= start && at < start + 60_000).length;
  });
}

const HEAD = ['Quantity', 'n', 'Median', 'Range', 'Goal', 'Met'];

/** The table as Markdown, with columns of one width so that a terminal shows it as well. */
export function table(rows: readonly Row[]): string {
  const lines = [HEAD, ...rows.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const draw = (line: readonly string[]): string =>
    `| ${line.map((cell, column) => pad(cell, widths[column] ?? 0, column)).join(' | ')} |`;
  const rule = `|${widths.map((width, column) => (column === 0 ? '-'.repeat(width + 2) : `${'-'.repeat(width + 1)}:`)).join('|')}|`;
  return [draw(HEAD), rule, ...lines.slice(1).map(draw)].join('\n');
}

function cells({ quantity, unit, n, median, min, max, goal, met }: Row): string[] {
  return [
    quantity,
    String(n),
    `${short(median)} ${unit}`,
    n === 1 && min === max ? '' : `${short(min)} … ${short(max)}`,
    goal === undefined ? '' : `${short(goal)} ${unit}`,
    met === undefined ? '' : met ? 'yes' : '**no**',
  ];
}

const pad = (text: string, width: number, column: number): string =>
  column === 0 ? text.padEnd(width) : text.padStart(width);

/** Three digits that matter. */
function short(value: number): string {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return String(Math.round(value));
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}
