import { defineConfig } from '@playwright/test';
import { LOOKS, TEST_MS } from '../runner/looks.mjs';
import { SECOND_TRY } from '../runner/second-try.mjs';
import { findChromium } from '../runner/tools.mjs';

const chromium = findChromium();

/** The projects are layers of `npm test`; `screenshots` makes the pictures of the README. */
export default defineConfig({
  forbidOnly: true,
  // Every test has an app and a server of its own, and waits for them half of the time.
  fullyParallel: true,
  workers: 3,
  timeout: TEST_MS,
  retries: SECOND_TRY,
  expect: { timeout: LOOKS.timeout },
  outputDir: '../../test-results',
  use: {
    launchOptions: chromium ? { executablePath: chromium } : {},
    trace: 'retain-on-failure',
  },
  projects: [
    { name: 'browser', testDir: './browser', grepInvert: /@alone/ },
    // No other app may take the local ports of one that is not running at the moment.
    { name: 'alone', testDir: './browser', grep: /@alone/, dependencies: ['browser'] },
    { name: 'electron', testDir: './electron' },
    { name: 'screenshots', testDir: '../screenshots' },
  ],
});
