import type { SessionView } from '../preload/contract/state.ts';

/** Ours and not connected yet: the stages tell more than the word, and there is nothing to open. */
export function isOnItsWay(s: SessionView): boolean {
  if (s.stages.length === 0 || !(s.mine || s.link.at !== 'off')) return false;
  if (s.status === 'queued' || s.status === 'starting') return true;
  return s.status === 'running' && s.link.at === 'connecting' && s.connectedAt === undefined;
}

/** Its connection was lost, and is being made again by itself. */
export const isReconnecting = ({ link }: SessionView): boolean =>
  link.at === 'waiting' || (link.at === 'connecting' && link.attempt > 1);
