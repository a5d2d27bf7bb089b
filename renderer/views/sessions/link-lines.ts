import type { LinkHistory } from '../../../preload/contract/link-history.ts';

export interface LinkLines {
  /** Points of each line; one line ends where the connection was down. */
  readonly lines: readonly (readonly (readonly [x: number, y: number])[])[];
  /** Where it was down: begin and width, never too narrow to be seen. */
  readonly gaps: readonly (readonly [x: number, width: number])[];
}

/** A round trip below this is drawn small, so that the noise of a near machine does not look like trouble. */
const LEAST_TOP_MS = 50;

const LEAST_WIDTH = 0.5;

/** The parts as lines from left to right, one unit wide each, `height` units high. What was not measured is bridged. */
export function linkLines({ parts, partMs }: LinkHistory, height: number): LinkLines {
  const top = Math.max(LEAST_TOP_MS, ...parts.map(({ roundTripMs = 0 }) => roundTripMs));
  const lines: [number, number][][] = [[]];
  const gaps: [number, number][] = [];
  for (const [x, { roundTripMs, downMs }] of parts.entries()) {
    if (downMs !== undefined) {
      const width = Math.max(LEAST_WIDTH, downMs / partMs);
      const last = gaps.at(-1);
      if (last && last[0] + last[1] === x) last[1] += width;
      else gaps.push([x, width]);
      lines.push([]);
    } else if (roundTripMs !== undefined) {
      lines.at(-1)?.push([x + 0.5, height * (1 - roundTripMs / top)]);
    }
  }
  return { lines: lines.filter((line) => line.length > 0), gaps };
}
