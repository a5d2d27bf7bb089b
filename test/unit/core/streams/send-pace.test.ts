import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { MAX_WINDOW, MIN_WINDOW, OPENED_WINDOW } from '../../../../main/core/ssh/channel-window.ts';
import { SendPace } from '../../../../main/core/streams/send-pace.ts';

const MiB = 1 << 20;

describe('what an upload may have under way', () => {
  let now = 0;
  beforeEach(() => {
    now = 1000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** Confirms so many bytes in each ms, for 2 s. */
  function confirm(pace: SendPace, rate: number, from = 0): number {
    let offset = from;
    for (let n = 0; n < 200; n++) {
      now += 10;
      offset += 10 * rate;
      pace.acked(offset);
    }
    return offset;
  }

  it.each<[what: string, rate: number, tripMs: number, window: number]>([
    ['is a tenth of a second of a slow link that is near', 2500, 20, 2500 * 80],
    ['is two round trips, and those of confirming, of one that is far', 50_000, 100, 50_000 * 240],
    ['is never less than a few packets', 10, 20, MIN_WINDOW],
    ['is never more than 16 MiB', 1_000_000, 100, MAX_WINDOW],
    ['is as it was while no round trip is known', 2500, Number.POSITIVE_INFINITY, OPENED_WINDOW],
  ])('%s', (_what, rate, tripMs, window) => {
    const pace = new SendPace(() => tripMs);
    confirm(pace, rate);
    expect(pace.window).toBe(window);
  });

  it('is twice of that from time to time, to find out whether the stream can be faster', () => {
    const pace = new SendPace(() => 20);
    const windows: number[] = [];
    for (let offset = 0; offset < 4_000_000; offset += 25_000) {
      now += 10;
      pace.acked(offset);
      if (windows.at(-1) !== pace.window) windows.push(pace.window);
    }
    // What two round trips take, and twice of what one and a little more does.
    expect(windows.slice(-4)).toEqual([350_000, 200_000, 350_000, 200_000]);
  });

  it('begins anew after a rest', () => {
    const pace = new SendPace(() => 20);
    const offset = confirm(pace, 100);
    expect(pace.window).toBe(MIN_WINDOW);
    now += 5000;
    pace.acked(offset + MiB);
    expect(pace.window).toBe(OPENED_WINDOW);
  });
});
