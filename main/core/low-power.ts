import { execFile } from 'node:child_process';

/** By the settings of power management in use. Macs with a mode for high power have `powermode`; 1 is the low one. */
export const readsLowPower = (settings: string): boolean =>
  /^\s*(?:lowpowermode|powermode)\s+1\s*$/m.test(settings);

/**
 * Whether the person has asked the system to save power; no where nobody says. On macOS that can be so on the charger,
 * too; elsewhere it goes with the battery.
 */
export function savesPower(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform !== 'darwin') return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile('/usr/bin/pmset', ['-g'], { timeout: 3000 }, (error, stdout) => {
      resolve(error === null && readsLowPower(stdout));
    });
  });
}
