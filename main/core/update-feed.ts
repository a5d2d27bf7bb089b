import * as z from 'zod/mini';
import { AppError } from '../../preload/contract/errors.ts';

export interface Release {
  readonly version: string;
  /** Where it can be had. */
  readonly url?: string;
}

const VERSION = /^v?(\d+(?:\.\d+){0,3})(?:-([\w.-]+))?(?:\+.*)?$/;
const Json = z.object({ version: z.string(), url: z.optional(z.string()) });

/**
 * The release that a feed names: `{"version": "1.2.3", "url": "https://…"}`, or the `latest*.yml` that electron-builder
 * writes beside its packages. `from`: the address of the feed, from which that of the release may be relative.
 *
 * Throws AppError `server` where it names none.
 */
export function readFeed(text: string, from: string): Release {
  const named = text.trimStart().startsWith('{') ? readJson(text) : readYaml(text);
  const version = VERSION.test(named?.version ?? '') ? named?.version.replace(/^v/, '') : undefined;
  if (!version) {
    throw new AppError('server', 'The update feed names no version.', {
      hint: 'It is a latest*.yml of electron-builder, or JSON such as {"version": "1.2.3", "url": "https://…"}.',
    });
  }
  const url = named?.url === undefined ? undefined : pageUrl(named.url, from);
  return { version, ...(url ? { url } : {}) };
}

function readJson(text: string): z.infer<typeof Json> | undefined {
  try {
    return Json.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}

/** Of the two lines that are wanted, electron-builder writes each at the beginning of a line. */
function readYaml(text: string): { readonly version: string; readonly url?: string } | undefined {
  const value = (key: string): string | undefined =>
    new RegExp(`^${key}:[ \\t]*(['"]?)(.+?)\\1[ \\t]*\\r?$`, 'm').exec(text)?.[2];
  const [version, path] = [value('version'), value('path')];
  return version === undefined ? undefined : { version, ...(path ? { url: path } : {}) };
}

/** Undefined where it is no address to send a person to. */
function pageUrl(url: string, from: string): string | undefined {
  if (!URL.canParse(url, from)) return undefined;
  const page = new URL(url, from);
  const isSafe = page.protocol === 'https:' || page.origin === new URL(from).origin;
  return isSafe && !page.username && !page.password ? page.href : undefined;
}

/** Whether `a` is a later version than `b`. A release is later than its own pre-releases. */
export function isNewer(a: string, b: string): boolean {
  const [left, right] = [VERSION.exec(a), VERSION.exec(b)];
  if (!left || !right) return false;
  const byNumbers = compareNumbers(left[1] ?? '', right[1] ?? '');
  if (byNumbers !== 0) return byNumbers > 0;
  if (left[2] === undefined || right[2] === undefined) return left[2] === undefined && right[2] !== undefined;
  return left[2].localeCompare(right[2], 'en', { numeric: true }) > 0;
}

function compareNumbers(a: string, b: string): number {
  const [left, right] = [a.split('.').map(Number), b.split('.').map(Number)];
  for (let n = 0; n < Math.max(left.length, right.length); n++) {
    const difference = (left[n] ?? 0) - (right[n] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
