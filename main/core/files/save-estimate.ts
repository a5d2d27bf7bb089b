import type { SaveEstimate } from '../../../preload/contract/state.ts';

/** What the payload gets for saving when it is shut down. */
const LIMIT_SECONDS = 300;
/** Of a machine that packs and sends at once, where nothing was measured. */
const ASSUMED_RATE = 20_000_000;
/** A network is not always as quick as it was. */
const MARGIN = 0.8;

/** Whether a folder is likely to be saved within the time that a shut-down leaves for it. */
export function estimateSave(bytes: number, measuredRate: number | undefined): SaveEstimate {
  const bytesPerSecond = measuredRate ?? ASSUMED_RATE;
  const seconds = Math.ceil(bytes / bytesPerSecond);
  return {
    bytes,
    seconds,
    limitSeconds: LIMIT_SECONDS,
    bytesPerSecond,
    measured: measuredRate !== undefined,
    tooLarge: seconds > LIMIT_SECONDS * MARGIN,
  };
}
