import { execFile } from 'node:child_process';
import { homedir } from 'node:os';
import { hasX11Tray } from './x11-tray.ts';

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
  ask: () => Promise<Answer> = askPanels,
  pause: () => Promise<void> = () => new Promise((resolve) => setTimeout(resolve, BETWEEN_MS)),
): Promise<boolean> {
  if (platform !== 'linux') return true;
  for (let tries = 1; ; tries++) {
    if ((await ask()) !== 'no') return true;
    if (tries === TRIES) return false;
    await pause();
  }
}

/** For both kinds of places; where the newer one is missing, Electron looks for the older one by itself. */
async function askPanels(): Promise<Answer> {
  const answer = await askPanel();
  return answer === 'no' && (await hasX11Tray(process.env, homedir())) ? 'yes' : answer;
}

function askPanel(): Promise<Answer> {
  return new Promise((resolve) => {
    execFile('gdbus', QUESTION, { timeout: 2000 }, (error, stdout) => {
      if (!error) resolve(stdout.includes('true') ? 'yes' : 'no');
      else resolve(error.code === 'ENOENT' || error.killed ? 'unknown' : 'no');
    });
  });
}
