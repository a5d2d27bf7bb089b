import { AppError, toProblem } from '../../preload/contract/errors.ts';
import type { Packaging, UpdateState } from '../../preload/contract/state.ts';
import { noticeTexts } from '../../preload/contract/texts/index.ts';
import { type Http, makeHttp } from './clearml/http.ts';
import { allowUrl } from './links.ts';
import type { Notices } from './notices.ts';
import type { Clock, Host, Log } from './ports.ts';
import type { Store } from './store.ts';
import { isNewer, type Release, readFeed } from './update-feed.ts';

/** When the app has just started there is more important work. */
const FIRST_MS = 30_000;
const DAY_MS = 24 * 60 * 60_000;
const TIMEOUT_MS = 15_000;
/** Addresses of a "latest release" mostly lead on once or twice. */
const REDIRECTS = 3;

export interface UpdateParts {
  readonly store: Store;
  readonly host: Pick<Host, 'openExternal'>;
  readonly notices: Pick<Notices, 'tell'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly version: string;
  readonly packaging: Packaging;
  readonly http?: Http;
}

/** Whether a later version is looked for: only with an address, and not where something else keeps it up to date. */
export function updatePlan(packaging: Packaging, feed: string): UpdateState {
  if (packaging !== 'own') return { at: 'off', why: packaging };
  return feed === '' ? { at: 'off', why: 'no-feed' } : { at: 'waiting' };
}

/** Looks for a later version once a day, and tells of it. Nothing is downloaded or installed. */
export class Updates {
  readonly #parts: UpdateParts;
  readonly #http: Http;
  #cancel = (): void => {};
  /** The look that counts: an earlier one may still be under way. */
  #look = 0;
  #told = '';

  constructor(parts: UpdateParts) {
    this.#parts = parts;
    this.#http = parts.http ?? makeHttp(true);
  }

  start(): void {
    this.#plan(FIRST_MS);
  }

  /** Another address was chosen. */
  feedChanged(): void {
    this.#plan(0);
  }

  stop(): void {
    this.#look++;
    this.#cancel();
  }

  async check(): Promise<void> {
    const { store, clock, log, version } = this.#parts;
    const look = ++this.#look;
    this.#cancel();
    const feed = store.state.preferences.updateFeed;
    if (this.#set(updatePlan(this.#parts.packaging, feed)).at === 'off') return;
    this.#set({ at: 'asking' });
    const found = await this.#ask(feed).then(
      (release): UpdateState =>
        isNewer(release.version, version)
          ? { at: 'available', askedAt: clock.now(), ...release }
          : { at: 'current', askedAt: clock.now() },
      (error: unknown): UpdateState => {
        log.write('warn', 'No later version could be looked for', { error });
        return { at: 'failed', askedAt: clock.now(), problem: toProblem(error) };
      },
    );
    if (look !== this.#look) return;
    this.#set(found);
    if (found.at === 'available') this.#tell(found.version);
    this.#cancel = clock.after(DAY_MS, () => void this.check());
  }

  /** Shows where the later version is. */
  async open(): Promise<void> {
    const { store, host } = this.#parts;
    const { update } = store.state;
    if (update.at !== 'available' || !update.url) {
      throw new AppError('not-found', 'The feed names no page of the later version.');
    }
    await host.openExternal(allowUrl(update.url, [new URL(update.url).origin]));
  }

  #plan(ms: number): void {
    const { store, clock, packaging } = this.#parts;
    this.#look++;
    this.#cancel();
    if (this.#set(updatePlan(packaging, store.state.preferences.updateFeed)).at === 'off') return;
    this.#cancel = clock.after(ms, () => void this.check());
  }

  async #ask(feed: string): Promise<Release> {
    let url = feed;
    for (let n = 0; n <= REDIRECTS; n++) {
      const { status, text, location } = await this.#http({ method: 'GET', url, timeoutMs: TIMEOUT_MS });
      if (status === 200) return readFeed(text, url);
      if (status < 300 || status >= 400 || !location || !URL.canParse(location, url)) {
        throw new AppError('server', `The update feed answered with ${status}.`, {
          hint: 'Check its address.',
        });
      }
      const next = new URL(location, url);
      // An answer without encryption could be anybody's.
      if (next.protocol !== 'https:' && next.origin !== new URL(feed).origin) break;
      url = next.href;
    }
    throw new AppError('server', 'The update feed leads elsewhere without an end.', {
      hint: 'Check its address.',
    });
  }

  #tell(version: string): void {
    if (version === this.#told || !this.#parts.store.state.preferences.notifications) return;
    this.#told = version;
    this.#parts.notices.tell({
      key: 'update',
      tone: 'info',
      title: noticeTexts.update.title(version),
      body: noticeTexts.update.body(this.#parts.version),
      silent: true,
      actions: [{ label: noticeTexts.show, command: { do: 'openSettings' } }],
    });
  }

  #set(update: UpdateState): UpdateState {
    this.#parts.store.update((s) => ({ ...s, update }));
    return update;
  }
}
