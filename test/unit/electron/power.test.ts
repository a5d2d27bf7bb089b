import { EventEmitter } from 'node:events';
import { expect, it, vi } from 'vitest';
import { batteryOf, watchPower } from '../../../main/electron/power.ts';

it('sleep and waking are told until nobody wants to know', () => {
  const monitor = new EventEmitter();
  const asleep = vi.fn();
  const awake = vi.fn();
  const stop = watchPower(monitor as never, asleep, awake);
  for (const event of ['suspend', 'resume', 'unlock-screen']) monitor.emit(event);
  expect(asleep).toHaveBeenCalledTimes(1);
  expect(awake).toHaveBeenCalledTimes(2);
  stop();
  expect(monitor.eventNames()).toEqual([]);
});

it.each([
  ['darwin', true],
  ['win32', true],
  ['linux', undefined],
] as const)('whether the computer is on battery is asked where Electron knows: %s', (platform, known) => {
  expect(batteryOf({ isOnBatteryPower: () => true }, platform)?.()).toBe(known);
});
