import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { RunningApp } from '../app.ts';
import { AppPage, expect, test } from './test.ts';

const BUNDLE = resolve(import.meta.dirname, '../../../dist/main/index.cjs');

/** What a person types in a terminal while the app runs; what it prints. */
async function type(app: RunningApp, ...words: string[]): Promise<string> {
  const argv = [BUNDLE, '--user-data-dir', app.dataDir, ...words];
  const env = { PATH: process.env.PATH, HOME: app.home, USERPROFILE: app.home };
  return (await promisify(execFile)(process.execPath, argv, { env, cwd: app.home })).stdout;
}

test('a launch that is typed in a terminal opens the wizard, filled in with it', async ({ app, ui }) => {
  await expect(ui.button('New session')).toBeVisible();
  const said = await type(app, '--queue', 'gpu-a100', '--session-name', 'typed', '--jupyter-lab', 'false');
  expect(said).toContain('The launch is filled in, in the app.');
  await expect(ui.page.getByLabel('Name')).toHaveValue('typed');
  await expect(ui.page.getByRole('radio', { name: 'gpu-a100' })).toBeChecked();
  await expect(ui.page.getByLabel('JupyterLab')).not.toBeChecked();
  await ui.button('Launch').click();
  await ui.button('Close').click();
  await ui.session('typed').is('Connected');
});

test('a page that is opened for it shows it, too', async ({ app, browser }) => {
  await type(app, '--queue', 'gpu-a100', '--session-name', 'waiting', '--no-open');
  const page = await browser.newPage();
  await page.goto(app.link);
  await expect(page.getByLabel('Name')).toHaveValue('waiting');
  await page.close();
});

test('a launch with a yes is on the list at once', async ({ app, ui }) => {
  await expect(ui.button('New session')).toBeVisible();
  const said = await type(app, '--queue', 'gpu-a100', '--session-name', 'at once', '--yes');
  expect(said).toMatch(/A new session was created \[[0-9a-f]{32}\]/);
  await new AppPage(ui.page).session('at once').is('Connected');
});
