import { describe, expect, it } from 'vitest';
import { filesIn, readText } from './files.ts';

/**
 * Ways to switch tests off without saying why. `context.skip(condition, reason)` and Playwright's
 * `test.skip(condition, reason)` say it, and `npm test` prints it. Of the conditions of `skipIf`, the platform explains
 * itself, and `reasonAgainst` of the integration tests prints what is missing.
 */
const SILENCED: readonly RegExp[] = [
  /\b(it|test|describe)(\.\w+)*\.(only|todo|fixme)\(/,
  /\b(it|test|describe)(\.\w+)*\.(skipIf|runIf)\((?!reasonAgainst\(|process\.platform\b)/,
  /\b(it|describe)\.skip\(/,
  /\btest(\.describe)?\.skip\(\s*(['"`]|[^,;]*\);)/,
  /\bx(it|describe)\(/,
];

function isSilenced(text: string): boolean {
  return SILENCED.some((pattern) => pattern.test(text));
}

describe('tests', () => {
  it('are never switched off without a reason', () => {
    const here = 'test/rules/tests.test.ts';
    const files = filesIn('test').filter((file) => /\.tsx?$/.test(file) && file !== here);
    expect(files.filter((file) => isSilenced(readText(file)))).toEqual([]);
  });

  it.each([
    "it.only('x', () => {})",
    "describe.skip('x', () => {})",
    "it.todo('x')",
    "it.skipIf(isWindows)('x', () => {})",
    'test.skip(isWindows);',
    "test.skip('x', async () => {});",
    "xit('x', () => {})",
  ])('would be refused with %s', (text) => {
    expect(isSilenced(text)).toBe(true);
  });

  it.each([
    "it('x', ({ skip }) => skip(isWindows, 'no pty'))",
    "test.skip(isWindows, 'no pty');",
    'test.skip(choice.host !== wanted, choice.why);',
    "it.skipIf(process.platform === 'win32')('x', () => {})",
    "it.each([1])('x', () => {})",
    "describe.skipIf(reasonAgainst('sshd'))('x', () => {})",
  ])('may say %s', (text) => {
    expect(isSilenced(text)).toBe(false);
  });
});
