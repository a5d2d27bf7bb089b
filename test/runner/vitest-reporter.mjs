import { writeFileSync } from 'node:fs';
import { NO_REASON } from './counts.mjs';

/**
 * Writes what run.mjs counts to the file that TEST_REPORT names. Vitest's own JSON report knows neither the reasons of
 * skipped tests nor errors outside of tests.
 *
 * @typedef {import('vitest/reporters').Reporter} Reporter
 * @implements {Reporter}
 */
export class CountsReporter {
  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandled
   */
  onTestRunEnd(modules, unhandled) {
    const tests = modules.flatMap((module) => [...module.children.allTests()]);
    const broken = modules.filter((module) => module.errors().length > 0);
    /** @type {import('./counts.mjs').Counts} */
    const counts = {
      passed: tests.filter((test) => test.result().state === 'passed').length,
      failed:
        tests.filter((test) => test.result().state === 'failed').length + broken.length + unhandled.length,
      skipped: tests.flatMap((test) => {
        const result = test.result();
        return result.state === 'skipped' ? [{ title: test.fullName, reason: result.note ?? NO_REASON }] : [];
      }),
      again: tests.filter((test) => test.diagnostic()?.flaky).map((test) => test.fullName),
    };
    const file = process.env.TEST_REPORT;
    if (file) writeFileSync(file, JSON.stringify(counts));
  }
}

// biome-ignore lint/style/noDefaultExport: how vitest loads a reporter by its path
export default CountsReporter;
