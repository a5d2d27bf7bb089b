import type { PowerMonitor } from 'electron';

/**
 * Tells about sleep. Returns the function that stops.
 *
 * `suspend` and `resume` come on all three systems, on Linux from logind. A screen that is unlocked (macOS and Windows)
 * counts as waking: some systems lose `resume`, and being told twice does no harm. One that is locked is no sleep: what
 * runs through the connections goes on.
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
