import type { CustomScheme } from 'electron';
import type { View } from '../../preload/contract/api.ts';
import type { SessionId } from '../../preload/contract/state.ts';
import { pageHeaders, readPage } from '../core/pages.ts';

/** `standard` gives pages an origin of their own, `secure` the features that browsers keep for https. */
export const APP_SCHEME: CustomScheme = {
  scheme: 'app',
  privileges: { standard: true, secure: true, supportFetchAPI: true },
};

const ORIGIN = 'app://ui';

export const isAppUrl = (url: string): boolean => url.startsWith(`${ORIGIN}/`);

/** The address of a view, as renderer/route.ts reads it. */
export const viewUrl = (view: View, session?: SessionId): string =>
  `${ORIGIN}/index.html#/${session ? `sessions/${session}` : view === 'sessions' ? '' : view}`;

/** The page has no network of its own, all traffic is main's: what it may fetch are its own files. */
const HEADERS = pageHeaders("'self'");

/** Answers requests of our pages from the folder `root`, an absolute path. */
export function servePages(root: string): (request: Pick<Request, 'method' | 'url'>) => Promise<Response> {
  return async ({ method, url }) => {
    const page = method === 'GET' && isAppUrl(url) ? await readPage(root, url) : undefined;
    if (!page) return new Response('Not found', { status: 404, headers: HEADERS });
    return new Response(new Uint8Array(page.body), { headers: { ...HEADERS, 'content-type': page.type } });
  };
}
