import { describe, expect, it } from 'vitest';
import type { LinkHistory, LinkPart } from '../../../preload/contract/link-history.ts';
import { linkLines } from '../../../renderer/views/sessions/link-lines.ts';

const of = (parts: readonly LinkPart[]): LinkHistory => ({ parts, partMs: 10_000, until: 0, losses: 0 });

describe('the lines of a link chart', () => {
  it('bridge what was not measured, and end where the link was down', () => {
    const parts = [{ roundTripMs: 100 }, {}, { roundTripMs: 50 }, { downMs: 10_000 }, { roundTripMs: 0 }];
    expect(linkLines(of(parts), 20)).toEqual({
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
    expect(
      linkLines(of([{ downMs: 10_000 }, { downMs: 10_000 }, {}, { downMs: 300, roundTripMs: 9 }]), 20),
    ).toEqual({
      lines: [],
      gaps: [
        [0, 2],
        [3, 0.5],
      ],
    });
  });

  it('keep the noise of a near machine small', () => {
    const [line] = linkLines(of([{ roundTripMs: 1 }, { roundTripMs: 2 }]), 20).lines;
    expect(line?.map(([, y]) => Math.round(y))).toEqual([20, 19]);
  });
});
