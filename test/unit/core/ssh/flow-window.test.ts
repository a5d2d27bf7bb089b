import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FlowWindow, MAX_WINDOW, MIN_WINDOW, OPENED_WINDOW } from '../../../../main/core/ssh/flow-window.ts';

const MiB = 1 << 20;

describe('what of a stream may be under way', () => {
  let now = 0;
  beforeEach(() => {
    now = 1000;
    vi.spyOn(performance, 'now').mockImplementation(() => now);
  });
  afterEach(() => {
    vi.restoreAllMocks();
  });

  /** So many bytes in each ms, for 2 s. */
  function move(flow: FlowWindow, rate: number): void {
    for (let n = 0; n < 200; n++) {
      now += 10;
      flow.moved(10 * rate);
    }
  }

  it.each<[what: string, rate: number, tripMs: number, window: number]>([
    ['is a round trip, and a little more, of a slow link that is near', 2500, 40, 2500 * 80],
    ['is two round trips of one that is far', 50_000, 120, 50_000 * 240],
    ['is never less than a few packets', 10, 40, MIN_WINDOW],
    ['is never more than 16 MiB', 1_000_000, 120, MAX_WINDOW],
    ['is as it was while no round trip is known', 2500, Number.POSITIVE_INFINITY, OPENED_WINDOW],
  ])('%s', (_what, rate, tripMs, window) => {
    const flow = new FlowWindow(() => tripMs, 'as it was');
    move(flow, rate);
    expect(flow.bytes).toBe(window);
  });

  it('is twice of that from time to time, to find out whether the stream can be faster', () => {
    const flow = new FlowWindow(() => 40, 'as it was');
    const windows: number[] = [];
    for (let n = 0; n < 160; n++) {
      now += 10;
      flow.moved(25_000);
      if (windows.at(-1) !== flow.bytes) windows.push(flow.bytes);
    }
    // What two round trips take, and twice of what one and a little more does.
    expect(windows.slice(-4)).toEqual([350_000, 200_000, 350_000, 200_000]);
  });

  it.each([
    ['as it was', MIN_WINDOW],
    ['as opened', OPENED_WINDOW],
  ] as const)('is %s after a rest, which tells nothing of how fast it is', (afterRest, window) => {
    const flow = new FlowWindow(() => 40, afterRest);
    move(flow, 100);
    expect(flow.bytes).toBe(MIN_WINDOW);
    now += 5000;
    flow.moved(MiB);
    expect(flow.bytes).toBe(window);
    now += 60;
    flow.moved(60);
    expect(flow.bytes).toBe(MIN_WINDOW);
  });
});
