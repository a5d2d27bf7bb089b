import { describe, expect, it } from 'vitest';
import { filesIn, readText } from './files.ts';

/** Properties and values that name a side of the window, not of the text: wrong where that runs from right to left. */
const SIDED = [
  /(?:^|[\s;{])(?:margin|padding|border)-(?:left|right)\b/,
  /(?:^|[\s;{])(?:left|right)\s*:/,
  /(?:text-align|float|clear)\s*:\s*(?:left|right)\b/,
  /border-(?:top|bottom)-(?:left|right)-radius/,
  /position-area\s*:[^;]*\b(?:left|right)\b/,
];

/** Of four values the second and the fourth are sides. They may be different only by accident. */
const FOUR = /(?:margin|padding|inset)\s*:\s*([^;{}]+);/g;

function sided(css: string): string[] {
  const plain = css.replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const named = plain.split('\n').filter((line) => SIDED.some((pattern) => pattern.test(line)));
  const uneven = [...plain.matchAll(FOUR)].filter(([, values = '']) => {
    const four = values.match(/[^\s(]+\([^()]*(?:\([^()]*\)[^()]*)*\)|\S+/g) ?? [];
    return four.length === 4 && four[1] !== four[3];
  });
  return [...named, ...uneven.map(([text]) => text)].map((text) => text.trim());
}

describe('the styles', () => {
  it('name the beginning and the end of a line, not left and right', () => {
    const found = filesIn('renderer/styles').flatMap((file) =>
      sided(readText(file)).map((text) => `${file}: ${text}`),
    );
    expect(found).toEqual([]);
  });

  it('ask for a direction in a way that the build leaves alone', () => {
    const found = filesIn('renderer/styles').filter((file) => readText(file).includes(':dir(rtl)'));
    expect(found).toEqual([]);
  });

  it.each([
    'a { margin-left: 1px; }',
    'a {\n  left: 0;\n}',
    'a { text-align: right; }',
    'a { float: left; }',
    'a { border-right: 1px solid; }',
    'a { padding: 1px 2px 3px 4px; }',
    'a { margin: 0 calc(1px + var(--gap)) 0 0; }',
    'a { position-area: bottom span-left; }',
  ])('are found out in %j', (css) => {
    expect(sided(css)).toHaveLength(1);
  });

  it.each([
    'a { margin-inline-start: 1px; }',
    'a { padding: 1px 2px 3px 2px; }',
    'a { padding: 1px 2px; }',
    'a { inset: calc(100% + 1px) 0 auto; }',
    '/* to the left: of it */',
    'a { scroll-margin-inline: 1px; }',
  ])('are not found in %j', (css) => {
    expect(sided(css)).toEqual([]);
  });
});
