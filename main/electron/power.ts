import type { PowerMonitor } from 'electron';

/**
 * Tells about sleep. Returns the function that stops.
 *
 * A screen that is unlocked counts as waking: some systems lose `resume`, and being told twice does no harm.
 */
export function watchPower(
  monitor: Pick<PowerMonitor, 'on' | 'off'>,
  asleep: () => void,
  awake: () => void,
): () => void {
  monitor.on('suspend', asleep);
  monitor.on('resume', awake);
  monitor.on('unlock-screen', awake);
  return () => {
    monitor.off('suspend', asleep);
    monitor.off('resume', awake);
    monitor.off('unlock-screen', awake);
  };
}

/** Undefined where Electron does not know: on Linux it always says no. */
export function batteryOf(
  monitor: Pick<PowerMonitor, 'isOnBatteryPower'>,
  platform: NodeJS.Platform,
): (() => boolean) | undefined {
  return platform === 'linux' ? undefined : () => monitor.isOnBatteryPower();
}
