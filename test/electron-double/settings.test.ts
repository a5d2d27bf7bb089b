import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DoubledApp } from './driver.ts';

describe('a later version', () => {
  let feed: Server;
  let asked: number;
  let app: DoubledApp | undefined;
  beforeEach(async () => {
    asked = 0;
    feed = createServer((_, response) => {
      asked++;
      response.end('version: 99.0.0\npath: clearml-session-tray-99.0.0.AppImage\n');
    });
    await new Promise<void>((listening) => feed.listen(0, '127.0.0.1', listening));
  });
  afterEach(async () => {
    await app?.dispose();
    feed.close();
  });
  const origin = (): string => `http://127.0.0.1:${(feed.address() as AddressInfo).port}`;
  /** Names the feed, as the settings do. */
  const chooseFeed = (on: DoubledApp): Promise<unknown> =>
    on.inPage(
      '',
      (page, updateFeed) =>
        page.evaluate(`clearml.invoke("preferences.set", { updateFeed: "${updateFeed}" })`),
      `${origin()}/latest-linux.yml`,
    );
  const shown = (on: DoubledApp) => on.evaluate(({ seen }) => seen.windows.map((w) => w.isVisible()));

  it('is told to who has an AppImage, and leads to where it is', async () => {
    app = new DoubledApp({ env: { DOUBLE_PACKAGED: '1', APPIMAGE: '/opt/x.AppImage' } });
    await expect.poll(() => app && shown(app)).toEqual([true]);
    expect(asked).toBe(0);
    await chooseFeed(app);
    const titles = () => app?.evaluate(({ seen }) => seen.notifications.map((n) => n.options.title));
    await expect.poll(titles).toContain('Version 99.0.0 is available');
    await app.inPage('', async (page) => {
      await page.evaluate('location.hash = "#/settings"');
      await page.getByRole('button', { name: 'Get version 99.0.0' }).click();
    });
    const opened = () => app?.evaluate(({ seen }) => seen.opened);
    await expect.poll(opened).toEqual([`${origin()}/clearml-session-tray-99.0.0.AppImage`]);
  });

  it('is not looked for where a package manager brings it', async () => {
    app = new DoubledApp({ env: { DOUBLE_PACKAGED: '1' } });
    await expect.poll(() => app && shown(app)).toEqual([true]);
    await chooseFeed(app);
    const text = await app.inPage('', async (page) => {
      await page.evaluate('location.hash = "#/settings"');
      return page.getByRole('region', { name: 'Updates' }).innerText();
    });
    expect(text).toContain('The package manager of this system brings later versions.');
    expect(asked).toBe(0);
  });
});

describe('the settings in a window', () => {
  let app: DoubledApp;
  afterEach(() => app.dispose());

  it('are exported as a text, since a page may not download', async () => {
    app = new DoubledApp();
    await expect
      .poll(() => app.evaluate(({ seen }) => seen.windows.map((w) => w.isVisible())))
      .toEqual([true]);
    const text = await app.inPage('', async (page) => {
      await page.evaluate('location.hash = "#/settings"');
      await page.getByRole('button', { name: 'Export settings' }).click();
      return page.getByRole('dialog').locator('pre').innerText();
    });
    expect(JSON.parse(text)).toMatchObject({ settings: { theme: 'system', startHidden: false } });
  });
});
