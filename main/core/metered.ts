import { execFile } from 'node:child_process';

/** Asks NetworkManager, the only one that tells without native code; the answer is `(<uint32 N>,)`. */
const QUESTION = [
  'call',
  '--system',
  '--timeout=2',
  '--dest=org.freedesktop.NetworkManager',
  '--object-path=/org/freedesktop/NetworkManager',
  '--method=org.freedesktop.DBus.Properties.Get',
  'org.freedesktop.NetworkManager',
  'Metered',
];
/** Said by somebody, and guessed: the hotspot of a phone. */
const METERED = [1, 3];

export const readsMetered = (answer: string): boolean =>
  METERED.includes(Number(/uint32 (\d+)/.exec(answer)?.[1]));

/** Whether each byte of the network costs; no where nobody says. */
export function isMetered(platform: NodeJS.Platform = process.platform): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile('gdbus', QUESTION, { timeout: 3000 }, (error, stdout) => {
      resolve(error === null && readsMetered(stdout));
    });
  });
}
