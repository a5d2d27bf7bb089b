import { describe, expect, it } from 'vitest';
import { networkShape, watchWake } from '../../../main/core/wake.ts';
import { HandClock } from '../../doubles/clock.ts';

const address = (text: string) => ({ address: text }) as never;

describe('the watch for sleep and network changes', () => {
  const start = () => {
    const clock = new HandClock();
    const told: string[] = [];
    let shape = 'wifi';
    const stop = watchWake(
      clock,
      { slept: () => told.push('slept'), networkChanged: () => told.push('network') },
      () => shape,
    );
    return { clock, told, stop, move: (to: string) => (shape = to) };
  };

  it('is silent while time and network are steady', () => {
    const { clock, told } = start();
    clock.advance(3_600_000);
    expect(told).toEqual([]);
  });

  it('notices a sleep by the jump of the clock, once', () => {
    const { clock, told } = start();
    clock.advance(10_000);
    clock.sleep(60_000);
    clock.advance(10_000);
    expect(told).toEqual(['slept']);
  });

  it('notices a clock that was set back, since every time that was noted is wrong then', () => {
    const { clock, told } = start();
    clock.advance(10_000);
    clock.set(-3_600_000);
    clock.advance(10_000);
    expect(told).toEqual(['slept']);
  });

  it('is not fooled by a busy second', () => {
    const { clock, told } = start();
    clock.sleep(5000);
    expect(told).toEqual([]);
  });

  it('notices another set of addresses', () => {
    const { clock, told, move } = start();
    move('mobile');
    clock.advance(4000);
    expect(told).toEqual(['network']);
  });

  it('tells sleep only when both happened', () => {
    const { clock, told, move } = start();
    move('mobile');
    clock.sleep(60_000);
    expect(told).toEqual(['slept']);
  });

  it('leaves no timer behind', () => {
    const { clock, stop } = start();
    stop();
    expect(clock.pending).toBe(0);
  });
});

describe('the shape of the network', () => {
  it('leaves out what says nothing about the way out', () => {
    expect(
      networkShape({
        lo: [address('127.0.0.1'), address('::1')],
        wlan0: [address('192.0.2.7'), address('fe80::1')],
        down: undefined,
      }),
    ).toBe('wlan0 192.0.2.7');
  });

  it('is the same in whatever order the system lists it', () => {
    const a = networkShape({ x: [address('192.0.2.1')], y: [address('192.0.2.2')] });
    expect(networkShape({ y: [address('192.0.2.2')], x: [address('192.0.2.1')] })).toBe(a);
  });
});
