import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { RunningApp } from '../app.ts';
import { looksRight } from './looks-right.ts';
import { AppPage, expect, test } from './test.ts';

const chips = (page: Page) => page.getByRole('list', { name: 'Your presets' }).getByRole('button');
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name });
const image = (page: Page) => page.getByLabel('Docker image');

/** Saves what the wizard holds, with the keyboard alone. */
async function save(page: Page, name: string, description = ''): Promise<void> {
  await page.getByRole('button', { name: 'Save as preset' }).press('Enter');
  await expect(dialog(page, 'Save as preset').getByLabel('Name')).toBeFocused();
  await page.keyboard.type(name);
  if (description) await dialog(page, 'Save as preset').getByLabel('Description').fill(description);
  await dialog(page, 'Save as preset').getByLabel('Name').press('Enter');
  await expect(dialog(page, 'Save as preset')).toBeHidden();
}

test('a preset is saved, outlives the app, fills the wizard in, and can be undone', async ({
  app,
  ui,
  page,
}) => {
  await ui.button('New session').click();
  await image(page).fill('python:3.12-slim');
  await page.getByLabel('VS Code', { exact: true }).uncheck();
  await save(page, 'Notebook only', 'Small and quick');
  await expect(page.getByText('Saved as “Notebook only”')).toBeVisible();
  await expect(chips(page)).toHaveText(['Notebook only']);
  await expect(chips(page).first()).toHaveAttribute('aria-pressed', 'true');
  await image(page).fill('other:1');
  await expect(chips(page).first()).toHaveAttribute('aria-pressed', 'false');
  await looksRight(page, 'the presets above the wizard');

  await app.stop();
  await page.goto(await app.start());
  await ui.button('New session').click();
  await image(page).fill('typed:1');
  await chips(page).first().press('Enter');
  await expect(image(page)).toHaveValue('python:3.12-slim');
  await expect(page.getByLabel('VS Code', { exact: true })).not.toBeChecked();
  await ui.button('Undo').click();
  await expect(image(page)).toHaveValue('typed:1');
  await expect(page.getByLabel('VS Code', { exact: true })).toBeChecked();
});

test('presets are looked after with the keyboard alone', async ({ ui, page }) => {
  await ui.button('New session').click();
  for (const name of ['First', 'Second', 'Third']) {
    await image(page).fill(`${name.toLowerCase()}:1`);
    await save(page, name);
  }
  await ui.button('Manage presets').press('Enter');
  const manager = dialog(page, 'Presets');
  const names = manager.locator('.preset-rows strong');
  const said = manager.getByRole('status');
  await expect(names).toHaveText(['First', 'Second', 'Third']);

  await manager.getByRole('button', { name: 'Edit Third' }).press('Alt+ArrowUp');
  await expect(said).toHaveText('“Third” is number 2 of 3.');
  await expect(manager.getByRole('button', { name: 'Edit Third' })).toBeFocused();
  await page.keyboard.press('Alt+ArrowUp');
  await expect(names).toHaveText(['Third', 'First', 'Second']);
  await manager.getByRole('button', { name: 'Move Third down' }).press('Enter');
  await expect(names).toHaveText(['First', 'Third', 'Second']);
  await expect(manager.getByRole('button', { name: 'Move Third down' })).toBeFocused();

  await manager.getByRole('button', { name: 'Edit First' }).press('Enter');
  await expect(manager.getByLabel('Name')).toBeFocused();
  await page.keyboard.type('Renamed');
  await page.keyboard.press('Tab');
  await page.keyboard.type('With a reason');
  await page.keyboard.press('Enter');
  await expect(names).toHaveText(['Renamed', 'Third', 'Second']);
  await expect(manager.getByRole('button', { name: 'Edit Renamed' })).toBeFocused();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(manager).toBeVisible();

  await manager.getByRole('button', { name: 'Duplicate Renamed' }).press('Enter');
  await expect(names).toHaveText(['Renamed', 'Renamed 2', 'Third', 'Second']);
  await manager.getByRole('button', { name: 'Delete Third' }).press('Enter');
  await expect(names).toHaveText(['Renamed', 'Renamed 2', 'Second']);
  await expect(manager.getByRole('button', { name: 'Undo' })).toBeFocused();
  await looksRight(page, 'the manager of presets');
  await manager.getByRole('button', { name: 'Undo' }).press('Enter');
  await expect(names).toHaveText(['Renamed', 'Renamed 2', 'Third', 'Second']);

  await manager.getByRole('button', { name: 'Use Second' }).press('Enter');
  await expect(manager).toBeHidden();
  await expect(image(page)).toHaveValue('second:1');
});

test('presets travel in a file, which says where it is broken', async ({ app, ui, page }) => {
  await ui.button('New session').click();
  await image(page).fill('python:3.12');
  await save(page, 'Ümläut / 1');
  await ui.button('Manage presets').click();
  const manager = dialog(page, 'Presets');
  const downloading = page.waitForEvent('download');
  await manager.getByRole('button', { name: 'Export Ümläut / 1' }).click();
  const download = await downloading;
  expect(download.suggestedFilename()).toBe('Ümläut-1.json');
  const file = join(app.home, 'mine.json');
  await download.saveAs(file);
  const { presets } = JSON.parse(readFileSync(file, 'utf8')) as { presets: Record<string, unknown>[] };
  expect(presets).toEqual([expect.objectContaining({ name: 'Ümläut / 1', docker: 'python:3.12' })]);
  expect(presets[0]).not.toHaveProperty('password');

  const field = manager.locator('input[type=file]');
  await field.setInputFiles(file);
  await expect(manager.getByRole('status')).toContainText('Added 1 preset: “Ümläut / 2”.');
  writeFileSync(file, JSON.stringify({ presets: [{ ...presets[0], dockr: 'x', password: 'hunter2' }, 7] }));
  await field.setInputFiles(file);
  await expect(manager.getByText('Did you mean docker?')).toBeVisible();
  await expect(manager.getByText('It is a secret', { exact: false })).toBeVisible();
  await looksRight(page, 'an import with gaps');
  writeFileSync(file, '{\n  "presets": [\n    {"queue" "x"}\n');
  await field.setInputFiles(file);
  await expect(manager.getByRole('status')).toContainText('mine.json is not JSON: line 3 cannot be read.');
  expect(readFileSync(join(app.dataDir, 'settings.json'), 'utf8')).not.toContain('hunter2');
});

test('the presets of a project folder are offered, as its file has them at that moment', async ({
  demo,
  page,
}) => {
  const app = new RunningApp({ conf: demo.conf });
  const folder = join(app.home, 'lab', 'deep');
  mkdirSync(join(app.home, 'lab', '.git'), { recursive: true });
  mkdirSync(folder);
  const file = join(app.home, 'lab', '.clearml-session.json');
  const write = (docker: string) =>
    writeFileSync(file, JSON.stringify({ presets: [{ name: 'Lab', docker }, { queue: 'default' }] }));
  write('lab:1');
  const here = new RunningApp({ conf: demo.conf, env: { INIT_CWD: folder } });
  try {
    await page.goto(await here.start());
    const ui = new AppPage(page);
    await ui.button('New session').click();
    const offered = page.getByRole('list', { name: 'Presets of this project' }).getByRole('button');
    await expect(offered).toHaveText(['Lab', 'lab 2']);
    write('lab:2');
    await offered.first().click();
    await expect(image(page)).toHaveValue('lab:2');
    await looksRight(page, 'the presets of a project');
    writeFileSync(file, '{"presets": [}');
    await offered.first().click();
    await expect(page.getByText('.clearml-session.json is not JSON: line 1 cannot be read.')).toBeVisible();
    await looksRight(page, 'a broken project file');
    write('lab:3');
    await ui.button('Read it again').click();
    await expect(offered).toHaveText(['Lab', 'lab 2']);
  } finally {
    await here.dispose();
    await app.dispose();
  }
});

test('what clearml-session remembers is shown, and taken over without its password', async ({
  app,
  ui,
  page,
}) => {
  const file = join(app.home, '.clearml_session.json');
  const state = { queue: 'default', docker: 'cli:1', password: 'hunter2', packages: ['numpy'], task_id: 'x' };
  writeFileSync(file, JSON.stringify(state));
  await ui.button('Settings').click();
  await ui.button('Import from clearml-session').click();
  const shown = dialog(page, 'Import from clearml-session');
  await expect(shown.getByText('cli:1')).toBeVisible();
  await expect(shown.getByText('It is a secret', { exact: false })).toBeVisible();
  await looksRight(page, 'the import from clearml-session');
  await shown.getByRole('button', { name: 'Add as preset' }).click();
  await expect(page.getByText('Saved as “clearml-session”')).toBeVisible();
  await page.getByRole('button', { name: 'Back to the sessions' }).click();
  await ui.button('New session').click();
  await chips(page).first().click();
  await expect(image(page)).toHaveValue('cli:1');
  await expect(page.getByText('Filled in from “clearml-session”: default · cli:1')).toBeVisible();
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual(state);
  for (const text of [readFileSync(join(app.dataDir, 'settings.json'), 'utf8'), app.log]) {
    expect(text).not.toContain('hunter2');
  }
});

test('a session is launched again, and becomes a preset', async ({ demo, ui, page }) => {
  await ui.button('New session').click();
  await page.getByRole('radio', { name: 'default' }).check();
  await image(page).fill('python:3.12');
  await page.getByLabel('VS Code', { exact: true }).uncheck();
  await page.getByLabel('Name', { exact: true }).fill('the first');
  await ui.button('Launch').click();
  await ui.button('Close').click();
  const row = ui.session('the first');
  await row.is('Connected');
  await row.button('Details').click();
  await looksRight(page, 'the details of a session');
  await row.button('Save as preset').click();
  await expect(dialog(page, 'Save as preset').getByLabel('Name')).toHaveValue('the first');
  await dialog(page, 'Save as preset').getByRole('button', { name: 'Save' }).click();
  await expect(dialog(page, 'Save as preset')).toBeHidden();

  // The last answers are others by now.
  await ui.button('New session').click();
  await image(page).fill('other:1');
  await page.getByLabel('VS Code', { exact: true }).check();
  await page.getByRole('button', { name: 'Back to the sessions' }).click();
  await row.button('Details').click();
  await row.button('Launch again').click();
  await expect(image(page)).toHaveValue('python:3.12');
  await expect(page.getByLabel('VS Code', { exact: true })).not.toBeChecked();
  await expect(page.getByLabel('Name', { exact: true })).toHaveValue('the first');
  await expect(chips(page).first()).toHaveAttribute('aria-pressed', 'true');
  await ui.button('Launch').click();
  await ui.button('Close').click();
  await expect(page.getByRole('article', { name: 'the first' })).toHaveCount(2);

  await ui.button('Settings').click();
  await ui.button('Forget the last answers').click();
  await page.getByRole('button', { name: 'Back to the sessions' }).click();
  await ui.button('New session').click();
  await expect(image(page)).toHaveValue(/^nvidia\/cuda/);
  await expect(page.getByLabel('VS Code', { exact: true })).toBeChecked();
  const [first, second] = [...demo.model.tasks.values()];
  expect(second?.hyperparams?.interactive_session).toEqual(first?.hyperparams?.interactive_session);
  expect(second?.container).toEqual(first?.container);
});
