/**
 * How tests wait for what is about to happen, in milliseconds: they look often, and give up only when it hangs. What a
 * test asserts is what happens, not when.
 */
export const LOOKS = { timeout: 60_000, interval: 10 };

/** How long a whole test may take: longer than one thing it waits for, so that the failure names that. */
export const TEST_MS = 180_000;
