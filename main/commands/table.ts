import { plain } from './terminal.ts';

/** A column that gives way where the terminal is narrow never gets narrower than this. */
const NARROWEST = 8;

export interface Column {
  readonly title: string;
  /** May be cut where the terminal is too narrow; an id may not. */
  readonly gives?: true;
}

/** Rows under their titles, each column as wide as its longest cell, all within `width` as far as that goes. */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  width?: number,
): readonly string[] {
  const lines = [columns.map(({ title }) => title), ...rows.map((row) => row.map(plain))];
  const widths = columns.map((_, c) => Math.max(...lines.map((line) => lengthOf(line[c] ?? ''))));
  if (width !== undefined) giveWay(widths, columns, width);
  return lines.map((line) =>
    line
      .map((cell, c) => sized(cell, widths[c] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** Takes one from the widest of those that give until all fit. */
function giveWay(widths: number[], columns: readonly Column[], width: number): void {
  const total = (): number => widths.reduce((sum, w) => sum + w, 0) + 2 * (columns.length - 1);
  while (total() > width) {
    const giving = widths.flatMap((w, c) => (columns[c]?.gives && w > NARROWEST ? [c] : []));
    const [first] = giving.sort((a, b) => (widths[b] ?? 0) - (widths[a] ?? 0));
    if (first === undefined) return;
    widths[first] = (widths[first] ?? 0) - 1;
  }
}

function sized(cell: string, width: number): string {
  const letters = [...cell];
  if (letters.length > width) return `${letters.slice(0, width - 1).join('')}…`;
  return cell + ' '.repeat(width - letters.length);
}

const lengthOf = (cell: string): number => [...cell].length;
