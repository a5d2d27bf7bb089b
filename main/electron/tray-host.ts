import { execFile } from 'node:child_process';

/** Asks the panel of a Linux desktop; the answer is `(<true>,)` or an error. */
const QUESTION = [
  'call',
  '--session',
  '--dest=org.kde.StatusNotifierWatcher',
  '--object-path=/StatusNotifierWatcher',
  '--method=org.freedesktop.DBus.Properties.Get',
  'org.kde.StatusNotifierWatcher',
  'IsStatusNotifierHostRegistered',
];

/** After a login the panel may come later than this app. */
const TRIES = 15;
const BETWEEN_MS = 1000;

export type Answer = 'yes' | 'no' | 'unknown';

/**
 * Whether this desktop shows tray icons; waits for a panel that is still starting.
 *
 * Nothing in Electron tells: it makes a tray that nobody sees, and never looks again. Where the question cannot be
 * asked, the answer is yes.
 */
export async function showsTrayIcons(
  platform: NodeJS.Platform,
  ask: () => Promise<Answer> = askPanel,
  pause: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve, BETWEEN_MS)),
): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (let tries = 1; ; tries++) {
    if ((await ask()) !== 'no') return true;
    if (tries === TRIES) return false;
    await pause();
  }
}

function askPanel(): Promise<Answer> {
  return new Promise((resolve) => {
    execFile('gdbus', QUESTION, { timeout: 2000 }, (error, stdout) => {
      if (!error) resolve(stdout.includes('true') ? 'yes' : 'no');
      else resolve(error.code === 'ENOENT' || error.killed ? 'unknown' : 'no');
    });
  });
}
