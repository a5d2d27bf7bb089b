import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { LocalUse } from '../../../../main/core/ssh/local-use.ts';
import { HandClock } from '../../../doubles/clock.ts';

function watched() {
  const clock = new HandClock();
  const told: boolean[] = [];
  const use = new LocalUse({ clock, changed: (inUse) => told.push(inUse) });
  const open = () => {
    const socket = new EventEmitter();
    use.add(socket as never);
    return () => socket.emit('close');
  };
  return { clock, told, use, open };
}

describe('the use of a session', () => {
  it('is told at the first connection, and a while after the last one', () => {
    const { clock, told, open } = watched();
    const [closeOne, closeOther] = [open(), open()];
    closeOne();
    clock.advance(60_000);
    expect(told).toEqual([true]);
    closeOther();
    clock.advance(14_999);
    expect(told).toEqual([true]);
    clock.advance(1);
    expect(told).toEqual([true, false]);
  });

  it('is not told over and over of something that polls', () => {
    const { clock, told, open } = watched();
    for (let n = 0; n < 100; n++) {
      open()();
      clock.advance(10_000);
    }
    expect(told).toEqual([true]);
    expect(clock.pending).toBe(1);
  });

  it('ends with the session', () => {
    const { clock, told, use, open } = watched();
    open();
    use.stop();
    expect([told, clock.pending]).toEqual([[true, false], 0]);
  });
});
