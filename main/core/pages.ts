import { readFile } from 'node:fs/promises';
import { extname, resolve, sep } from 'node:path';

/** What pages are made of; nothing else is served. */
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.txt': 'text/plain; charset=utf-8',
};

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** The file of `root` that an address names by its path; `/` is the page itself. */
export async function readPage(root: string, url: string): Promise<PageFile | undefined> {
  const file = pageFile(root, url);
  const type = TYPES[extname(file ?? '')];
  const body = file && type && (await readFile(file).catch(() => undefined));
  return type && body ? { type, body } : undefined;
}

/** The path of that file, or undefined when it would lie outside of `root`, an absolute path. */
export function pageFile(root: string, url: string): string | undefined {
  let path: string;
  try {
    path = decodeURIComponent(new URL(url, 'http://127.0.0.1').pathname);
  } catch {
    return undefined;
  }
  const file = resolve(root, `.${path === '/' ? '/index.html' : path}`);
  return file.startsWith(root + sep) && !file.includes('\0') ? file : undefined;
}

/** A policy that leaves a page its own files and `connect`, the way to main if it is one of the network. */
export const pageHeaders = (connect: string): Readonly<Record<string, string>> => ({
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; " +
    `connect-src ${connect}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  'x-content-type-options': 'nosniff',
  'cache-control': 'no-store',
});
