import { existsSync, readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { looksRight } from './looks-right.ts';
import { tabTo } from './tab-to.ts';
import { expect, test } from './test.ts';

const section = (page: Page, name: string) => page.getByRole('region', { name, exact: true });

test('the settings look right, with all that unfolds in them', async ({ ui, page }) => {
  // The longest page of all, three times.
  test.slow();
  await ui.button('Settings').click();
  await ui.button('Check the server').click();
  await expect(section(page, 'Server').getByText('Signed in as Demo User')).toBeVisible();
  await ui.button('Forget the last answers').click();
  await expect(ui.button('Undo')).toBeVisible();
  await looksRight(page, 'all settings');
  await ui.button('Show log').click();
  await looksRight(page, 'the log');
  await page.keyboard.press('Escape');
  await page.getByLabel('File with settings').setInputFiles({
    name: 'from-elsewhere.json',
    mimeType: 'application/json',
    buffer: Buffer.from(
      JSON.stringify({
        settings: { theme: 'dark', colour: 'red' },
        launch: { docker: 'python:3.12' },
        presets: [{ name: 'With-a-name-that-has-no-place-to-break-at-all-1234567890', queue: 'default' }],
      }),
    ),
  });
  await expect(page.getByRole('dialog', { name: 'Import settings' })).toBeVisible();
  await looksRight(page, 'an import of settings');
});

test('a section is reached by keyboard, and the list says where one is', async ({ ui, page }) => {
  await ui.button('Settings').click();
  // The view is loaded when it is wanted, and takes the focus then.
  await expect(page.getByRole('main')).toBeFocused();
  await expect(ui.button('Log')).toBeVisible();
  await tabTo(page, 'Log');
  await page.keyboard.press('Enter');
  await expect(section(page, 'Log')).toBeInViewport();
  await expect(page.getByRole('heading', { name: 'Log' })).toBeFocused();
  await expect(ui.button('Log')).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Tab');
  await expect(page.getByLabel('Write down')).toBeFocused();
  await page.evaluate('scrollTo(0, 0)');
  await expect(ui.button('Appearance')).toHaveAttribute('aria-current', 'true');
});

test('the log holds as much as is chosen, from that moment on', async ({ app, ui, page }) => {
  await ui.button('Settings').click();
  const level = page.getByLabel('Write down');
  // Each look at the server is a line of the finest level.
  const look = () => ui.button('Check the server').click();
  expect(app.log).not.toContain('"level":"debug"');
  await level.selectOption('Everything, each request too');
  await look();
  await expect.poll(() => app.log).toContain('"level":"debug"');
  await level.selectOption('Nothing');
  await expect.poll(() => kept(app.dataDir).logLevel).toBe('off');
  const before = app.log.length;
  await look();
  await expect(section(page, 'Server').getByText('Signed in as Demo User')).toBeVisible();
  await page.waitForTimeout(500);
  expect(app.log.length).toBe(before);
});

test('the search for local ports begins where it is told to', async ({ ui, page }) => {
  await ui.button('Settings').click();
  await page.getByLabel('First SSH port').fill('28322');
  await page.getByLabel('First SSH port').blur();
  await page.getByRole('button', { name: 'Back to the sessions' }).click();
  await ui.launch({ queue: 'default', name: 'elsewhere', jupyter: false, vscode: false });
  const row = ui.session('elsewhere');
  await row.is('Connected');
  const [port] = await row.ports();
  expect(Number(port?.match(/\d{5}/)?.[0])).toBeGreaterThanOrEqual(28_322);
});

test('settings are taken along as a file, looked at before they are taken over, and taken back', async ({
  app,
  ui,
  page,
}) => {
  await ui.button('Settings').click();
  await page.getByText('Dark', { exact: true }).click();
  await page.getByLabel('Days after their end').fill('7');
  await page.getByLabel('Days after their end').blur();
  const downloading = page.waitForEvent('download');
  await ui.button('Export settings').click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('clearml-session-tray-settings.json');
  const file = await download.path();
  expect(JSON.parse(readFileSync(file, 'utf8')).settings).toMatchObject({
    theme: 'dark',
    cleanup: { days: 7 },
  });

  await page.getByText('Light', { exact: true }).click();
  await expect.poll(() => kept(app.dataDir).theme).toBe('light');
  const theme = () => page.evaluate<string>('document.documentElement.dataset.theme');
  await page.getByLabel('File with settings').setInputFiles(file);
  const dialog = page.getByRole('dialog', { name: 'Import settings' });
  await expect(dialog.getByText('Light →')).toBeVisible();
  expect(await theme()).toBe('light');
  await dialog.getByRole('button', { name: 'Import', exact: true }).click();
  await expect.poll(theme).toBe('dark');
  await expect.poll(() => kept(app.dataDir).theme).toBe('dark');
  await section(page, 'Import and export').getByRole('button', { name: 'Undo' }).click();
  await expect.poll(theme).toBe('light');
  await app.stop();
  await page.goto(await app.start());
  await expect.poll(theme).toBe('light');
});

test('a file that holds no settings changes nothing and says why', async ({ app, ui, page }) => {
  await ui.button('Settings').click();
  await page.getByText('Dark', { exact: true }).click();
  await expect.poll(() => kept(app.dataDir).theme).toBe('dark');
  await page.getByLabel('File with settings').setInputFiles({
    name: 'broken.json',
    mimeType: 'application/json',
    buffer: Buffer.from('{"settings": {"theme": "light",}'),
  });
  await expect(page.getByText('broken.json is not JSON: line 1 cannot be read.')).toBeVisible();
  expect(kept(app.dataDir).theme).toBe('dark');
});

/** The preferences in the settings file; there is none before something was set. */
function kept(dataDir: string): Record<string, unknown> {
  const file = `${dataDir}/settings.json`;
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).preferences : {};
}
