import type { IpcMain, WebContents } from 'electron';
import type { Reply } from '../../preload/contract/wire.ts';
import type { Log } from '../core/ports.ts';
import { isAppUrl } from './scheme.ts';

const REFUSED: Reply = {
  ok: false,
  problem: { code: 'forbidden', message: 'This page may not talk to the app.' },
};

/**
 * Serves the router to our own pages, over one channel.
 *
 * Whoever sends must be one of our windows, its top frame, and showing our page: each alone can be faked by a page
 * that got loaded where it should not be.
 */
export function serveCalls(
  ipcMain: Pick<IpcMain, 'handle'>,
  parts: {
    readonly call: (name: unknown, arg: unknown) => Promise<Reply>;
    readonly isOurs: (sender: WebContents) => boolean;
    readonly log: Log;
  },
): void {
  ipcMain.handle('call', async (event, name: unknown, arg: unknown): Promise<Reply> => {
    const frame = event.senderFrame;
    const trusted =
      parts.isOurs(event.sender) && frame !== null && frame.parent === null && isAppUrl(frame.url);
    if (trusted) return parts.call(name, arg);
    parts.log.write('warn', 'A call from an unknown page was refused', { url: frame?.url });
    return REFUSED;
  });
}
