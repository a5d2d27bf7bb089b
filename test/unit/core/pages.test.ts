import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageFile } from '../../../main/core/pages.ts';

describe('the file behind an address', () => {
  const root = resolve('/pages');
  it.each([
    ['/', 'index.html'],
    ['/?x#y', 'index.html'],
    ['/assets/a.js', 'assets/a.js'],
    ['app://ui/assets/a%20b.js', 'assets/a b.js'],
  ])('%s is %s', (url, file) => {
    expect(pageFile(root, url)).toBe(resolve(root, file));
  });

  it.each(['/%2e%2e%2fetc/passwd', '/..%2f..%2fetc/passwd', '//etc/passwd', '/%00', '/%', 'http://[/'])(
    '%s is none, or inside of the folder',
    (url) => {
      expect(pageFile(root, url) ?? `${root}/`).toMatch(/^.*pages[/\\\\]/);
    },
  );

  it('may not be outside of the folder, even in one whose name begins alike', () => {
    expect(pageFile(root, '/..%2fpages-of-others/a.js')).toBeUndefined();
  });
});
