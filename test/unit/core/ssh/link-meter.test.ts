import { describe, expect, it } from 'vitest';
import { LinkMeter, type Second, shouldCompress } from '../../../../main/core/ssh/link-meter.ts';
import { HandClock } from '../../../doubles/clock.ts';

const MiB = 1 << 20;
const full = (...bytes: number[]): Second[] => bytes.map((n) => ({ bytes: n, isFull: true }));
const idle = (...bytes: number[]): Second[] => bytes.map((n) => ({ bytes: n, isFull: false }));

describe('a link is compressed', () => {
  it.each<[what: string, isCompressed: boolean, seconds: readonly Second[], wanted: boolean]>([
    ['when it was slow and full for 4 s', false, full(2 * MiB, 2 * MiB, 2 * MiB, 2 * MiB), true],
    ['not before', false, full(2 * MiB, 2 * MiB, 2 * MiB), false],
    ['not when it is slow because little is asked of it', false, idle(MiB, MiB, MiB, MiB), false],
    ['not when it was quick in between', false, full(MiB, MiB, 30 * MiB, MiB), false],
    ['not when almost nothing moves', false, full(1000, 1000, 1000, 1000), false],
    ['as long as it stays slow', true, full(2 * MiB, 2 * MiB), true],
    ['although it had one quick second', true, full(2 * MiB, 9 * MiB), true],
    ['no longer when it is quick', true, full(9 * MiB, 9 * MiB), false],
    ['also while nothing is known', true, [], true],
  ])('%s', (_what, isCompressed, seconds, wanted) => {
    expect(shouldCompress(isCompressed, seconds)).toBe(wanted);
  });
});

describe('a meter of a link', () => {
  function meter(isCompressed = false) {
    const clock = new HandClock();
    const link = { in: 0, out: 0, queued: 0, size: 1, asked: 0 };
    const decided: boolean[] = [];
    const made = new LinkMeter({
      connection: {
        isCompressed,
        heard: () => ({ bytesIn: link.in, silentMs: 0, waiting: false }),
        bytesOut: () => link.out,
      },
      carrier: {
        get size() {
          return link.size;
        },
        queued: (told) => {
          link.asked++;
          told(link.queued);
        },
      },
      clock,
      decided: (compress) => decided.push(compress),
    });
    const seconds = (n: number, change: () => void = () => {}): void => {
      for (let i = 0; i < n; i++) {
        change();
        clock.advance(1000);
      }
    };
    return { made, link, decided, seconds };
  }

  it('tells once that a link is slow, in the direction that has more', () => {
    const { made, link, decided, seconds } = meter();
    link.queued = MiB;
    made.look();
    seconds(10, () => {
      link.in += 1000;
      link.out += 2 * MiB;
    });
    expect(decided).toEqual([true]);
  });

  it('tells that a compressed one is quick', () => {
    const { made, link, decided, seconds } = meter(true);
    made.look();
    seconds(4, () => {
      link.in += 20 * MiB;
    });
    expect(decided).toEqual([false]);
  });

  it('asks nothing of a link that nobody uses, and begins anew when somebody does', () => {
    const { made, link, decided, seconds } = meter();
    link.queued = MiB;
    made.look();
    seconds(3, () => {
      link.in += MiB;
    });
    link.size = 0;
    seconds(2);
    const { asked } = link;
    seconds(10);
    expect(link.asked).toBe(asked);
    link.size = 1;
    made.look();
    seconds(3, () => {
      link.in += MiB;
    });
    expect(decided).toEqual([]);
  });

  it('says nothing after its end', () => {
    const { made, link, decided, seconds } = meter();
    link.queued = MiB;
    made.look();
    made.stop();
    made.look();
    seconds(10, () => {
      link.in += MiB;
    });
    expect(decided).toEqual([]);
  });
});
