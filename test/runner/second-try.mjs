/**
 * How often a test that failed is tried again: once in CI, whose machine has other things to do as well. Such a test is
 * named at the end of the run.
 */
export const SECOND_TRY = process.env.CI === 'true' ? 1 : 0;
