import type { Page } from '@playwright/test';
import { looksRight } from './looks-right.ts';
import { type AppPage, expect, test } from './test.ts';

const message = (page: Page, text: string) => page.getByLabel('Messages').getByText(text);

async function chooseInTray(ui: AppPage, menu: RegExp | string, item: RegExp | string): Promise<void> {
  await ui.button('Tray').click();
  await ui.page.getByRole('menuitem', { name: menu }).click();
  await ui.page.getByRole('menuitem', { name: item }).click();
}

test('a recent problem leads from the tray to its session, whatever is shown', async ({ ui, page }) => {
  await ui.launch({ queue: 'demo-wrong-key', name: 'stranger' });
  await ui.session('stranger').is('Cannot connect');
  await ui.button('Settings').click();
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await chooseInTray(ui, 'Recent problems', /\d .*stranger: /);
  await expect(ui.session('stranger').root.getByRole('heading')).toBeFocused();
});

test('notifications are paused from the tray, and what is still true is told afterwards', async ({
  ui,
  page,
}) => {
  await chooseInTray(ui, 'Pause notifications', 'For an hour');
  await ui.launch({ queue: 'default', name: 'in silence' });
  await ui.session('in silence').is('Connected');
  await expect(ui.session('in silence').button('Open VS Code')).toBeEnabled();
  await expect(message(page, 'in silence is ready')).toBeHidden();
  await ui.button('Settings').click();
  await expect(page.getByText(/^Paused until /)).toBeVisible();
  await ui.button('Resume now').click();
  await expect(message(page, 'in silence is ready')).toBeVisible();
  await expect(ui.button('Until tomorrow')).toBeVisible();
  await looksRight(page, 'the settings of notifications');
});

test('what happened before a page was open is told to the first one', async ({ app, context, ui, page }) => {
  await ui.launch({ queue: 'default', name: 'early', jupyter: false, vscode: false });
  await page.close();
  await expect.poll(() => app.log).toContain('Link: up');
  const later = await context.newPage();
  await later.goto(app.link);
  await expect(message(later, 'early is ready')).toBeVisible();
});
