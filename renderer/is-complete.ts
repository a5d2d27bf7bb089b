import type { SessionView } from '../preload/contract/state.ts';

/** Every tool that was asked for has come up, or has given up. */
export const isComplete = (s: SessionView): boolean => s.jupyter !== 'pending' && s.vscode !== 'pending';
