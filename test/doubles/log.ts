import type { Log } from '../../main/core/ports.ts';

export const silentLog: Log = { scope: () => silentLog, write: () => {}, hide: () => {} };
