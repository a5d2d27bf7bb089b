import type { Page } from '@playwright/test';
import { looksRight } from './looks-right.ts';
import { expect, test } from './test.ts';

const MOD = 'ControlOrMeta';
const palette = (page: Page) => page.getByRole('dialog', { name: 'Commands' });
const options = (page: Page) => palette(page).getByRole('option');

test('every action is found by typing, and done by Enter', async ({ ui, page }) => {
  await ui.launch({ queue: 'default', name: 'by palette' });
  const row = ui.session('by palette');
  await row.is('Connected');
  await row.button('Details').focus();

  await page.keyboard.press(`${MOD}+k`);
  const field = palette(page).getByRole('combobox', { name: 'What to do' });
  await expect(field).toBeFocused();
  await looksRight(page, 'the palette');
  await page.keyboard.type('disc palette');
  await expect(options(page).first()).toHaveText(/^Disconnect by palette · Connected/);
  await expect(options(page).first()).toHaveAttribute('aria-selected', 'true');
  await page.keyboard.press('Enter');
  await expect(palette(page)).toBeHidden();
  await row.is('Ready');
  // Where it was before.
  await expect(row.button('Details')).toBeFocused();

  // What was used last stands first.
  await row.button('Connect').click();
  await row.is('Connected');
  await page.keyboard.press(`${MOD}+Shift+P`);
  await expect(options(page).first()).toHaveText(/^Disconnect/);
  await page.keyboard.type('no such thing');
  await expect(options(page)).toHaveCount(0);
  await expect(palette(page).getByRole('status')).toHaveText('Nothing found.');
  // The same keys take it away, instead of what the browser has under them.
  await page.keyboard.press(`${MOD}+k`);
  await expect(palette(page)).toBeHidden();
});

test('what destroys asks also from the palette, and the safe answer has the focus', async ({ ui, page }) => {
  await ui.launch({ queue: 'default', name: 'kept' });
  await ui.session('kept').is('Connected');
  await page.keyboard.press(`${MOD}+k`);
  await page.keyboard.type('shut down kept');
  await page.keyboard.press('Enter');
  const question = page.getByRole('dialog', { name: 'Shut down “kept”?' });
  await expect(question.getByRole('button', { name: 'Go back' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(question).toBeHidden();
  await ui.session('kept').is('Connected');
});

test('the keys of a row are for the row that has the focus, and typing is typing', async ({ ui, page }) => {
  await ui.launch({ queue: 'default', name: 'first' });
  await ui.launch({ queue: 'gpu-a100', name: 'second' });
  const [first, second] = [ui.session('first'), ui.session('second')];
  await first.is('Connected');
  await second.is('Connected');
  // Nowhere in a row they do nothing.
  await page.keyboard.press('d');

  await page.keyboard.press('l');
  const heading = (name: string) => page.getByRole('heading', { name, exact: true });
  await expect(heading('second').or(heading('first')).and(page.locator(':focus'))).toBeVisible();
  const [top, below] = (await heading('second').evaluate((h) => h === h.ownerDocument.activeElement))
    ? [second, first]
    : [first, second];
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('d');
  await below.is('Ready');
  await top.is('Connected');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Delete');
  await expect(page.getByRole('dialog')).toBeVisible();
  await page.keyboard.press('Escape');

  await page.keyboard.press('a');
  const attach = page.getByLabel('Session ID or address of its task page');
  await expect(attach).toBeFocused();
  await page.keyboard.type('nd?w');
  await expect(attach).toHaveValue('nd?w');
  await expect(page.getByRole('dialog')).toHaveCount(0);
});

test('the menu of a row has all of its actions with their keys', async ({ ui, page }) => {
  await ui.launch({ queue: 'default', name: 'with menu' });
  const row = ui.session('with menu');
  await row.is('Connected');
  await row.button('More actions').click();
  const menu = page.getByRole('menu', { name: 'Actions of with menu' });
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await looksRight(page, 'the menu of a row');
  const jupyter = menu.getByRole('menuitem', { name: 'Open JupyterLab' });
  await expect(jupyter).toHaveAttribute('aria-keyshortcuts', 'J');
  await page.keyboard.press('End');
  await expect(menu.getByRole('menuitem', { name: 'Shut down' })).toBeFocused();
  await page.keyboard.press('ArrowDown');
  await expect(menu.getByRole('menuitem').first()).toBeFocused();
  await page.keyboard.press('d');
  await expect(menu.getByRole('menuitem', { name: 'Disconnect' })).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(menu).toBeHidden();
  await expect(row.button('More actions')).toBeFocused();

  // By the keyboard's own key for menus, and by the other button of the mouse.
  await page.keyboard.press('Shift+F10');
  await expect(menu).toBeVisible();
  await page.keyboard.press('Escape');
  await row.root.getByRole('heading').click({ button: 'right' });
  await expect(menu).toBeVisible();
  await menu.getByRole('menuitem', { name: 'Disconnect' }).click();
  await row.is('Ready');
});

test('the shortcuts are listed, and single keys can be switched off', async ({ ui, page }) => {
  await expect(ui.button('New session')).toBeEnabled();
  await page.keyboard.press('?');
  const dialog = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(dialog).toBeVisible();
  await looksRight(page, 'the shortcuts');
  await dialog.getByLabel('Single keys').uncheck();
  await page.keyboard.press('Escape');
  await page.keyboard.press('?');
  await page.keyboard.press('n');
  await expect(page.getByRole('dialog')).toHaveCount(0);
  await expect(page.getByRole('heading', { name: 'Sessions', exact: true })).toBeVisible();
  // Kept for the next page.
  await page.reload();
  await expect(ui.button('New session')).toBeEnabled();
  await page.keyboard.press('n');
  await expect(page.getByRole('heading', { name: 'Sessions', exact: true })).toBeVisible();
  await page.keyboard.press(`${MOD}+,`);
  await expect(page.getByRole('heading', { name: 'Settings', exact: true })).toBeVisible();
});

test('the terminal keeps the keys of the shell', async ({ ui, page }) => {
  await ui.launch({ queue: 'default', name: 'shell' });
  const row = ui.session('shell');
  await row.is('Connected');
  await row.button('Shell in a tab').click();
  await expect(page.locator('.xterm-rows')).toContainText(/\S/);
  await page.keyboard.type('echo gone');
  await page.keyboard.press('Control+a');
  // Deletes the line in the shell, and opens nothing here.
  await page.keyboard.press('Control+k');
  await page.keyboard.type('echo he""re');
  await page.keyboard.press('Enter');
  await expect(page.locator('.xterm-rows')).toContainText('here');
  await expect(palette(page)).toHaveCount(0);
  await page.keyboard.press('Control+Shift+P');
  await expect(palette(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.locator('.xterm-helper-textarea')).toBeFocused();
});

test('in forced colours a switch, a stage and the main button are more than their ground', async ({
  ui,
  page,
}) => {
  await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
  await ui.launch({ queue: 'demo-slow', name: 'in contrast' });
  await ui.session('in contrast').is('Starting');
  const colours = (selector: string, pseudo = ''): Promise<[string, string]> =>
    page.evaluate(`(() => {
      const { color, backgroundColor } = getComputedStyle(document.querySelector('${selector}'), '${pseudo}');
      return [color, backgroundColor];
    })()`);
  const [words, ground] = await colours('.button.primary');
  expect(words).not.toBe(ground);
  const [, row] = await colours('.rows');
  const [, done] = await colours('.stage.done .stage-mark');
  expect(done).not.toBe(row);
  await ui.button('New session').click();
  await expect(page.locator('.switch').first()).toBeAttached();
  const [, track] = await colours('.switch');
  const [, thumb] = await colours('.switch', '::before');
  expect(thumb).not.toBe(track);
});

test('right to left, everything has its place', async ({ ui, page }) => {
  await ui.launch({ queue: 'default', name: 'mirrored' });
  await ui.session('mirrored').is('Connected');
  await page.evaluate("document.documentElement.dir = 'rtl'");
  const x = async (name: string): Promise<number> => (await ui.button(name).boundingBox())?.x ?? 0;
  expect(await x('New session')).toBeLessThan(400);
  await looksRight(page, 'the list from right to left');
  const row = ui.session('mirrored');
  const glyph = await row.root.locator('.glyph').boundingBox();
  const heading = await row.root.getByRole('heading').boundingBox();
  expect(glyph?.x ?? 0).toBeGreaterThan(heading?.x ?? 0);
  await ui.button('New session').click();
  await expect(page.getByRole('radio', { name: 'default' })).toBeVisible();
  await looksRight(page, 'the wizard from right to left');
});
