import type { HostCheck } from '../../../preload/contract/api.ts';
import { AppError } from '../../../preload/contract/errors.ts';
import { stateTexts } from '../../../preload/contract/texts/index.ts';
import type { Log } from '../ports.ts';
import { getCurrentUser } from './api.ts';
import { ApiClient } from './client.ts';
import type { ServerConfig } from './config.ts';
import { type Http, makeHttp } from './http.ts';

const t = stateTexts.host;

/** Somebody waits for the answer. */
const TIMEOUT_MS = 10_000;

/** The API's check names the user whom the credentials belong to. */
export type HostChecked = HostCheck & { readonly user?: string };

/** Tries the three hosts of a server, at the same time: the API by signing in, the others by asking for a page. */
export async function checkHosts(
  config: ServerConfig,
  options: { readonly log: Log; readonly version: string; readonly signal?: AbortSignal },
): Promise<readonly HostChecked[]> {
  return Promise.all([
    checkApi(config, options),
    checkPage('web', config, options.signal),
    checkPage('files', config, options.signal),
  ]);
}

async function checkApi(
  config: ServerConfig,
  { log, version, signal }: { readonly log: Log; readonly version: string; readonly signal?: AbortSignal },
): Promise<HostChecked> {
  const client = new ApiClient(config, { log, version, timeoutMs: TIMEOUT_MS });
  try {
    const user = await getCurrentUser(client, { signal });
    return { host: 'api', url: config.api, ok: true, message: t.signedIn(user.name), user: user.name };
  } catch (error) {
    return { host: 'api', url: config.api, ok: false, message: sentence(error) };
  }
}

async function checkPage(
  host: 'web' | 'files',
  config: ServerConfig,
  signal: AbortSignal | undefined,
): Promise<HostCheck> {
  const url = config[host];
  const answer = (ok: boolean, message: string): HostCheck => ({ host, url, ok, message });
  if (!url) return answer(false, t.missing(host));
  try {
    const http: Http = makeHttp(config.verify);
    const { status, text } = await http({
      method: 'GET',
      url: `${url}/`,
      timeoutMs: TIMEOUT_MS,
      ...(signal ? { signal } : {}),
    });
    if (status >= 500) return answer(false, t.notReady(url, status));
    // The API answers an unknown path with its envelope.
    if (/^\s*\{\s*"meta"\s*:/.test(text)) return answer(false, t.isApi(url, host));
    return answer(true, t.answered);
  } catch (error) {
    return answer(false, sentence(error));
  }
}

function sentence(error: unknown): string {
  if (!(error instanceof AppError)) throw error;
  return error.hint ? `${error.message} ${error.hint}` : error.message;
}
