import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { isAppUrl, servePages, viewUrl } from '../../../main/electron/scheme.ts';

const folder = mkdtempSync(join(tmpdir(), 'scheme-'));
const root = join(folder, 'renderer');
mkdirSync(join(root, 'assets'), { recursive: true });
writeFileSync(join(root, 'index.html'), '<p>page</p>');
writeFileSync(join(root, 'assets', 'a b.js'), '1');
writeFileSync(join(root, 'notes.json'), 'not a page');
writeFileSync(join(folder, 'outside.js'), 'secret');

afterAll(() => rmSync(folder, { recursive: true }));

const get = (url: string, method = 'GET') => servePages(root)({ url, method });

describe('the scheme of the app', () => {
  it.each([
    ['sessions', 'app://ui/index.html#/'],
    ['launch', 'app://ui/index.html#/launch'],
    ['settings', 'app://ui/index.html#/settings'],
  ] as const)('names the view %s', (view, url) => {
    expect(viewUrl(view)).toBe(url);
    expect(isAppUrl(viewUrl(view))).toBe(true);
  });

  it.each(['app://ui.example/index.html', 'app://ui', 'https://ui/', 'file:///index.html', ''])(
    'does not take %s for its own',
    (url) => expect(isAppUrl(url)).toBe(false),
  );

  it('serves the page with a policy that allows it nothing but itself', async () => {
    const response = await get('app://ui/index.html?x#/launch');
    expect(response.status).toBe(200);
    expect(await response.text()).toBe('<p>page</p>');
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    const policy = response.headers.get('content-security-policy');
    expect(policy).toContain("default-src 'none'; script-src 'self';");
    expect(policy).toContain("connect-src 'self';");
    expect(policy).not.toContain('unsafe');
  });

  it('serves files with spaces in their names', async () => {
    const response = await get('app://ui/assets/a%20b.js');
    expect(response.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it.each([
    'app://ui/../outside.js',
    'app://ui/%2e%2e/outside.js',
    'app://ui/..%2foutside.js',
    'app://ui/assets/..%2f..%2foutside.js',
    'app://ui/..%5coutside.js',
    'app://other/index.html',
    'app://ui/notes.json',
    'app://ui/missing.js',
    'app://ui/index.html%00.js',
    'app://ui/%',
  ])('answers %s with nothing', async (url) => {
    const response = await get(url);
    expect(response.status).toBe(404);
    expect(await response.text()).toBe('Not found');
  });

  it('answers nothing but reading', async () => {
    expect((await get('app://ui/index.html', 'POST')).status).toBe(404);
  });
});
