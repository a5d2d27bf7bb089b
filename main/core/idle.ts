/** What is known of the use of a session. Times are epoch ms. */
export interface Use {
  /** When it was used last, or first seen. */
  readonly usedAt: number;
  /** A local connection is open. */
  readonly isOpen: boolean;
  /** When the server was asked what its machine does. */
  readonly lookedAt?: number;
}

/** From here on the machine is looked at: it may compute although nobody is connected. */
const LOOK_BEFORE_MS = 15 * 60_000;

/** Whether to ask what its machine does. */
export const wantsLook = ({ usedAt, isOpen }: Use, limitMs: number, now: number): boolean =>
  !isOpen && now >= usedAt + limitMs - LOOK_BEFORE_MS;

/** Since when a session has been idle, once it was for `limitMs` and its machine was looked at. */
export function idleSince(use: Use, limitMs: number, now: number): number | undefined {
  const { usedAt, isOpen, lookedAt = 0 } = use;
  const isLookedAt = lookedAt >= usedAt + limitMs - LOOK_BEFORE_MS;
  return !isOpen && isLookedAt && now >= usedAt + limitMs ? usedAt : undefined;
}
