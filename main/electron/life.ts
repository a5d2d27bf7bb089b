import type { App, Dialog } from 'electron';
import { BUG } from '../../preload/contract/errors.ts';
import { menuTexts } from '../../preload/contract/texts/index.ts';
import type { Log } from '../core/ports.ts';

const STOP_WITHIN_MS = 5000;

/** However the app quits, its connections are closed first. Returns what closes them, at most once. */
export function stopOnQuit(
  app: Pick<App, 'on' | 'quit'>,
  parts: { readonly leave: () => void; readonly stop: () => Promise<void>; readonly log: Log },
): () => Promise<void> {
  let stopping: Promise<void> | undefined;
  let stopped = false;
  const stop = (): Promise<void> => {
    stopping ??= within(STOP_WITHIN_MS, parts.stop())
      .catch((error: unknown) => parts.log.write('error', 'The app could not stop cleanly', { error }))
      .then(() => {
        stopped = true;
      });
    return stopping;
  };
  app.on('before-quit', (event) => {
    parts.leave();
    if (stopped) return;
    event.preventDefault();
    void stop().then(() => app.quit());
  });
  return stop;
}

/** What nobody expected ends the app: nobody knows what state it is in. */
export function endOnBugs(
  process: Pick<NodeJS.Process, 'on'>,
  parts: {
    readonly app: Pick<App, 'exit'>;
    readonly dialog: Pick<Dialog, 'showErrorBox'>;
    readonly stop: () => Promise<void>;
    readonly log: Log;
  },
): void {
  let ending = false;
  const end = async (error: unknown): Promise<void> => {
    parts.log.write('error', 'The app ended because of a bug', { error });
    if (ending) return;
    ending = true;
    await parts.stop();
    parts.dialog.showErrorBox(menuTexts.bug, `${BUG.message} ${BUG.hint}`);
    parts.app.exit(1);
  };
  process.on('uncaughtException', (error) => void end(error));
  process.on('unhandledRejection', (error) => void end(error));
}

function within(ms: number, work: Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
