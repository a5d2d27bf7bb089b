import { describe, expect, it, vi } from 'vitest';
import type { HttpReply, HttpRequest } from '../../../main/core/clearml/http.ts';
import { Store } from '../../../main/core/store.ts';
import { isNewer, readFeed } from '../../../main/core/update-feed.ts';
import { Updates, updatePlan } from '../../../main/core/updates.ts';
import { DEFAULT_PREFERENCES, PREFERENCES } from '../../../preload/contract/preferences.ts';
import type { Packaging } from '../../../preload/contract/state.ts';
import { HandClock } from '../../doubles/clock.ts';
import { TestHost } from '../../doubles/host.ts';
import { silentLog } from '../../doubles/log.ts';
import { appState } from '../../doubles/state.ts';

const FEED = 'https://updates.example/app/latest.yml';
const DAY_MS = 24 * 60 * 60_000;
const YAML = `version: 0.2.0
files:
  - url: other.AppImage
    sha512: abc
path: clearml-session-tray-0.2.0.AppImage
sha512: abc
releaseDate: '2026-01-01T00:00:00.000Z'
`;

describe('a later version is looked for', () => {
  it.each<[Packaging, string, object]>([
    ['own', FEED, { at: 'waiting' }],
    ['own', '', { at: 'off', why: 'no-feed' }],
    ['checkout', FEED, { at: 'off', why: 'checkout' }],
    ['checkout', '', { at: 'off', why: 'checkout' }],
    ['package-manager', FEED, { at: 'off', why: 'package-manager' }],
    ['snap', FEED, { at: 'off', why: 'snap' }],
    ['flatpak', FEED, { at: 'off', why: 'flatpak' }],
    ['store', FEED, { at: 'off', why: 'store' }],
  ])('only where nobody else brings it, and with an address: %s, “%s”', (packaging, feed, plan) => {
    expect(updatePlan(packaging, feed)).toEqual(plan);
  });
});

describe('a version', () => {
  it.each([
    ['0.2.0', '0.1.0', true],
    ['0.10.0', '0.9.9', true],
    ['1.0', '0.9.9', true],
    ['0.1.0', '0.1.0', false],
    ['0.1', '0.1.0', false],
    ['0.0.9', '0.1.0', false],
    ['1.0.0', '1.0.0-beta.2', true],
    ['1.0.0-beta.10', '1.0.0-beta.2', true],
    ['1.0.0-beta.1', '1.0.0', false],
    ['no version', '0.1.0', false],
  ])('%s is newer than %s: %s', (a, b, newer) => {
    expect(isNewer(a, b)).toBe(newer);
  });
});

describe('a feed', () => {
  it.each<[string, string, object]>([
    [
      'of electron-builder',
      YAML,
      { version: '0.2.0', url: `${FEED.slice(0, -10)}clearml-session-tray-0.2.0.AppImage` },
    ],
    [
      'of electron-builder, from Windows',
      'version: "0.2.0"\r\npath: a b.exe\r\n',
      { version: '0.2.0', url: 'https://updates.example/app/a%20b.exe' },
    ],
    [
      'in JSON',
      '{"version":"v1.2.3","url":"https://get.example/"}',
      { version: '1.2.3', url: 'https://get.example/' },
    ],
    ['without an address', ' {"version":"1.2.3"}', { version: '1.2.3' }],
    [
      'with an address that is none for people',
      '{"version":"1.2.3","url":"javascript:alert(1)"}',
      { version: '1.2.3' },
    ],
    [
      'with an address without encryption',
      '{"version":"1.2.3","url":"http://get.example/"}',
      { version: '1.2.3' },
    ],
    ['with a password', '{"version":"1.2.3","url":"https://a:b@get.example/"}', { version: '1.2.3' }],
  ])('%s names a release', (_, text, release) => {
    expect(readFeed(text, FEED)).toEqual(release);
  });

  it.each([
    '',
    '<html>',
    '{"version":2}',
    '{"version":"../../x"}',
    '{',
    'version: latest',
    '# version: 1.0.0',
  ])('names none where it holds “%s”', (text) => {
    expect(() => readFeed(text, FEED)).toThrow('names no version');
  });

  it.each([
    ['', true],
    ['https://updates.example/latest.yml', true],
    ['http://127.0.0.1:8000/feed.json', true],
    ['http://updates.example/latest.yml', false],
    ['https://me:secret@updates.example/', false],
    ['file:///etc/passwd', false],
    ['updates.example', false],
  ])('may be at “%s”: %s', (address, fits) => {
    expect(PREFERENCES.updateFeed.schema.safeParse(address).success).toBe(fits);
  });
});

function looking(answers: (request: HttpRequest) => Partial<HttpReply>, feed = FEED) {
  const store = new Store(appState({ preferences: { ...DEFAULT_PREFERENCES, updateFeed: feed } }));
  const clock = new HandClock();
  const host = new TestHost();
  const told = vi.fn();
  const http = vi.fn(async (request: HttpRequest) => ({
    status: 200,
    text: '',
    location: undefined,
    ...answers(request),
  }));
  const updates = new Updates({
    store,
    host,
    clock,
    http,
    notices: { tell: told },
    log: silentLog,
    version: '0.1.0',
    packaging: 'own',
  });
  const settled = (): Promise<void> =>
    vi.waitFor(() => expect(store.state.update.at).not.toMatch(/waiting|asking/));
  return { store, clock, host, http, told, updates, settled };
}

describe('the app', () => {
  it('looks half a minute after its start and then once a day, and tells of a version once', async () => {
    const { updates, clock, store, http, told, settled } = looking(() => ({ text: YAML }));
    updates.start();
    expect(http).not.toHaveBeenCalled();
    clock.advance(30_000);
    await settled();
    expect(store.state.update).toMatchObject({ at: 'available', version: '0.2.0' });
    clock.advance(DAY_MS);
    await vi.waitFor(() => expect(http).toHaveBeenCalledTimes(2));
    await settled();
    expect(told.mock.calls.map(([{ title }]) => title)).toEqual(['Version 0.2.0 is available']);
    updates.stop();
    expect(clock.pending).toBe(0);
  });

  it('asks nobody without an address, and another one at once', async () => {
    const { updates, clock, store, http, settled } = looking(() => ({ text: YAML }), '');
    updates.start();
    clock.advance(2 * DAY_MS);
    await updates.check();
    expect(http).not.toHaveBeenCalled();
    expect(store.state.update).toEqual({ at: 'off', why: 'no-feed' });
    const preferences = { ...DEFAULT_PREFERENCES, updateFeed: 'https://other.example/f.json' };
    store.update((s) => ({ ...s, preferences }));
    updates.feedChanged();
    clock.advance(0);
    await settled();
    expect(http.mock.calls[0]?.[0].url).toBe('https://other.example/f.json');
  });

  it('forgets what an address said that is no longer asked', async () => {
    let answer = (_: Partial<HttpReply>): void => {};
    const { updates, store, http } = looking(() => ({}));
    http.mockImplementation(
      () =>
        new Promise(
          (resolve) => (answer = (r) => resolve({ status: 200, text: '', location: undefined, ...r })),
        ),
    );
    const looked = updates.check();
    store.update((s) => ({ ...s, preferences: { ...s.preferences, updateFeed: '' } }));
    updates.feedChanged();
    answer({ text: YAML });
    await looked;
    expect(store.state.update).toEqual({ at: 'off', why: 'no-feed' });
  });

  it.each<[string, Partial<HttpReply>]>([
    ['an error', { status: 500 }],
    ['a page', { text: '<html>' }],
    ['a way to nowhere', { status: 302, location: 'http://elsewhere.example/' }],
    ['a circle', { status: 302, location: FEED }],
  ])('says what is wrong where the answer is %s, and looks again the next day', async (_, reply) => {
    const { updates, clock, store, http, told } = looking(() => reply);
    await updates.check();
    expect(store.state.update).toMatchObject({ at: 'failed', problem: { code: 'server' } });
    const asked = http.mock.calls.length;
    clock.advance(DAY_MS);
    await vi.waitFor(() => expect(http.mock.calls.length).toBeGreaterThan(asked));
    expect(told).not.toHaveBeenCalled();
  });

  it('follows where the address leads, and names the release from there', async () => {
    const { updates, store, host } = looking(({ url }) =>
      url === FEED
        ? { status: 302, location: 'https://files.example/v2/latest.yml' }
        : { text: 'version: 0.2.0\npath: app.dmg\n' },
    );
    await updates.check();
    await updates.open();
    expect(store.state.update).toMatchObject({ url: 'https://files.example/v2/app.dmg' });
    expect(host.opened).toEqual(['https://files.example/v2/app.dmg']);
  });

  it('is told to be the latest, and opens nothing then', async () => {
    const { updates, store } = looking(() => ({ text: '{"version":"0.1.0"}' }));
    await updates.check();
    expect(store.state.update.at).toBe('current');
    await expect(updates.open()).rejects.toThrow('names no page');
  });
});
