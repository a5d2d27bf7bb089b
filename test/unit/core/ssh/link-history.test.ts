import { describe, expect, it } from 'vitest';
import { LinkRecord } from '../../../../main/core/ssh/link-history.ts';

const START = 1_800_000_000_000;
const at = (seconds: number): number => START + seconds * 1000;

describe('the record of a link', () => {
  it('keeps the longest round trip of each ten seconds, the latest last', () => {
    const record = new LinkRecord();
    record.follow(at(0), true);
    record.answered(at(1), 20);
    record.answered(at(2), 90);
    record.answered(at(11), 30);
    const { parts, partMs, until, losses } = record.read(at(12));
    expect(parts).toHaveLength(90);
    expect(parts.slice(-3)).toEqual([{}, { roundTripMs: 90 }, { roundTripMs: 30 }]);
    expect({ partMs, until, losses }).toEqual({ partMs: 10_000, until: at(20), losses: 0 });
  });

  it('says when the link was down, also while it is', () => {
    const record = new LinkRecord();
    record.follow(at(0), true);
    record.follow(at(15), false);
    record.follow(at(31), true);
    record.follow(at(52), false);
    const { parts, losses } = record.read(at(65));
    expect(parts.slice(-7).map(({ downMs }) => downMs)).toEqual([
      undefined,
      5000,
      10_000,
      1000,
      undefined,
      8000,
      5000,
    ]);
    expect(losses).toBe(2);
  });

  it('does not call the time before the first connection a loss', () => {
    const record = new LinkRecord();
    record.follow(at(0), false);
    expect(record.read(at(30))).toMatchObject({ losses: 0 });
    expect(record.read(at(30)).parts.some(({ downMs }) => downMs !== undefined)).toBe(false);
  });

  it('forgets what is older than a quarter of an hour, but not a gap that still lasts', () => {
    const record = new LinkRecord();
    record.follow(at(0), true);
    record.answered(at(1), 20);
    record.follow(at(2), false);
    record.follow(at(3), true);
    record.follow(at(4), false);
    const { parts, losses } = record.read(at(2000));
    expect(losses).toBe(1);
    expect(parts.slice(0, -1).every((part) => part.downMs === 10_000 && !('roundTripMs' in part))).toBe(true);
  });
});
