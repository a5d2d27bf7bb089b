import { mkdirSync } from 'node:fs';
import type { HandOver } from '../core/hand-over.ts';
import { claimFolder, type Done } from '../core/instance.ts';
import type { Log } from '../core/ports.ts';

/**
 * Has the app that runs do something; where none does, `alone` is done in its place, while no other one can start.
 * Throws AppError where something hangs.
 */
export async function askApp(
  appFolder: string,
  handOver: HandOver,
  {
    log,
    signal,
    alone = () => {},
  }: { readonly log: Log; readonly signal?: AbortSignal; readonly alone?: () => void },
): Promise<Done | undefined> {
  mkdirSync(appFolder, { recursive: true, mode: 0o700 });
  const claim = await claimFolder(appFolder, {
    host: 'headless',
    show: false,
    handOver,
    log,
    ...(signal ? { signal } : {}),
  });
  if ('running' in claim) return claim.done;
  // An app that is started in this moment asks again.
  claim.ours.leave();
  claim.ours.serve({ show() {} });
  try {
    alone();
  } finally {
    claim.ours.release();
  }
  return undefined;
}
