import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { looksRight } from './looks-right.ts';
import { expect, test } from './test.ts';

test('workspaces: saved by hand, kept at the end, and restored into a new session', async ({
  app,
  demo,
  ui,
  page,
}) => {
  test.slow();
  await ui.button('Workspaces').click();
  await expect(page.getByText('No workspace is saved yet')).toBeVisible();
  await looksRight(page, 'no workspaces');

  await ui.button('Start one with a workspace').click();
  await page.getByRole('radio', { name: 'default' }).check();
  await page.getByLabel('Name', { exact: true }).fill('keeper');
  await ui.button('Launch').click();
  await ui.button('Close').click();
  await ui.session('keeper').is('Connected');
  const id = [...demo.model.tasks.values()].find((task) => task.name === 'keeper')?.id ?? '';
  writeFileSync(join(demo.homeOf(id) ?? '', 'workspace', 'train.py'), 'print(1)\n'.repeat(2000));

  await ui.button('Workspaces').click();
  await ui.button('Save workspace now').click();
  await expect(page.getByText('The workspace of keeper is saved')).toBeVisible();
  await ui.button('Files').click();
  await expect(page.getByText('train.py')).toBeVisible();
  await looksRight(page, 'a saved workspace');
  await ui.button('Download').click();
  await expect(page.getByText('The workspace of keeper is here')).toBeVisible();
  expect(await page.getByText(`${app.home}/keeper workspace`).textContent()).toMatch(/\.tar\.gz$/);

  await ui.button('Back to the sessions').click();
  await ui.session('keeper').button('Shut down').click();
  await expect(page.getByText('is saved first')).toBeVisible();
  await page.getByRole('dialog').getByRole('button', { name: 'Shut down' }).click();
  await ui.button('Workspaces').click();
  await expect(page.getByText('kept beside the current one')).toBeVisible({ timeout: 20_000 });
  await looksRight(page, 'a timeline');
  await ui.button('Restore into a new session').first().click();
  await expect(page.getByRole('heading', { level: 1, name: 'New session' })).toBeVisible();
  await expect(page.getByText(`Workspace folder: ~/workspace · Continue a session: ${id}`)).toBeVisible();
});
