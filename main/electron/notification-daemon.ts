import { execFile } from 'node:child_process';

/** Asks the notification daemon of a Linux desktop what it can do; the answer is a list of words. */
const QUESTION = [
  'call',
  '--session',
  '--dest=org.freedesktop.Notifications',
  '--object-path=/org/freedesktop/Notifications',
  '--method=org.freedesktop.Notifications.GetCapabilities',
];

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** A text that says of itself what it is, where markup is expected. */
export const asMarkup = (text: string): string => text.replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign);

/**
 * Whether the text of a notification is taken for markup, which Electron does not tell and leaves to us: some daemons
 * show nothing of a text with a single `&` in it. Most take it, so that is the answer where nobody can be asked.
 */
export function takesMarkup(platform: NodeJS.Platform): Promise<boolean> {
  if (platform !== 'linux') return Promise.resolve(false);
  return new Promise((resolve) => {
    execFile('gdbus', QUESTION, { timeout: 2000 }, (error, stdout) => {
      resolve(error !== null || stdout.includes("'body-markup'"));
    });
  });
}
