import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';
import type { CustomScheme } from 'electron';
import type { View } from '../../preload/contract/api.ts';

/** `standard` gives pages an origin of their own, `secure` the features that browsers keep for https. */
export const APP_SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

const ORIGIN = 'app://ui';

export const isAppUrl = (url: string): boolean => url.startsWith(`${ORIGIN}/`);

/** The address of a view, as renderer/route.ts reads it. */
export const viewUrl = (view: View): string => `${ORIGIN}/index.html#/${view === 'sessions' ? '' : view}`;

/** The page has no network of its own: all traffic is main's. */
const HEADERS = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; " +
    "connect-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
};

/** The file that an address of ours names: inside `root` and of a type that pages are made of, or none at all. */
export function pageFile(root: string, url: string): string | undefined {
  if (!isAppUrl(url)) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(new URL(url).pathname);
  } catch {
    return undefined;
  }
  const file = resolve(root, `.${path}`);
  return file.startsWith(root + sep) && extname(file) in TYPES ? file : undefined;
}

/** Answers requests of our pages from the folder `root`, an absolute path. */
export function servePages(root: string): (request: Pick<Request, 'method' | 'url'>) => Promise<Response> {
  return async ({ method, url }) => {
    const file = method === 'GET' ? pageFile(root, url) : undefined;
    const bytes = file && (await readFile(file).catch(() => undefined));
    if (!file || !bytes) return new Response('Not found', { status: 404, headers: HEADERS });
    return new Response(bytes, { headers: { ...HEADERS, 'content-type': TYPES[extname(file)] ?? '' } });
  };
}
