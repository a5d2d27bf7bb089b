import { describe, expect, it } from 'vitest';
import { linkLines } from '../../../renderer/views/sessions/link-lines.ts';

describe('the lines of a link chart', () => {
  it('bridge what was not measured, and end where the link was down', () => {
    const parts = [
      { roundTripMs: 100 },
      {},
      { roundTripMs: 50 },
      { down: true as const },
      { roundTripMs: 0 },
    ];
    expect(linkLines(parts, 20)).toEqual({
      lines: [
        [
          [0.5, 0],
          [2.5, 10],
        ],
        [[4.5, 20]],
      ],
      gaps: [[3, 1]],
    });
  });

  it('draw one block for parts that follow each other', () => {
    expect(linkLines([{ down: true }, { down: true }, {}, { down: true, roundTripMs: 9 }], 20)).toEqual({
      lines: [],
      gaps: [
        [0, 2],
        [3, 1],
      ],
    });
  });

  it('keep the noise of a near machine small', () => {
    const [line] = linkLines([{ roundTripMs: 1 }, { roundTripMs: 2 }], 20).lines;
    expect(line?.map(([, y]) => Math.round(y))).toEqual([20, 19]);
  });
});
