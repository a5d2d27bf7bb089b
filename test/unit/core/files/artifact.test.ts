import { describe, expect, it } from 'vitest';
import { previewOf, storagePath, uriOf } from '../../../../main/core/files/artifact.ts';
import { estimateSave } from '../../../../main/core/files/save-estimate.ts';
import { sizeText } from '../../../../preload/contract/size.ts';

const ID = '0123456789abcdef0123456789abcdef';
const path = (name: string, file = 'data.zip', project = 'DevOps') =>
  storagePath({ id: ID, name, project }, 'session-files', file);

describe('where a file lies on the files server', () => {
  it.each([
    ['My session', `/DevOps/My session.${ID}/artifacts/session-files/data.zip`],
    ['a/b', `/DevOps/a/b.${ID}/artifacts/session-files/data.zip`],
    ['größe #1?', `/DevOps/gr%C3%B6%C3%9Fe %231%3F.${ID}/artifacts/session-files/data.zip`],
    ['../../etc', `/DevOps/__/__/etc.${ID}/artifacts/session-files/data.zip`],
    ['a"b\r\nc', `/DevOps/a%22b%0D%0Ac.${ID}/artifacts/session-files/data.zip`],
    [`${'x'.repeat(127)}😀`, `/DevOps/${'x'.repeat(127)}%EF%BF%BD.${ID}/artifacts/session-files/data.zip`],
  ])('%s', (name, expected) => expect(path(name)).toBe(expected));

  it('does without a project', () => {
    expect(path('n', 'f', '')).toBe(`/n.${ID}/artifacts/session-files/f`);
  });

  it('comes back from its address when it is decoded once', () => {
    for (const name of ['My session', 'größe #1?', '100%']) {
      const uri = uriOf('http://files:8081/', path(name));
      expect(decodeURIComponent(new URL(uri).pathname)).toBe(path(name));
    }
  });
});

it('lists files in a preview, and how many more there are', () => {
  const files = Array.from({ length: 2100 }, (_, n) => ({ name: `f${n}`, size: 1234 * n }));
  const lines = previewOf('data.zip', files).split('\n');
  expect(lines.slice(0, 3)).toEqual(['Archive content data.zip:', 'f0 - 0 B', 'f1 - 1,234 B']);
  expect(lines.at(-2)).toBe('… and 100 more files');
});

describe('the time to save', () => {
  it.each([
    [1_000_000_000, undefined, false],
    [4_700_000_000, undefined, false],
    [5_000_000_000, undefined, true],
    [5_000_000_000, 100_000_000, false],
    [400_000_000, 1_000_000, true],
  ])('of %d bytes at %s bytes a second is too long: %s', (bytes, rate, tooLarge) => {
    expect(estimateSave(bytes, rate)).toMatchObject({ tooLarge, measured: rate !== undefined });
  });
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1000, '1.0 kB'],
  [9_960, '10 kB'],
  [999_600, '1.0 MB'],
  [2_345_678_901, '2.3 GB'],
])('%d bytes are %s', (bytes, text) => expect(sizeText(bytes)).toBe(text));
