import type { Page } from '@playwright/test';
import { freePort } from '../../integration/servers.ts';
import { RunningApp } from '../app.ts';
import { looksRight } from './looks-right.ts';
import { tabTo } from './tab-to.ts';
import { AppPage, expect, test } from './test.ts';

/** The visible heading of the page. */
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name });

test('the welcome looks right, with credentials that were tried, too', async ({ demo, page }) => {
  const app = new RunningApp();
  try {
    await page.goto(await app.start());
    await expect(heading(page, 'Welcome')).toBeVisible();
    await looksRight(page, 'the welcome');
    await page.getByLabel('Credentials').fill(demo.conf.replace(demo.secretKey, 'wrong'));
    await page.getByRole('button', { name: 'Check' }).click();
    await expect(page.getByText('Failed').first()).toBeVisible();
    await looksRight(page, 'refused credentials');
    await page.getByLabel('Credentials').fill(demo.conf);
    await page.getByRole('button', { name: 'Check' }).click();
    await expect(page.getByRole('button', { name: 'Use these credentials' })).toBeVisible();
    await looksRight(page, 'accepted credentials');
  } finally {
    await app.dispose();
  }
});

test('refused credentials lead to where others are entered', async ({ demo, page }) => {
  await page.setViewportSize({ width: 420, height: 800 });
  const app = new RunningApp({ conf: demo.conf.replace(demo.secretKey, 'wrong') });
  try {
    await page.goto(await app.start());
    await page.getByRole('button', { name: 'Use other credentials' }).click();
    await expect(page.getByRole('heading', { name: 'Server' })).toBeFocused();
    await expect(page.getByLabel('Credentials')).toBeInViewport();
    await looksRight(page, 'the settings with refused credentials');
  } finally {
    await app.dispose();
  }
});

test('every state of the list looks right', async ({ demo, ui, page }) => {
  // The app gives a server that is away some time before it says so.
  test.slow();
  await expect(page.getByText('No session is running')).toBeVisible();
  await looksRight(page, 'the empty list');

  const names = {
    connected: 'connected-to-the-one-machine-with-a-name-that-has-no-place-to-break-at-all-1234567890',
    starting: 'starting',
    failed: 'failed',
    refused: 'another key',
  };
  await ui.launch({ queue: 'demo-slow', name: names.starting });
  await ui.launch({ queue: 'demo-setup-fails', name: names.failed });
  await ui.launch({ queue: 'demo-wrong-key', name: names.refused });
  await ui.launch({ queue: 'default', name: names.connected });
  await ui.session(names.starting).is('Starting');
  await ui.session(names.failed).is('Failed');
  await ui.session(names.refused).is('Cannot connect');
  await ui.session(names.connected).is('Connected');
  await expect(ui.session(names.connected).button('Open VS Code')).toBeEnabled();
  for (const name of [names.connected, names.failed]) await ui.session(name).button('Details').click();
  await ui.session(names.starting).button('Show log').click();
  await looksRight(page, 'sessions in all states');

  await ui.button('Tray').click();
  await page.getByRole('menuitem', { name: /^starting/ }).click();
  await looksRight(page, 'the tray panel');
  await page.keyboard.press('Escape');

  await ui.session(names.connected).button('Shut down').click();
  await looksRight(page, 'a question');
  await page.keyboard.press('Escape');

  demo.seedMany(40);
  await demo.stopApi();
  await expect(page.getByText(/Offline since/)).toBeVisible({ timeout: 90_000 });
  await looksRight(page, 'the list while the server is away');
});

test('the wizard, the progress and the settings look right', async ({ ui, page }) => {
  await ui.button('New session').click();
  await expect(page.getByRole('radio', { name: 'nobody-home' })).toBeVisible();
  await looksRight(page, 'the wizard');
  await page.getByLabel('Name').fill('');
  await page.getByLabel('Docker image').fill('Not An Image');
  await ui.button('Launch').click();
  await expect(page.getByLabel('Name', { exact: true })).toBeFocused();
  await looksRight(page, 'wrong answers');
  await page.getByLabel('Docker image').fill('');
  await page.getByRole('radio', { name: 'demo-slow' }).check();
  await page.getByLabel('Name').fill('on its way');
  await ui.button('Launch').click();
  await ui.session('on its way').is('Starting');
  await looksRight(page, 'the progress of a launch');
  await ui.button('Close').click();
  await ui.button('Settings').click();
  await ui.button('Use other credentials').click();
  await looksRight(page, 'the settings');
});

test('the licences of libraries look right', async ({ ui, page }) => {
  await ui.button('Settings').click();
  await ui.button('Libraries and their licences').click();
  await expect(page.getByRole('dialog')).toContainText(/ssh2 [\d.]+ \(MIT\)/);
  await looksRight(page, 'the licences');
});

test('a session is launched and shut down by keyboard alone', async ({ ui, page }) => {
  const { keyboard } = page;
  await expect(ui.button('New session')).toBeEnabled();
  await tabTo(page, 'New session');
  await keyboard.press('Enter');
  await expect(page.getByRole('radio', { name: 'default' })).toBeChecked();
  await tabTo(page, /^default/);
  await keyboard.press('ArrowDown');
  await expect(page.getByRole('radio', { name: 'default' })).not.toBeChecked();
  await keyboard.press('ArrowUp');
  await expect(page.getByRole('radio', { name: 'default' })).toBeChecked();
  await tabTo(page, 'Name');
  await keyboard.press('ControlOrMeta+a');
  await keyboard.type('by hand');
  await tabTo(page, 'VS Code');
  await keyboard.press('Space');
  await expect(page.getByLabel('VS Code')).not.toBeChecked();
  await tabTo(page, 'Launch');
  await keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: /on its way|is ready/ })).toBeFocused();
  await tabTo(page, 'Close');
  await keyboard.press('Enter');

  const row = ui.session('by hand');
  await row.is('Connected');
  await expect(row.button('Open JupyterLab')).toBeEnabled();
  await tabTo(page, 'Details');
  await keyboard.press('Enter');
  await expect(row.root.getByText('Session ID')).toBeVisible();
  await tabTo(page, 'Shut down');
  await keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Shut down “by hand”?' });
  // The safe answer has the focus, and the focus stays inside.
  await expect(dialog.getByRole('button', { name: 'Go back' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(dialog).toBeHidden();
  await expect(row.button('Shut down')).toBeFocused();
  await keyboard.press('Enter');
  await tabTo(page, 'Shut down');
  await keyboard.press('Enter');
  await expect(row.root).toBeHidden();
  // What had the focus is gone: it is on the list, not nowhere.
  await expect(page.getByRole('main')).toBeFocused();

  await tabTo(page, 'Tray', 'Shift+Tab');
  await keyboard.press('Enter');
  await expect(page.getByRole('menuitem', { name: 'New session…' })).toBeFocused();
  await keyboard.press('ArrowDown');
  await expect(page.getByRole('menuitem', { name: 'Pause notifications' })).toBeFocused();
  await keyboard.press('Escape');
  await expect(ui.button('Tray')).toBeFocused();
});

test('nothing moves for those who asked for that', async ({ ui, page }) => {
  await ui.launch({ queue: 'demo-slow', name: 'turning' });
  await ui.session('turning').is('Starting');
  const moving = () => page.evaluate<number>('document.getAnimations().length');
  await expect.poll(moving).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(moving).toBe(0);
});

test('nothing jumps or is cut while a session goes from its queue to its links', async ({
  app,
  demo,
  ui,
  page,
}) => {
  // Rows below it, which would be pushed.
  demo.seedMany(6);
  await app.stop();
  await page.goto(await app.start());
  await expect(ui.session('Session 1').root).toBeVisible();
  await ui.startLaunch({ queue: 'default', name: 'watched' });
  // What moves within half a second of a click is what the person asked for.
  await page.evaluate(`
    window.shifted = 0;
    new PerformanceObserver((list) => {
      for (const { value, hadRecentInput } of list.getEntries()) if (!hadRecentInput) window.shifted += value;
    }).observe({ type: 'layout-shift' });
    window.cut = 0;
    const look = () => {
      for (const { scrollWidth, clientWidth } of document.querySelectorAll('.stages')) {
        window.cut = Math.max(window.cut, scrollWidth - clientWidth);
      }
      requestAnimationFrame(look);
    };
    look();
  `);
  await ui.button('Close').click();
  const row = ui.session('watched');
  await expect(row.button('Open JupyterLab')).toBeEnabled();
  await expect(row.button('Open VS Code')).toBeEnabled();
  expect(await page.evaluate<number>('window.shifted')).toBeLessThan(0.02);
  expect(await page.evaluate<number>('window.cut')).toBe(0);
});

test('a message lies over nothing that has to be decided', async ({ ui, page }) => {
  await page.setViewportSize({ width: 360, height: 640 });
  await ui.launch({ queue: 'demo-wrong-key', name: 'stranger' });
  const trust = ui.session('stranger').button('Trust this machine anyway');
  await expect(page.getByText('Cannot connect to stranger')).toBeVisible();
  // A click that a toast would catch fails.
  await trust.click({ trial: true, timeout: 5000 });
  await ui.session('stranger').button('Shut down').click({ trial: true, timeout: 5000 });
});

test('the theme is switched at once, everywhere, and kept', async ({ app, context, ui, page }) => {
  await page.emulateMedia({ colorScheme: 'light' });
  const other = await context.newPage();
  await other.emulateMedia({ colorScheme: 'light' });
  await other.goto(app.link);
  const ground = (on: Page) => on.evaluate<string>('getComputedStyle(document.body).backgroundColor');
  const light = await ground(page);
  await ui.button('Settings').click();
  await page.getByText('Dark', { exact: true }).click();
  await expect.poll(() => ground(page)).not.toBe(light);
  await expect.poll(() => ground(other)).not.toBe(light);
  await page.reload();
  await expect(page.getByRole('radio', { name: 'Dark' })).toBeChecked();
  expect(await ground(page)).not.toBe(light);
  await page.getByText('As the system').click();
  await expect.poll(() => ground(page)).toBe(light);
});

test('a reload and a second tab show the same, and no address shows the secret', async ({
  app,
  context,
  ui,
  page,
}) => {
  await ui.launch({ queue: 'nobody-home', name: 'seen twice' });
  await ui.session('seen twice').is('Queued');
  await page.reload();
  await ui.session('seen twice').is('Queued');
  const other = new AppPage(await context.newPage());
  await other.page.goto(app.link);
  await other.session('seen twice').is('Queued');
  const secret = app.link.split('#')[1] ?? '';
  for (const tab of [page, other.page]) expect(tab.url()).not.toContain(secret);
  await other.session('seen twice').button('Cancel launch').click();
  await expect(ui.session('seen twice').root).toBeHidden();
});

test('who has a server never sees the welcome, not for a moment', async ({ app, page }) => {
  await page.addInitScript(`
    window.seen = [];
    new MutationObserver(() => {
      const title = document.querySelector('h1')?.textContent;
      if (title && title !== seen.at(-1)) seen.push(title);
    }).observe(document, { childList: true, subtree: true });
  `);
  await app.stop();
  await page.goto(await app.start());
  await expect(new AppPage(page).button('New session')).toBeEnabled();
  expect(await page.evaluate('seen')).toEqual(['Sessions']);
});

test('a page outlives the app calmly: it says so, and that its link is old once the app is back', async ({
  demo,
  page,
}) => {
  const app = new RunningApp({ conf: demo.conf, flags: ['--port', String(await freePort())] });
  try {
    await page.goto(await app.start());
    await expect(new AppPage(page).button('New session')).toBeEnabled();
    await app.stop();
    await expect(page.getByText('The app is not running.')).toBeVisible();
    await looksRight(page, 'a page without its app');
    const link = await app.start();
    await expect(heading(page, 'This link is no longer valid')).toBeVisible();
    await looksRight(page, 'an old link');
    await page.goto(link);
    await expect(new AppPage(page).button('New session')).toBeEnabled();
    await page.goto(`${new URL(link).origin}/#0123456789abcdef`);
    await expect(heading(page, 'This link is no longer valid')).toBeVisible();
  } finally {
    await app.dispose();
  }
});
