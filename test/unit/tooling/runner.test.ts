import type { JSONReport } from '@playwright/test/reporter';
import { describe, expect, it } from 'vitest';
import { type Counts, countPlaywright, countsLine, judge, total } from '../../runner/counts.mjs';
import { aptCommands, toolPlan } from '../../runner/tools.mjs';

const some: Counts = { passed: 3, failed: 0, skipped: [], again: [] };
const skip = { title: 'a test', reason: 'no display' };

describe('the verdict about a layer', () => {
  it.each([
    ['all passed', some, undefined, 0],
    ['all were skipped', { ...some, passed: 0, skipped: [skip] }, undefined, 0],
    ['some failed', { ...some, failed: 2 }, 'exit code 1', 2],
    ['all passed and the runner failed', some, 'exit code 1', 1],
    ['nothing ran', { ...some, passed: 0 }, undefined, 1],
    ['the runner left no report', undefined, 'it hung', 1],
  ])('when %s', (_, counts, reason, failed) => {
    expect(judge(counts, reason).counts.failed).toBe(failed);
  });
});

describe('the last line of npm test', () => {
  it.each([
    [[some], '3 passed, 0 failed'],
    [[some, { passed: 1, failed: 2, skipped: [skip], again: [] }], '4 passed, 2 failed, 1 skipped'],
    [[], '0 passed, 0 failed'],
  ])('adds up the layers', (all, line) => {
    expect(countsLine(total(all))).toBe(line);
  });
});

describe("Playwright's report", () => {
  it('is counted through nested suites, with reasons', () => {
    const spec = (title: string, status: string, annotations: object[] = []): object => ({
      title,
      tests: [{ status, annotations }],
    });
    const report = {
      errors: [{ message: 'a file that does not load' }],
      suites: [
        {
          specs: [spec('a', 'expected'), spec('b', 'unexpected')],
          suites: [
            {
              specs: [
                spec('c', 'flaky'),
                spec('d', 'skipped', [{ type: 'skip', description: 'no display' }]),
                spec('e', 'skipped'),
              ],
            },
          ],
        },
      ],
    };
    expect(countPlaywright(report as unknown as JSONReport)).toEqual({
      passed: 2,
      failed: 2,
      skipped: [
        { title: 'd', reason: 'no display' },
        { title: 'e', reason: 'not possible on this machine' },
      ],
      again: ['c'],
    });
  });
});

describe('tools that are missing', () => {
  it('are installed on Debian as root', () => {
    const plan = toolPlan({ missing: ['Chromium', 'OpenSSH'], isDebian: true, isRoot: true });
    expect(plan).toEqual({ install: ['chromium', 'openssh-server', 'openssh-client'] });
  });

  it('are installed without a question', () => {
    const [update, install] = aptCommands(['chromium']);
    expect(update?.at(-1)).toBe('update');
    expect(install).toContain('-y');
    expect(install?.slice(-2)).toEqual(['install', 'chromium']);
  });

  it.each([
    [
      'on Debian as a user',
      true,
      false,
      ['dropbear'],
      'Missing: dropbear; "sudo apt-get install dropbear-bin" brings it.',
    ],
    [
      'elsewhere',
      false,
      true,
      ['Chromium'],
      'Missing: Chromium; "npx playwright install chromium" brings it.',
    ],
    [
      'elsewhere',
      false,
      false,
      ['Chromium', 'dropbear'],
      'Missing: Chromium, dropbear; on Debian the packages are chromium, dropbear-bin.',
    ],
  ] as const)('are named with what brings them %s', (_, isDebian, isRoot, missing, advice) => {
    expect(toolPlan({ missing, isDebian, isRoot })).toEqual({ advice });
  });
});
