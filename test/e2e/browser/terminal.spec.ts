import { looksRight } from './looks-right.ts';
import { expect, test } from './test.ts';

test('a shell in a tab types, colours, searches and goes on when its connection is killed', async ({
  demo,
  ui,
}) => {
  const { page } = ui;
  const refused: string[] = [];
  page.on('console', (message) => {
    if (message.text().includes('Content Security Policy')) refused.push(message.text());
  });
  await ui.launch({ queue: 'default', name: 'typed', jupyter: false, vscode: false });
  const row = ui.session('typed');
  await row.is('Connected');
  await row.button('Shell in a tab').click();
  const screen = page.getByRole('tabpanel', { name: 'typed' });
  await expect(screen.getByText('root@')).toBeVisible();
  await expect(screen.getByRole('textbox')).toBeFocused();

  await page.keyboard.type('printf "\\033[31mcolour\\033[0m\\n"; echo "sum $((40 + 2))"\n');
  await expect(screen.getByText('sum 42')).toBeVisible();
  // Of the sheet that the page adopted.
  const colour = screen.getByText('colour', { exact: true });
  await expect(colour).not.toHaveCSS('color', await screen.evaluate('getComputedStyle(document.body).color'));

  await page.keyboard.press('Control+Shift+F');
  await page.getByRole('searchbox', { name: 'Search in the terminal' }).fill('sum 42');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  const [id] = [...demo.model.tasks.keys()];
  demo.killSsh(id ?? '');
  await page.keyboard.type('exit\n');
  await expect(page.getByRole('tab', { name: /typed (Ended|The connection)/ })).toBeVisible();
  expect(refused).toEqual([]);
  await looksRight(page, 'the terminal');
  await ui.button('Close typed').click();
  await expect(page.getByText('No shell is open')).toBeVisible();
});

test('shells open in tabs where that is chosen, also from the tray; they follow the theme and ask before lines run', async ({
  ui,
}) => {
  const { page } = ui;
  await ui.launch({ queue: 'default', name: 'lab', jupyter: false, vscode: false });
  const row = ui.session('lab');
  await row.is('Connected');
  await ui.button('Settings').click();
  await page.getByLabel('Shells open in').selectOption({ label: 'A tab of this app' });
  await ui.button('Back to the sessions').click();
  await row.button('Shell').click();
  const first = page.getByRole('tabpanel', { name: 'lab', exact: true });
  await expect(first.getByText('root@')).toBeVisible();

  await ui.button('Tray').click();
  await page.getByRole('menuitem', { name: /^lab/ }).click();
  await page.getByRole('menuitem', { name: 'Shell', exact: true }).click();
  await expect(page.getByRole('tab', { name: 'lab 2' })).toHaveAttribute('aria-selected', 'true');
  await expect(page.getByRole('tabpanel', { name: 'lab 2' }).getByText('root@')).toBeVisible();
  await page.keyboard.press('Escape');
  await page.getByRole('tabpanel', { name: 'lab 2' }).click();
  await page.keyboard.press('Control+Shift+ArrowRight');
  await expect(page.getByRole('tab', { name: 'lab', exact: true })).toHaveAttribute('aria-selected', 'true');

  const ground = () =>
    page.evaluate("getComputedStyle(document.querySelector('.xterm-scrollable-element')).backgroundColor");
  const light = await ground();
  expect(light).toMatch(/^rgb/);
  await page.evaluate("document.documentElement.dataset.theme = 'dark'");
  await expect.poll(ground).not.toBe(light);

  await page.keyboard.type('bind "set enable-bracketed-paste off"; echo of"f"\n');
  await expect(first.getByText('off', { exact: true })).toBeVisible();
  await page.evaluate(`(() => {
    const clipboardData = new DataTransfer();
    clipboardData.setData('text/plain', 'echo one-$((1 + 1))\\necho two\\n');
    const paste = new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true });
    document.activeElement.dispatchEvent(paste);
  })()`);
  const question = page.getByRole('dialog', { name: 'Paste 2 lines?' });
  await expect(question).toContainText('echo two');
  await expect(first.getByText('one-2')).toHaveCount(0);
  await question.getByRole('button', { name: 'Paste' }).click();
  await expect(first.getByText('one-2')).toBeVisible();
});
