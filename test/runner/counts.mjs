/**
 * What a layer did. A skipped test says why.
 *
 * @typedef {object} Counts
 * @property {number} passed
 * @property {number} failed
 * @property {readonly { readonly title: string, readonly reason: string }[]} skipped
 * @property {readonly string[]} again titles of tests that passed at their second try, which only CI allows
 */

/** @type {Counts} */
export const NOTHING = { passed: 0, failed: 0, skipped: [], again: [] };

/**
 * Counts Playwright's JSON report.
 *
 * @param {import('@playwright/test/reporter').JSONReport} report
 * @returns {Counts}
 */
export function countPlaywright(report) {
  const tests = report.suites.flatMap(specsOf).flatMap((spec) =>
    spec.tests.map((test) => ({
      title: spec.title,
      status: test.status,
      reason:
        test.annotations.find(({ type }) => type === 'skip' || type === 'fixme')?.description ?? NO_REASON,
    })),
  );
  return {
    passed: tests.filter(({ status }) => status === 'expected' || status === 'flaky').length,
    failed: tests.filter(({ status }) => status === 'unexpected').length + report.errors.length,
    skipped: tests
      .filter(({ status }) => status === 'skipped')
      .map(({ title, reason }) => ({ title, reason })),
    again: tests.filter(({ status }) => status === 'flaky').map(({ title }) => title),
  };
}

/** `skipIf` cannot carry a reason; rules/tests.test.ts says which conditions explain themselves. */
export const NO_REASON = 'not possible on this machine';

/**
 * @param {import('@playwright/test/reporter').JSONReportSuite} suite
 * @returns {import('@playwright/test/reporter').JSONReportSpec[]}
 */
function specsOf(suite) {
  return [...suite.specs, ...(suite.suites ?? []).flatMap(specsOf)];
}

/**
 * Holds a runner to its word: a run that ends badly has a failure, and a layer without tests is one.
 *
 * @param {Counts | undefined} counts undefined when the runner left no report
 * @param {string | undefined} reason why the runner did not succeed
 * @returns {{ readonly counts: Counts, readonly problem: string | undefined }}
 */
export function judge(counts, reason) {
  if (!counts) return { counts: { ...NOTHING, failed: 1 }, problem: reason ?? 'it left no report' };
  if (counts.failed > 0) return { counts, problem: undefined };
  if (reason) return { counts: { ...counts, failed: 1 }, problem: reason };
  if (counts.passed + counts.skipped.length === 0) {
    return { counts: { ...counts, failed: 1 }, problem: 'it ran no tests' };
  }
  return { counts, problem: undefined };
}

/**
 * @param {readonly Counts[]} all
 * @returns {Counts}
 */
export function total(all) {
  return {
    passed: all.reduce((sum, { passed }) => sum + passed, 0),
    failed: all.reduce((sum, { failed }) => sum + failed, 0),
    skipped: all.flatMap(({ skipped }) => skipped),
    again: all.flatMap(({ again }) => again),
  };
}

/**
 * "12 passed, 0 failed", and ", 1 skipped" where something was.
 *
 * @param {Counts} counts
 * @returns {string}
 */
export function countsLine({ passed, failed, skipped }) {
  return `${passed} passed, ${failed} failed${skipped.length > 0 ? `, ${skipped.length} skipped` : ''}`;
}
